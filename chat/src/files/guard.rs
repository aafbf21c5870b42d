//! Which addresses that somebody typed may be asked for anything.

use super::address::is_public;
use domain::problem::AddressFault;
use std::net::IpAddr;
use url::Url;

/// Where connections may go.
#[derive(Clone, Copy, Default)]
pub(crate) struct Policy {
    /// For tests: this machine is allowed, on any port.
    pub loopback: bool,
    /// For addresses that the operator has set: wherever they lead.
    pub anywhere: bool,
}

impl Policy {
    /// Everything that can be said before the name is resolved. Numeric addresses are never
    /// resolved, so they are checked here; the URL parser has undone all their spellings.
    pub fn check_url(self, url: &Url) -> Result<(), AddressFault> {
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_plain = url.username().is_empty() && url.password().is_none();
        let Some(host) = url.host_str().filter(|_| is_web && is_plain) else {
            return Err(AddressFault::Shape);
        };
        if !self.loopback && !matches!(url.port_or_known_default(), Some(80 | 443)) {
            return Err(AddressFault::Shape);
        }
        // `127.0.0.1..` is a number to nobody and to the parser a name: let nobody else read it.
        if host.strip_suffix('.').unwrap_or(host).split('.').any(str::is_empty) {
            return Err(AddressFault::Shape);
        }
        match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            Ok(address) if !self.allows(address) => Err(AddressFault::Private),
            _ => Ok(()),
        }
    }

    pub fn allows(self, address: IpAddr) -> bool {
        self.anywhere || is_public(address) || self.loopback && address.is_loopback()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(url: &str) -> Option<AddressFault> {
        Policy::default().check_url(&Url::parse(url).ok()?).err()
    }

    #[test]
    fn an_address_is_checked_in_every_spelling() {
        for private in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://10.1/",
            "http://169.254.169.254/latest",
            "http://[64:ff9b::a00:1]/",
            "http://[2002:a00:1::]/",
            "http://①②⑦.0.0.1/",
            "https://192.168.0.1:443/",
            "http://127.0.0.1./",
        ] {
            assert_eq!(fault_of(private), Some(AddressFault::Private), "{private}");
        }
    }

    #[test]
    fn only_the_web_and_only_its_ports() {
        for odd in [
            "ftp://a.example/",
            "file:///etc/passwd",
            "gopher://a.example/",
            "http://a.example:25/",
            "http://a.example:8080/",
            "http://ana@a.example/",
            "http://:secret@a.example/",
            "data:image/png;base64,AA",
            "javascript:x",
            "http://127.0.0.1../",
            "http://a..example/",
        ] {
            assert_eq!(fault_of(odd), Some(AddressFault::Shape), "{odd}");
        }
        for good in ["http://a.example/", "https://a.example:443/x", "http://a.example:80/", "https://1.1.1.1/a.png"] {
            assert_eq!(fault_of(good), None, "{good}");
        }
    }
}

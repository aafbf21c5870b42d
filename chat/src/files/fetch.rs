//! Fetching a file from an address that somebody typed, without becoming a door into the
//! network we stand in: every address is checked after its name was resolved, and the
//! connection goes to exactly the addresses that were checked.

use super::address::is_public;
use crate::{Error, Result};
use bytes::{Bytes, BytesMut};
use domain::picture::MAX_BYTES;
use domain::problem::{AddressFault, PictureFault};
use domain::{Problem, Rule};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response, Url, header, redirect};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

const MAX_REDIRECTS: usize = 3;
const CONNECT: Duration = Duration::from_secs(3);
/// For everything together, redirects and the body included.
const TOTAL: Duration = Duration::from_secs(10);
/// The same on this machine, in tests: ten megabytes may take long where others compile.
const TOTAL_LOOPBACK: Duration = Duration::from_secs(120);

pub(super) struct Fetch {
    policy: Policy,
    /// Made when it is first needed: it reads the machine's certificates.
    client: OnceCell<Client>,
}

/// Where connections may go.
#[derive(Clone, Copy)]
struct Policy {
    /// For tests: this machine is allowed, on any port.
    loopback: bool,
}

impl Fetch {
    pub fn new(loopback: bool) -> Self {
        Self { policy: Policy { loopback }, client: OnceCell::new() }
    }

    /// The body behind an address: http or https, ports 80 and 443, at most three
    /// redirects, ten seconds and [`MAX_BYTES`].
    pub async fn get(&self, url: &str) -> Result<Bytes> {
        let url = Url::parse(url.trim()).map_err(|_| refused(AddressFault::Shape))?;
        let client = self.client.get_or_try_init(|| async { client(self.policy) }).await?;
        let answer = tokio::time::timeout(self.policy.total(), self.follow(client, url)).await;
        answer.map_err(|_| refused(AddressFault::NoAnswer))?
    }

    async fn follow(&self, client: &Client, mut url: Url) -> Result<Bytes> {
        for _ in 0..=MAX_REDIRECTS {
            self.policy.check_url(&url)?;
            let response = client.get(url.clone()).send().await.map_err(|cause| why(&cause))?;
            if !response.status().is_redirection() {
                return body(response).await;
            }
            let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            let next = location.and_then(|location| url.join(location).ok());
            url = next.ok_or_else(|| refused(AddressFault::NoAnswer))?;
        }
        Err(refused(AddressFault::TooManyRedirects))
    }
}

impl Policy {
    /// Everything that can be said before the name is resolved. Numeric addresses are never
    /// resolved, so they are checked here; the URL parser has undone all their spellings.
    fn check_url(self, url: &Url) -> Result<()> {
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_plain = url.username().is_empty() && url.password().is_none();
        let Some(host) = url.host_str().filter(|_| is_web && is_plain) else {
            return Err(refused(AddressFault::Shape));
        };
        if !self.loopback && !matches!(url.port_or_known_default(), Some(80 | 443)) {
            return Err(refused(AddressFault::Shape));
        }
        match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            Ok(address) if !self.allows(address) => Err(refused(AddressFault::Private)),
            _ => Ok(()),
        }
    }

    fn total(self) -> Duration {
        if self.loopback { TOTAL_LOOPBACK } else { TOTAL }
    }

    fn allows(self, address: IpAddr) -> bool {
        is_public(address) || self.loopback && address.is_loopback()
    }
}

/// Resolves a name and lets it pass only if all its addresses may be connected to.
struct Guard(Policy);

#[derive(Debug, thiserror::Error)]
#[error("the name leads into a private network")]
struct LeadsInside;

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().all(|address| policy.allows(address.ip())) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(LeadsInside.into())
            }
        })
    }
}

fn client(policy: Policy) -> Result<Client> {
    // Already installed by somebody else is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .dns_resolver(Arc::new(Guard(policy)))
        // A proxy would resolve the name again, by itself.
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .timeout(policy.total())
        .pool_max_idle_per_host(0)
        .user_agent(concat!("Salon/", env!("CARGO_PKG_VERSION"), " (pictures)"))
        .build()
        .map_err(|cause| {
            tracing::error!(%cause, "pictures cannot be fetched from addresses");
            Problem::Unavailable.into()
        })
}

async fn body(mut response: Response) -> Result<Bytes> {
    if !response.status().is_success() {
        return Err(refused(AddressFault::NoAnswer));
    }
    if response.content_length().is_some_and(|length| length > MAX_BYTES) {
        return Err(too_large());
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|cause| why(&cause))? {
        if (bytes.len() + chunk.len()) as u64 > MAX_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn why(cause: &reqwest::Error) -> Error {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(cause);
    while let Some(cause) = source {
        if cause.is::<LeadsInside>() {
            return refused(AddressFault::Private);
        }
        source = cause.source();
    }
    tracing::debug!(%cause, "a picture's address does not answer");
    refused(AddressFault::NoAnswer)
}

fn refused(fault: AddressFault) -> Error {
    Problem::invalid("url", Rule::Address { fault }).into()
}

fn too_large() -> Error {
    Problem::invalid("url", Rule::Picture { fault: PictureFault::TooManyBytes }).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(url: &str) -> Option<Problem> {
        let policy = Policy { loopback: false };
        match policy.check_url(&Url::parse(url).ok()?) {
            Ok(()) => None,
            Err(error) => Some(error.into_problem()),
        }
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
            let wanted = Problem::invalid("url", Rule::Address { fault: AddressFault::Private });
            assert_eq!(fault_of(private), Some(wanted), "{private}");
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
        ] {
            let wanted = Problem::invalid("url", Rule::Address { fault: AddressFault::Shape });
            assert_eq!(fault_of(odd), Some(wanted), "{odd}");
        }
        for good in ["http://a.example/", "https://a.example:443/x", "http://a.example:80/", "https://1.1.1.1/a.png"] {
            assert_eq!(fault_of(good), None, "{good}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
        let fetched = Fetch::new(false).get("http://localhost/x.png").await.map_err(Error::into_problem);
        assert_eq!(fetched, Err(Problem::invalid("url", Rule::Address { fault: AddressFault::Private })));
    }
}

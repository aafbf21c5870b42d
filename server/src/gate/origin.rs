//! Where a request may come from. Another site's page must not write in a visitor's name,
//! nor open a socket with their cookie; another host name must not be ours.

use crate::answer;
use crate::house::House;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN, UPGRADE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Problem;
use std::net::SocketAddr;

/// The addresses under which browsers reach this site: `scheme://host[:port]`, lower case,
/// without the scheme's own port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// # Errors
    /// A sentence for the operator: not an http(s) origin, or https mixed with http, where
    /// one cookie could not serve both.
    pub fn parse(list: &[String]) -> Result<Self, String> {
        let origins = list.iter().map(|text| normal(text)).collect::<Result<Vec<_>, _>>()?;
        let secure = origins.iter().filter(|o| o.starts_with("https://")).count();
        if secure != 0 && secure != origins.len() {
            return Err("--origin: give only https or only http addresses".into());
        }
        Ok(Self(origins))
    }

    /// What a browser on this machine calls a listener.
    pub fn of_listener(address: SocketAddr) -> Self {
        let mut origins = vec![format!("http://{address}")];
        if address.ip().is_loopback() {
            origins.push(format!("http://localhost:{}", address.port()));
        }
        Self(origins.iter().map(|o| normal(o).unwrap_or_else(|_| o.clone())).collect())
    }

    /// Whether the site is on https only.
    pub fn secure(&self) -> bool {
        self.0.first().is_some_and(|o| o.starts_with("https://"))
    }

    /// Where to send people.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    pub fn knows(&self, origin: &str) -> bool {
        // Browsers send it as it is kept here.
        self.0.iter().any(|own| own == origin) || normal(origin).is_ok_and(|origin| self.0.contains(&origin))
    }

    /// Whether `host` (`name[:port]`) is one of ours.
    pub fn knows_host(&self, host: &str) -> bool {
        let own = |own: &String| own.split_once("://").is_some_and(|(_, own)| own == host);
        if self.0.iter().any(own) {
            return true;
        }
        let scheme = if self.secure() { "https" } else { "http" };
        self.knows(&format!("{scheme}://{host}"))
    }

    /// The same addresses for sockets, for the content security policy.
    pub fn sockets(&self) -> Vec<String> {
        self.0.iter().map(|o| o.replacen("http", "ws", 1)).collect()
    }
}

fn normal(text: &str) -> Result<String, String> {
    let wrong = || format!("“{text}” is not an origin such as https://talk.example.org");
    let text = text.trim_end_matches('/').to_ascii_lowercase();
    let (scheme, host) = text.split_once("://").ok_or_else(wrong)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b);
    if !matches!(scheme, "http" | "https") || host.is_empty() || !host.bytes().all(plain) {
        return Err(wrong());
    }
    let own_port = if scheme == "https" { ":443" } else { ":80" };
    Ok(format!("{scheme}://{}", host.strip_suffix(own_port).unwrap_or(host)))
}

/// Refuses what comes from elsewhere, before any door sees it.
pub async fn check(State(house): State<House>, request: Request, next: Next) -> Response {
    let authority = request.uri().authority().map(|authority| authority.as_str());
    match fault(&house.origins, request.method(), authority, request.headers()) {
        None => next.run(request).await,
        Some(Fault::Host) => {
            (StatusCode::MISDIRECTED_REQUEST, "This host is not served here: see --origin.\n").into_response()
        }
        Some(Fault::Origin) => answer::problem(&Problem::NotAllowed),
    }
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is meant for another host.
    Host,
    /// Another site's page sent it.
    Origin,
}

/// `authority` is that of an address in full, which counts instead of the header.
pub fn fault(origins: &Origins, method: &Method, authority: Option<&str>, headers: &HeaderMap) -> Option<Fault> {
    let host = authority.or_else(|| one(headers, HOST.as_str()));
    if !host.is_some_and(|host| origins.knows_host(host)) {
        return Some(Fault::Host);
    }
    (!may(origins, method, headers)).then_some(Fault::Origin)
}

/// A header that is there exactly once and is text.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

/// Reading is free. Writing needs the browser's word that our own page asks
/// (`Sec-Fetch-Site`); browsers that do not give it name their origin. A socket carries
/// the cookie and is read by whoever opened it, so its origin must be named and known; unless a
/// program shows a token of its own, which no page can do: then cookies count for nothing.
fn may(origins: &Origins, method: &Method, headers: &HeaderMap) -> bool {
    let known = || one(headers, ORIGIN.as_str()).is_some_and(|origin| origins.knows(origin));
    let site = headers.get("sec-fetch-site").map(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    if headers.contains_key(UPGRADE) {
        return headers.contains_key(AUTHORIZATION) || known() && site.unwrap_or(true);
    }
    match *method {
        Method::GET | Method::HEAD | Method::OPTIONS => true,
        _ => site.unwrap_or_else(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_and_who_may_open_a_socket() {
        let origins = Origins::parse(&["https://talk.example".into()]).unwrap();
        let own = ("origin", "https://talk.example");
        let foreign = ("origin", "https://evil.example");
        let null = ("origin", "null");
        let same = ("sec-fetch-site", "same-origin");
        let typed = ("sec-fetch-site", "none");
        let cross = ("sec-fetch-site", "cross-site");
        let sibling = ("sec-fetch-site", "same-site");
        let up = ("upgrade", "websocket");
        for (method, list, expected) in [
            (Method::GET, vec![foreign, cross], true),
            (Method::POST, vec![own, same], true),
            (Method::POST, vec![null, same], true),
            (Method::POST, vec![typed], true),
            (Method::POST, vec![own], true),
            (Method::POST, vec![own, cross], false),
            (Method::POST, vec![own, sibling], false),
            (Method::POST, vec![foreign], false),
            (Method::POST, vec![null], false),
            (Method::POST, vec![], false),
            (Method::DELETE, vec![], false),
            (Method::GET, vec![up, own], true),
            (Method::GET, vec![up, own, same], true),
            (Method::GET, vec![up, own, cross], false),
            (Method::GET, vec![up, null, same], false),
            (Method::GET, vec![up, same], false),
            (Method::GET, vec![up, foreign], false),
            (Method::GET, vec![up], false),
            (Method::GET, vec![up, own, own], false),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &list {
                map.append(*name, value.parse().unwrap());
            }
            assert_eq!(may(&origins, &method, &map), expected, "{method} {list:?}");
        }
    }

    #[test]
    fn origins_are_compared_whole() {
        let origins = Origins::parse(&["http://Talk.example:8080/".into()]).unwrap();
        assert!(origins.knows("http://talk.example:8080"));
        assert!(origins.knows_host("talk.example:8080"));
        for other in ["https://talk.example:8080", "http://talk.example", "http://xtalk.example:8080", "null", ""] {
            assert!(!origins.knows(other), "{other}");
        }
        assert!(Origins::parse(&["https://a".into(), "http://b".into()]).is_err());
        assert!(Origins::parse(&["javascript:alert(1)".into()]).is_err());
        assert!(Origins::parse(&["https://a/path".into()]).is_err());
        let local = Origins::of_listener("127.0.0.1:3000".parse().unwrap());
        assert!(local.knows("http://localhost:3000") && local.knows_host("127.0.0.1:3000"));
    }
}

//! Where a facade stands. It knows no prefix of its own: what it says of itself is made from this.

use crate::gate::session::{Peer, address, agent};
use crate::house::House;
use axum::extract::{FromRequestParts, Path, Request};
use axum::http::header::{HOST, LOCATION, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chat::Visit;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::sync::Arc;

/// What stands before a facade's own paths: `/compat/webim`, or nothing at its own port.
#[derive(Clone, Debug)]
pub struct Mount(Arc<str>);

impl Mount {
    pub fn new(prefix: &str) -> Self {
        Self(prefix.into())
    }
}

/// The mount of a request, and the address under which its client reached it.
#[derive(Clone, Debug)]
pub struct Base {
    prefix: Arc<str>,
    /// `https://talk.example.org`, without a slash.
    origin: String,
    pub secure: bool,
    /// Asked by a page of another site, which the operator has named.
    is_foreign: bool,
}

impl Base {
    /// A path of the facade, as its client has to ask for it.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The same in full.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.prefix)
    }

    /// `302 Found`, without a body.
    pub fn redirect(&self, path: &str) -> Response {
        let place = HeaderValue::try_from(self.path(path)).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::FOUND, [(LOCATION, place)]).into_response()
    }

    /// A cookie of the facade's; `seconds`: how long it is kept, 0 to have it dropped.
    pub fn cookie(&self, name: &str, value: &str, seconds: i64) -> HeaderValue {
        let path = if self.prefix.is_empty() { "/" } else { &self.prefix };
        let rule = match (self.secure, self.is_foreign) {
            // Browsers send others along from pages of other sites never, or only so.
            (true, true) => "SameSite=None; Secure",
            (true, false) => "SameSite=Lax; Secure",
            (false, _) => "SameSite=Lax",
        };
        let cookie = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; {rule}");
        HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
    }
}

impl FromRequestParts<House> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Infallible> {
        let prefix = parts.extensions.get::<Mount>().map_or_else(|| "".into(), |mount| mount.0.clone());
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip().to_canonical());
        let by_proxy = peer.is_some_and(|peer| house.proxies.contains(&peer));
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let forwarded = header("x-forwarded-proto").filter(|_| by_proxy);
        let secure = forwarded.map_or(house.origins.secure(), |scheme| scheme == "https");
        let asked = header("x-forwarded-host").filter(|_| by_proxy).or_else(|| header(HOST.as_str()));
        let host = asked.filter(|host| host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b)));
        let scheme = if secure { "https" } else { "http" };
        let origin = host.map_or_else(|| house.origin.to_string(), |host| format!("{scheme}://{host}"));
        let is_foreign = header(ORIGIN.as_str()).is_some_and(|site| house.compat.options.knows_origin(site));
        Ok(Self { prefix, origin, secure, is_foreign })
    }
}

/// Where a request to a facade comes from.
#[derive(Clone, Debug)]
pub struct From(pub Visit);

impl FromRequestParts<House> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let address = address(peer, &parts.headers, &house.proxies);
        Ok(Self(Visit { address, user_agent: agent(&parts.headers) }))
    }
}

/// What the variable parts of a path name. What is no text names nothing, and is answered as any other
/// name that leads nowhere: each facade has words of its own for that.
#[derive(Clone, Debug)]
pub struct Named<T>(pub T);

impl<T: Default + DeserializeOwned + Send> FromRequestParts<House> for Named<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Infallible> {
        let named = Path::from_request_parts(parts, house).await;
        Ok(Self(named.map_or_else(|_| T::default(), |Path(named)| named)))
    }
}

/// A header that is there and is text.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A field of a request's query, decoded; the first if there are several.
pub fn query(request: &Request, name: &str) -> Option<String> {
    in_query(request.uri().query().unwrap_or_default(), name)
}

/// The same in a query.
pub fn in_query(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

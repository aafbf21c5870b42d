//! From a request to a WebSocket (RFC 6455 §4.2), on the connection itself: axum's own would
//! keep it in a box that cannot be written to directly.

use crate::accept::Connection;
use crate::answer;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{
    CONNECTION, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version};
use axum::response::Response;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// A request that asks for a WebSocket as it should.
pub struct Upgrade {
    accept: HeaderValue,
    connection: OnUpgrade,
    /// Whether the client named our protocol.
    speaks: bool,
}

/// Our protocol, for browsers that name one: who offers some has to be answered with one of them
/// (RFC 6455 §4.2.2).
const PROTOCOL: &str = "salon";
/// What stands before a frame's token, offered beside it.
const TOKEN: &str = "token.";

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if !asks(parts.version, &parts.headers) {
            return Err(required());
        }
        let connection = parts.extensions.remove::<OnUpgrade>();
        match (accept(&parts.headers), connection) {
            (Some(accept), Some(connection)) => Ok(Self { accept, connection, speaks: speaks(&parts.headers) }),
            _ => Err(answer::problem(&answer::malformed())),
        }
    }
}

/// Whether a request asks for a WebSocket. What the handshake has to hold besides was seen to
/// by `gate::shape`.
pub fn asks(version: Version, headers: &HeaderMap) -> bool {
    let asks = names(headers, CONNECTION, "upgrade") && names(headers, UPGRADE, "websocket");
    asks && version == Version::HTTP_11
}

/// Whether our protocol is named, as the page of a frame does.
pub fn speaks(headers: &HeaderMap) -> bool {
    names(headers, SEC_WEBSOCKET_PROTOCOL, PROTOCOL)
}

/// The token that a frame shows.
pub fn frame_token(headers: &HeaderMap) -> Option<String> {
    let offered = headers.get_all(SEC_WEBSOCKET_PROTOCOL).into_iter().filter_map(|value| value.to_str().ok());
    offered.flat_map(|value| value.split(',')).find_map(|part| part.trim().strip_prefix(TOKEN).map(str::to_owned))
}

/// The answer to the handshake's key.
pub fn accept(headers: &HeaderMap) -> Option<HeaderValue> {
    let accept = derive_accept_key(headers.get(SEC_WEBSOCKET_KEY)?.as_bytes());
    HeaderValue::try_from(accept).ok()
}

/// The headers that take the request up.
pub fn switched(accept: HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    headers
}

impl Upgrade {
    /// Answers the request, and gives `run` the connection when the answer is out, with what
    /// arrived together with the request.
    pub fn then<F>(self, run: impl FnOnce(TcpStream, Vec<u8>) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        tokio::spawn(async move {
            let upgraded = match self.connection.await {
                Ok(upgraded) => upgraded,
                Err(cause) => return tracing::debug!(%cause, "a socket did not come about"),
            };
            match upgraded.downcast::<TokioIo<Connection>>() {
                Ok(parts) => run(parts.io.into_inner().into_inner(), parts.read_buf.to_vec()).await,
                Err(_) => tracing::error!("a socket came by another way than the accept loop"),
            }
        });
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        *response.headers_mut() = switched(self.accept);
        if self.speaks {
            response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
        }
        response
    }
}

/// Says what is spoken here (RFC 9110 §15.5.22, RFC 6455 §4.4).
fn required() -> Response {
    let mut response = answer::problem(&answer::malformed());
    *response.status_mut() = StatusCode::UPGRADE_REQUIRED;
    response.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
    response.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    response
}

/// Whether a header's list has this word.
fn names(headers: &HeaderMap, header: HeaderName, word: &str) -> bool {
    let values = headers.get_all(header).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
}

//! What every request has to look like, whatever it asks for. hyper reads leniently where two
//! readings are possible; here such a request is refused, and its connection closed, so that
//! nobody in front of us can have read another one.

use axum::extract::Request;
use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, TRANSFER_ENCODING, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Most bytes of all headers together. What reads them has a limit of its own, but reads ahead.
const HEADER_BYTES: usize = 32 * 1024;
/// The only version of WebSockets (RFC 6455 §4.1).
const WEBSOCKET: &str = "13";

pub async fn check(request: Request, next: Next) -> Response {
    match fault(request.version(), request.headers()) {
        None => next.run(request).await,
        Some((status, words)) => refuse(status, words),
    }
}

fn refuse(status: StatusCode, words: &'static str) -> Response {
    let mut response = (status, words).into_response();
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    if status == StatusCode::UPGRADE_REQUIRED {
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static(WEBSOCKET));
    }
    response
}

/// What is wrong with a request, and how that is answered.
pub fn fault(version: Version, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
    let bad = |words| Some((StatusCode::BAD_REQUEST, words));
    if bytes(headers) > HEADER_BYTES {
        return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too long.\n"));
    }
    // RFC 9112 §3.2.
    let hosts = count(headers, HOST);
    if hosts > 1 || hosts == 0 && version == Version::HTTP_11 {
        return bad("A request names one host.\n");
    }
    if is_websocket(headers) { handshake_fault(headers) } else { None }
}

fn bytes(headers: &HeaderMap) -> usize {
    // With colon, blank and line end.
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

fn count(headers: &HeaderMap, name: HeaderName) -> usize {
    headers.get_all(name).iter().count()
}

fn is_websocket(headers: &HeaderMap) -> bool {
    headers.get_all(UPGRADE).iter().any(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// RFC 6455 §4.2.1. What follows the headers is the first frame: a body would be read as one.
fn handshake_fault(headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
    let is_version = |value: &HeaderValue| value.as_bytes() == WEBSOCKET.as_bytes();
    if count(headers, SEC_WEBSOCKET_VERSION) != 1 || !headers.get(SEC_WEBSOCKET_VERSION).is_some_and(is_version) {
        return Some((StatusCode::UPGRADE_REQUIRED, "WebSockets of version 13 are spoken here.\n"));
    }
    let is_key = |value: &HeaderValue| STANDARD.decode(value.as_bytes()).is_ok_and(|key| key.len() == 16);
    if count(headers, SEC_WEBSOCKET_KEY) != 1 || !headers.get(SEC_WEBSOCKET_KEY).is_some_and(is_key) {
        return Some((StatusCode::BAD_REQUEST, "The handshake has no proper key.\n"));
    }
    let has_body = headers.contains_key(TRANSFER_ENCODING)
        || headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    has_body.then_some((StatusCode::BAD_REQUEST, "A handshake has no body.\n"))
}

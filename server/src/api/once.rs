//! `Idempotency-Key`: a request that changes something and comes again is answered as the first
//! time, for a day.

use super::fault::{Fault, of_protocol};
use crate::compat::door::bearer;
use crate::house::House;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chat::Once;
use domain::{ClientId, Problem, Rule};
use sha2::{Digest, Sha256};

const KEY: &str = "idempotency-key";
/// Longest key, in characters.
const MAX_KEY: usize = 200;
/// Longest body of such a request, in bytes: it is in memory as a whole.
const MOST_BYTES: usize = super::PICTURE_BYTES;
/// How the addresses end whose answers hold a secret that is shown once: a session's token, a webhook's secret.
/// They are never kept, so a request that comes again is done again.
const SHOWN_ONCE: [&str; 4] = ["/sessions", "/webhooks", "/rotate", "/tickets"];
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The name of a message: from the request's key, so that the message is said once even if the answer
/// was never kept; else a new one.
pub fn client_id(headers: &HeaderMap) -> Result<ClientId, Problem> {
    let name = match key(headers)? {
        Some(key) => hex(&Sha256::digest(key.as_bytes())),
        None => hex(&rand::random::<[u8; 16]>()),
    };
    ClientId::parse(&format!("api-{}", &name[..32]))
}

/// Answers what was asked before as it was answered then.
pub async fn remember(State(house): State<House>, request: Request, next: Next) -> Response {
    let changes = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE);
    if !changes || SHOWN_ONCE.iter().any(|end| request.uri().path().ends_with(end)) {
        return next.run(request).await;
    }
    let key = match key(request.headers()) {
        Ok(Some(key)) => key.to_owned(),
        Ok(None) => return next.run(request).await,
        Err(problem) => return Fault(problem).into_response(),
    };
    // What strangers send is not kept for them.
    match is_known(&house, request.headers()).await {
        Ok(true) => {}
        Ok(false) => return next.run(request).await,
        Err(error) => return Fault::from(error).into_response(),
    }
    match once(&house, &key, request, next).await {
        Ok(response) | Err(response) => response,
    }
}

async fn is_known(house: &House, headers: &HeaderMap) -> chat::Result<bool> {
    let token = headers.get(AUTHORIZATION).and_then(|value| bearer(value.to_str().ok()?));
    match token {
        Some(token) => Ok(house.chat.bearer(token).await?.is_some()),
        None => Ok(false),
    }
}

async fn once(house: &House, key: &str, request: Request, next: Next) -> Result<Response, Response> {
    let broken = |error: chat::Error| Fault::from(error).into_response();
    let (parts, body) = request.into_parts();
    let bearer = parts.headers.get(AUTHORIZATION).map(|value| hex(&Sha256::digest(value.as_bytes())));
    let name = format!("{}\n{key}", bearer.unwrap_or_default());
    let bytes = to_bytes(body, MOST_BYTES).await;
    let bytes = bytes.map_err(|_| Fault(Problem::TooLarge { limit: MOST_BYTES as u64 }).into_response())?;
    let asked = format!("{} {}\n{}", parts.method, parts.uri, hex(&Sha256::digest(&bytes)));
    match house.chat.begin_once(&name, &asked).await.map_err(broken)? {
        Once::New => {}
        Once::Done { status, answer } => return Ok(replayed(status, answer)),
        Once::Running => return Err(of_protocol(StatusCode::CONFLICT, "still_running")),
        Once::Different => return Err(of_protocol(StatusCode::UNPROCESSABLE_ENTITY, "key_used_differently")),
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // What the house could not do may be tried again; and what was too fast.
    let is_final = !parts.status.is_server_error() && parts.status != StatusCode::TOO_MANY_REQUESTS;
    let answer = std::str::from_utf8(&bytes).ok().filter(|_| is_final).map(|text| (parts.status.as_u16(), text));
    house.chat.finish_once(&name, answer).await.map_err(broken)?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replayed(status: u16, answer: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = if status.is_client_error() { "application/problem+json" } else { "application/json" };
    let has_body = !answer.is_empty();
    let mut response = (status, answer).into_response();
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    if has_body {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    } else {
        response.headers_mut().remove(CONTENT_TYPE);
    }
    response
}

fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len()));
    key.map(Some).ok_or_else(|| Problem::invalid(KEY, Rule::Shape))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

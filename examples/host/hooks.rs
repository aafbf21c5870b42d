//! What Salon asks of this site, and what it tells.

use crate::Site;
use crate::signature::{is_from_salon, of_answer, of_question};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::{Arc, PoisonError};

/// How many events are remembered.
const REMEMBERED: usize = 100;

/// Something happened in the room. What fails here comes again, so an event may come twice: its
/// `delivery` tells.
pub async fn webhook(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if !is_from_salon(&site.webhook_secret, &headers, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(event) = serde_json::from_slice::<Value>(&body) else { return StatusCode::BAD_REQUEST };
    let mut told = site.told.lock().unwrap_or_else(PoisonError::into_inner);
    if !told.iter().any(|known| known["delivery"] == event["delivery"]) {
        told.push(event);
    }
    let old = told.len().saturating_sub(REMEMBERED);
    told.drain(..old);
    StatusCode::NO_CONTENT
}

/// Somebody is about to say something in a room.
pub async fn before_send(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(question) = of_question(&site.secret, &headers, &body) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = asked["text"].as_str().unwrap_or_default().to_lowercase();
    let verdict = if text.contains("spoiler") {
        json!({ "verdict": "refuse", "reason": "No spoilers here, please." })
    } else if text.contains("http://") {
        json!({ "verdict": "hold" })
    } else {
        json!({ "verdict": "pass" })
    };
    signed(&site, &question, &verdict)
}

/// Somebody of an old webim client logs in: here everybody may who gives their own name as password.
pub async fn login(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(question) = of_question(&site.secret, &headers, &body) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    if asked["name"] != asked["password"] {
        return StatusCode::FORBIDDEN.into_response();
    }
    signed(&site, &question, &json!({ "name": asked["name"], "room": asked["room"], "role": "user", "info": "" }))
}

fn signed(site: &Site, question: &str, answer: &Value) -> Response {
    let body = answer.to_string();
    let mark = of_answer(&site.secret, question, body.as_bytes());
    ([("x-salon-signature", mark), ("content-type", "application/json".to_owned())], body).into_response()
}

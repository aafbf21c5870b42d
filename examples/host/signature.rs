//! Checking what Salon has signed, and signing what it is answered: HMAC-SHA256.

use axum::http::HeaderMap;
use ring::hmac::{HMAC_SHA256, Key, sign, verify};
use std::time::{SystemTime, UNIX_EPOCH};

/// Older questions are somebody's copy, in seconds.
const MAX_AGE: u64 = 300;

/// The signature of a question that Salon has asked a moment ago: `sha256=…` over `<time>.<body>`.
pub fn of_question(secret: &[u8], headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let (time, mark) = (header("x-salon-timestamp")?, header("x-salon-signature")?);
    let is_right = is_recent(time) && is_signed(secret, time, body, mark.strip_prefix("sha256=")?);
    is_right.then(|| mark.to_owned())
}

/// The mark of an answer, bound to its question.
pub fn of_answer(secret: &[u8], question: &str, body: &[u8]) -> String {
    let tag = sign(&Key::new(HMAC_SHA256, secret), &[question.as_bytes(), b".", body].concat());
    format!("sha256={}", hex(tag.as_ref()))
}

/// Whether a webhook comes from Salon: `t=<time>,v1=<hex>` over `<time>.<body>`; while a secret is
/// being changed there are two `v1`.
pub fn is_from_salon(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let Some(mark) = headers.get("x-salon-signature").and_then(|value| value.to_str().ok()) else { return false };
    let parts: Vec<(&str, &str)> = mark.split(',').filter_map(|part| part.split_once('=')).collect();
    let Some((_, time)) = parts.iter().find(|(name, _)| *name == "t") else { return false };
    let one = |(name, hex): &(&str, &str)| *name == "v1" && is_signed(secret.as_bytes(), time, body, hex);
    is_recent(time) && parts.iter().any(one)
}

/// With no secret nothing is: anybody could sign with that.
fn is_signed(secret: &[u8], time: &str, body: &[u8], digits: &str) -> bool {
    if secret.is_empty() {
        return false;
    }
    let pair = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let Some(tag) = (0..digits.len()).step_by(2).map(pair).collect::<Option<Vec<u8>>>() else { return false };
    verify(&Key::new(HMAC_SHA256, secret), &[time.as_bytes(), b".", body].concat(), &tag).is_ok()
}

#[expect(clippy::disallowed_methods, reason = "another program, with the time of its machine")]
fn is_recent(time: &str) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    time.parse::<u64>().is_ok_and(|then| now.abs_diff(then) <= MAX_AGE)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

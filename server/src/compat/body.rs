//! What clients of old protocols send: JSON, forms and multipart, all read into one kind of fields.
//! Nothing here fails with a status: each facade answers in its own words.

use axum::body::{Bytes, to_bytes};
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

/// Longest body without a file, in bytes.
pub const FIELDS_BYTES: usize = 256 * 1024;

/// How much longer a form may be than what is in it.
pub const ENVELOPES: usize = 64 * 1024;

/// The fields of a body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(pub Map<String, Value>);

impl Fields {
    /// A field as text: a string as it is, a number in decimal; `None` if it is missing or neither.
    pub fn text(&self, name: &str) -> Option<String> {
        text(self.0.get(name)?)
    }

    /// A field as a whole number: a number, or a string with one.
    pub fn number(&self, name: &str) -> Option<i64> {
        number(self.0.get(name)?)
    }
}

/// A value as text: a string as it is, a number in decimal.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A value as a whole number: a number, or a string with one.
pub fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    TooLarge,
    /// Not what its type says, or of a type that nobody sends.
    Malformed,
}

/// Whether a body says itself that it is longer than so many bytes: then nobody has to wait for it.
pub fn is_longer(headers: &HeaderMap, limit: usize) -> bool {
    let said = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    said.is_some_and(|said| said > limit as u64)
}

/// Reads a body without files, whatever way it is written. An empty one has no fields.
///
/// # Errors
/// [`Unreadable`].
pub async fn fields(mut request: Request) -> Result<Fields, Unreadable> {
    if is_longer(request.headers(), FIELDS_BYTES + ENVELOPES) {
        return Err(Unreadable::TooLarge);
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        // Also what is around the fields is kept until the next one begins.
        DefaultBodyLimit::max(FIELDS_BYTES + ENVELOPES).apply(&mut request);
        return multipart(request).await;
    }
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    let bytes = whole(request, FIELDS_BYTES).await?;
    if bytes.is_empty() {
        return Ok(Fields::default());
    }
    // Some clients name no type, or the wrong one, for JSON.
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => Ok(Fields(fields)),
        _ if is_form => Ok(form(&bytes)),
        _ => Err(Unreadable::Malformed),
    }
}

/// A whole body.
///
/// # Errors
/// [`Unreadable`].
pub async fn whole(request: Request, limit: usize) -> Result<Bytes, Unreadable> {
    // Of its failures the length is by far the likeliest; a client that has gone reads neither.
    to_bytes(request.into_body(), limit).await.map_err(|_| Unreadable::TooLarge)
}

fn form(bytes: &[u8]) -> Fields {
    Fields(form_urlencoded::parse(bytes).map(|(key, value)| (key.into_owned(), Value::from(value.as_ref()))).collect())
}

async fn multipart(request: Request) -> Result<Fields, Unreadable> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Unreadable::Malformed)?;
    let (mut fields, mut length) = (Map::new(), 0);
    while let Some(mut part) = parts.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            length += chunk.len();
            if length > FIELDS_BYTES {
                return Err(Unreadable::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        fields.insert(name, String::from_utf8(bytes).map_err(|_| Unreadable::Malformed)?.into());
    }
    Ok(Fields(fields))
}

fn unreadable(error: MultipartError) -> Unreadable {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Unreadable::TooLarge } else { Unreadable::Malformed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    async fn read(kind: &str, body: &str) -> Result<Fields, Unreadable> {
        let request = Request::builder().header(CONTENT_TYPE, kind).body(Body::from(body.to_owned()));
        fields(request.expect("a request")).await
    }

    #[tokio::test]
    async fn all_ways_to_write_fields_are_one() {
        let multipart = "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\n小明\r\n\
            --b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n7\r\n--b--\r\n";
        for (kind, body) in [
            ("application/json", r#"{"user":"小明","n":7}"#),
            ("text/plain", r#"{"user":"小明","n":7}"#),
            ("application/x-www-form-urlencoded", r#"{"user":"小明","n":"7"}"#),
            ("application/x-www-form-urlencoded", "user=%E5%B0%8F%E6%98%8E&n=7"),
            ("multipart/form-data; boundary=b", multipart),
        ] {
            let fields = read(kind, body).await.expect("fields");
            assert_eq!((fields.text("user").as_deref(), fields.number("n")), (Some("小明"), Some(7)), "{kind}");
            assert_eq!((fields.text("none"), fields.number("user")), (None, None));
        }
    }

    #[tokio::test]
    async fn what_is_no_fields_is_told_apart() {
        for (kind, body) in [
            ("application/json", "{"),
            ("application/json", "[1]"),
            ("text/plain", "hello"),
            ("multipart/form-data; boundary=b", "--b\r\nnonsense"),
        ] {
            assert_eq!(read(kind, body).await, Err(Unreadable::Malformed), "{kind} {body}");
        }
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(FIELDS_BYTES));
        assert_eq!(read("application/json", &long).await, Err(Unreadable::TooLarge));
        assert_eq!(read("application/json", "").await, Ok(Fields::default()));
        let unbounded = "x".repeat(FIELDS_BYTES + ENVELOPES + 1);
        let nameless = format!("--b\r\nContent-Disposition: {unbounded}");
        for body in [&unbounded, &nameless] {
            assert_eq!(
                read("multipart/form-data; boundary=b", body).await,
                Err(Unreadable::TooLarge),
                "no field begins"
            );
        }
    }
}

//! What of a file is asked for, and answers that are files.

use crate::media::SANDBOX;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_RANGE,
    RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

/// A file as it is answered.
#[derive(Clone, Copy, Debug)]
pub struct Served<'a> {
    /// With its quotes; another content has another one.
    pub tag: &'a str,
    pub media_type: &'a str,
    /// In bytes.
    pub length: u64,
}

/// The file, or the range of it that was asked for; `body` gives its bytes from, up to but not with.
pub fn answer(headers: &HeaderMap, file: Served<'_>, body: impl FnOnce(u64, u64) -> Body) -> Response {
    let length = file.length;
    match wanted(headers, file.tag, length) {
        Wanted::All => {
            let mut response = dressed(StatusCode::OK, body(0, length), file);
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
            response
        }
        Wanted::Part(from, to) => {
            let mut response = dressed(StatusCode::PARTIAL_CONTENT, body(from, to), file);
            response.headers_mut().insert(CONTENT_LENGTH, (to - from).into());
            say(&mut response, &format!("bytes {from}-{}/{length}", to - 1));
            response
        }
        Wanted::Beyond => {
            let mut response = dressed(StatusCode::RANGE_NOT_SATISFIABLE, Body::empty(), file);
            say(&mut response, &format!("bytes */{length}"));
            response
        }
    }
}

/// An answer about a file: kept by browsers, asked for again each time, and able to do nothing if
/// it is opened as a page.
pub fn dressed(status: StatusCode, body: Body, file: Served<'_>) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    for (name, value) in [(ETAG, file.tag), (CONTENT_TYPE, file.media_type)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

fn say(response: &mut Response, range: &str) {
    if let Ok(range) = HeaderValue::from_str(range) {
        response.headers_mut().insert(CONTENT_RANGE, range);
    }
}

/// What of a file is asked for (RFC 9110 §14).
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    /// From, up to but not with.
    Part(u64, u64),
    /// Nothing of it is there.
    Beyond,
}

/// Several ranges at once, and what cannot be read, are answered with everything.
fn wanted(headers: &HeaderMap, tag: &str, length: u64) -> Wanted {
    let word = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    // Half of one file and half of another is no file.
    if word(IF_RANGE).is_some_and(|known| known != tag) {
        return Wanted::All;
    }
    match word(RANGE).and_then(|range| range.trim().strip_prefix("bytes=")) {
        Some(range) => part(range, length).unwrap_or(Wanted::All),
        None => Wanted::All,
    }
}

fn part(range: &str, length: u64) -> Option<Wanted> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let (from, last) = range.trim().split_once('-')?;
    let (from, to) = match (from, last) {
        ("", count) => {
            let count = number(count)?;
            if count == 0 {
                return Some(Wanted::Beyond);
            }
            (length.saturating_sub(count), length)
        }
        (from, "") => (number(from)?, length),
        (from, last) => {
            let (from, last) = (number(from)?, number(last)?);
            if last < from {
                return None;
            }
            (from, last.saturating_add(1).min(length))
        }
    };
    Some(if from < to { Wanted::Part(from, to) } else { Wanted::Beyond })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_str(range).unwrap());
        wanted(&headers, "\"a\"", 1_000)
    }

    #[test]
    fn ranges() {
        for (range, answer) in [
            ("bytes=0-", Wanted::Part(0, 1_000)),
            ("bytes=0-0", Wanted::Part(0, 1)),
            ("bytes=10-19", Wanted::Part(10, 20)),
            ("bytes=990-5000", Wanted::Part(990, 1_000)),
            ("bytes=-10", Wanted::Part(990, 1_000)),
            ("bytes=-5000", Wanted::Part(0, 1_000)),
            ("bytes=999-18446744073709551615", Wanted::Part(999, 1_000)),
            ("bytes=1000-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=5-4", Wanted::All),
            ("bytes=0-1,5-6", Wanted::All),
            ("bytes=-", Wanted::All),
            ("bytes=+1-2", Wanted::All),
            ("bytes=99999999999999999999-", Wanted::All),
            ("lines=1-2", Wanted::All),
        ] {
            assert_eq!(asked(range), answer, "{range}");
        }
    }

    #[test]
    fn a_range_of_another_file_is_not_given() {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static("bytes=5-6"));
        headers.insert(IF_RANGE, HeaderValue::from_static("\"b\""));
        assert_eq!(wanted(&headers, "\"a\"", 1_000), Wanted::All);
        assert_eq!(wanted(&headers, "\"b\"", 1_000), Wanted::Part(5, 7));
    }
}

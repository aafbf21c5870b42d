//! How a refusal leaves the house: the status that says the same, and the problem as JSON.

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Problem, Rule, Thing};

/// Seconds after which a caller may ask again when we cannot answer now.
const COME_BACK_S: u64 = 5;

/// A refusal on its way out: `?` turns the house's errors into it.
pub struct Refusal(pub Problem);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<chat::Error> for Refusal {
    fn from(error: chat::Error) -> Self {
        Self(error.into_problem())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        problem(&self.0)
    }
}

pub fn status_of(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The problem as JSON under its own status, with `Retry-After` where waiting helps.
pub fn problem(problem: &Problem) -> Response {
    let mut response = (status_of(problem), axum::Json(problem)).into_response();
    if let Some(seconds) = wait_of(problem) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn wait_of(problem: &Problem) -> Option<u64> {
    match problem {
        Problem::Unavailable => Some(COME_BACK_S),
        problem => problem.wait_ms().map(|wait_ms| wait_ms.div_ceil(1_000).max(1)),
    }
}

pub fn no_such_page() -> Response {
    problem(&Problem::not_found(Thing::Page))
}

/// What a body that is not what the door expects comes to.
pub fn malformed() -> Problem {
    Problem::invalid("body", Rule::Shape)
}

/// Whether the asker is a browser that wants to show a page, not a script.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
}

/// `303 See other`: the browser shows `path` with a GET. `path` is one of ours.
pub fn see(path: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, place);
    response
}

/// Where a form's answer is shown: the `from` of its query when that is a path of this
/// site, else the front page. An earlier refusal in it is dropped.
pub fn landing(query: Option<&str>) -> String {
    let from = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(key, _)| key == "from")
        .map(|(_, value)| value.into_owned());
    match from {
        Some(path) if is_own_path(&path) => without_refusal(&path),
        _ => "/".to_owned(),
    }
}

/// Begins with one `/`, so that no browser takes it for another host, and holds nothing
/// that could end a header line.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 2_048
        && path.bytes().all(|b| b > 0x20 && b < 0x7F && b != b'\\')
}

fn without_refusal(path: &str) -> String {
    let path = path.split('#').next().unwrap_or("/");
    let Some((place, query)) = path.split_once('?') else { return path.to_owned() };
    let kept: Vec<(_, _)> =
        form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key != "problem" && key != "call").collect();
    if kept.is_empty() {
        return place.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    format!("{place}?{query}")
}

/// `landing` with the refusal of `call` in its query, for the page to show at the field.
pub fn with_refusal(landing: &str, call: &str, problem: &Problem) -> String {
    let json = serde_json::to_string(problem).unwrap_or_default();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("problem", &json)
        .append_pair("call", call)
        .finish();
    let joint = if landing.contains('?') { '&' } else { '?' };
    format!("{landing}{joint}{query}")
}

/// Whether this response is one that we made as JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_landed_on() {
        for (query, place) in [
            ("from=/r/hall", "/r/hall"),
            ("from=%2Fr%2Fhall%3Ftab%3Dpictures", "/r/hall?tab=pictures"),
            ("from=/r/hall?problem=x%26call=y", "/r/hall"),
            ("from=//evil.example", "/"),
            ("from=https://evil.example", "/"),
            ("from=/%5Cevil.example", "/"),
            ("from=/a%0d%0aSet-Cookie:x", "/"),
            ("", "/"),
        ] {
            assert_eq!(landing(Some(query)), place, "{query}");
        }
    }

    #[test]
    fn a_refusal_travels_in_the_query() {
        let place = with_refusal("/sign-in?from=%2F", "sign-in", &Problem::WrongCredentials);
        assert_eq!(place, "/sign-in?from=%2F&problem=%7B%22code%22%3A%22wrong_credentials%22%7D&call=sign-in");
        assert_eq!(without_refusal(&place), "/sign-in?from=%2F");
    }
}

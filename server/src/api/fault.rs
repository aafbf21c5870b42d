//! Refusals as problem details (RFC 9457). `code` is the word to program against; it never changes.

use crate::answer::{malformed, status_of};
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Problem, Rule, Thing};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Why a request was refused; nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// Names the kind of problem: `urn:salon:problem:` and the code.
    #[schema(example = "urn:salon:problem:not_found")]
    r#type: String,
    /// The same in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// The word to program against; it never changes.
    #[schema(example = "not_found")]
    code: &'static str,
    /// What belongs to the code: `field` and `rule` of `invalid`, `thing` of `not_found` and
    /// `taken`, `wait_ms` of `too_fast`, `limit` of `too_large`, `reason` of `objected`, `muted` and
    /// `removed`, `reference` of `broken`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    more: Map<String, Value>,
}

/// A refusal on its way out: `?` turns the house's errors into it.
#[derive(Debug)]
pub struct Fault(pub Problem);

pub type Answer<T> = Result<T, Fault>;

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<chat::Error> for Fault {
    fn from(error: chat::Error) -> Self {
        Self(error.into_problem())
    }
}

impl From<JsonRejection> for Fault {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self(Problem::TooLarge { limit: super::BODY_BYTES as u64 }),
            _ => Self(malformed()),
        }
    }
}

impl From<QueryRejection> for Fault {
    fn from(_: QueryRejection) -> Self {
        Self(Problem::invalid("query", Rule::Shape))
    }
}

impl From<PathRejection> for Fault {
    fn from(_: PathRejection) -> Self {
        Self(Problem::not_found(Thing::Page))
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let problem = self.0;
        let status = status_of(&problem);
        let mut response = details(status, problem.code(), fields(&problem));
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let wait = problem.wait_ms().map(|wait| wait.div_ceil(1_000).max(1));
        if let Some(seconds) = wait.or((problem == Problem::Unavailable).then_some(5)) {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A problem of the protocol rather than of the house.
pub fn of_protocol(status: StatusCode, code: &'static str) -> Response {
    details(status, code, Map::new())
}

fn details(status: StatusCode, code: &'static str, more: Map<String, Value>) -> Response {
    let title = status.canonical_reason().unwrap_or(code).to_owned();
    let details = Details { r#type: format!("urn:salon:problem:{code}"), title, status: status.as_u16(), code, more };
    let mut response = (status, axum::Json(details)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// What a problem says besides its code.
fn fields(problem: &Problem) -> Map<String, Value> {
    let mut fields = match serde_json::to_value(problem) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    fields.remove("code");
    fields
}

pub async fn no_such_address() -> Response {
    Fault(Problem::not_found(Thing::Page)).into_response()
}

pub async fn no_such_method() -> Response {
    of_protocol(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
}

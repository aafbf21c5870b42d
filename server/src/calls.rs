//! `/call/<endpoint>`: the page's own calls, for scripts and for forms without them.
//!
//! Leptos answers scripts; it never sees that a form was posted without JavaScript. What
//! a form needs is made here from the same answer: a redirect to where the call lands, or
//! back to where the form is, with the refusal in the query. (Leptos' own way would send
//! people to the `Referer`, which privacy settings often remove.)

use crate::answer::{self, Refusal};
use crate::gate::limits::CALL_BYTES;
use crate::house::House;
use crate::pages;
use app::calls::Visitor;
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderName, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Problem, Thing};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;

pub const PREFIX: &str = "/call/";

pub async fn call(State(house): State<House>, Extension(visitor): Extension<Visitor>, request: Request) -> Response {
    let for_page = answer::wants_page(request.headers());
    let landing = answer::landing(request.uri().query());
    let endpoint = request.uri().path().trim_start_matches(PREFIX).to_owned();
    let outcome = match run(&house, visitor, request).await {
        Ok(response) => outcome(response).await,
        Err(problem) => Outcome::Refused(HeaderMap::new(), problem),
    };
    match outcome {
        Outcome::Done(response) if for_page => land(&response, &landing),
        Outcome::Done(response) => response,
        Outcome::Refused(headers, problem) if for_page => {
            keep_cookies(answer::see(&answer::with_refusal(&landing, &endpoint, &problem)), &headers)
        }
        Outcome::Refused(headers, problem) => refuse(&headers, &problem),
    }
}

/// What a call came to.
enum Outcome {
    Done(Response),
    Refused(HeaderMap, Problem),
}

/// Checks the envelope and lets Leptos do the rest.
async fn run(house: &House, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let path = request.uri().path();
    if leptos::server_fn::axum::get_server_fn_service(path, Method::POST).is_none() {
        return Err(Problem::not_found(Thing::Page));
    }
    let (mut parts, body) = request.into_parts();
    if !is_form(&parts.headers) {
        return Err(answer::malformed());
    }
    let body = to_bytes(body, CALL_BYTES).await.map_err(|cause| body_problem(&cause))?;
    if std::str::from_utf8(&body).is_err() {
        return Err(answer::malformed());
    }
    parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let contexts = pages::contexts(house, &visitor);
    let request = Request::from_parts(parts, Body::from(body));
    Ok(leptos_axum::handle_server_fns_with_context(contexts, request).await.into_response())
}

/// Every call is a form: also a script's, so that both are read by one reader.
fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// Too large, or it stopped arriving.
fn body_problem(cause: &axum::Error) -> Problem {
    if crate::upload::is_over_limit(cause) {
        Problem::TooLarge { limit: CALL_BYTES as u64 }
    } else {
        answer::malformed()
    }
}

/// Leptos marks a refusal with a header; its body is the problem. A status that a call has
/// set besides an answer is meant for pages: a script would take it for a refusal.
async fn outcome(mut response: Response) -> Outcome {
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        *response.status_mut() = StatusCode::OK;
        return Outcome::Done(response);
    }
    let (parts, body) = response.into_parts();
    let problem = match to_bytes(body, CALL_BYTES).await {
        Ok(json) => serde_json::from_slice(&json).unwrap_or(Problem::Unavailable),
        Err(_) => Problem::Unavailable,
    };
    Outcome::Refused(parts.headers, problem)
}

fn refuse(from: &HeaderMap, problem: &Problem) -> Response {
    let mut response = keep_cookies(Refusal(problem.clone()).into_response(), from);
    if let Some(mark) = from.get(SERVER_FN_ERROR_HEADER) {
        response.headers_mut().insert(HeaderName::from_static(SERVER_FN_ERROR_HEADER), mark.clone());
    }
    response
}

/// To where the call said, else back to the form.
fn land(done: &Response, landing: &str) -> Response {
    let place = done.headers().get(LOCATION).and_then(|v| v.to_str().ok()).unwrap_or(landing);
    keep_cookies(answer::see(place), done.headers())
}

fn keep_cookies(mut response: Response, from: &HeaderMap) -> Response {
    for cookie in from.get_all(SET_COOKIE) {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    response
}

//! Whose pages may use a facade: those of this site, and those that the operator names. A client
//! that is no browser says no origin, and passes.

use crate::house::House;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ORIGIN, UPGRADE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses what another site's page writes or listens to, and lets the pages of known sites read the
/// answers (CORS, Fetch standard §3.2).
pub async fn check(State(house): State<House>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let origin = headers.get(ORIGIN).cloned();
    let known = origin.as_ref().is_some_and(|origin| knows(&house, headers, origin));
    if request.method() == Method::OPTIONS && known {
        return allowed(StatusCode::NO_CONTENT.into_response(), origin);
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD) && !headers.contains_key(UPGRADE);
    let foreign = match &origin {
        Some(_) => !known,
        None => headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site"),
    };
    if foreign && !reads {
        return (StatusCode::FORBIDDEN, "This origin may not use this address: see --compat-origin.\n").into_response();
    }
    let response = next.run(request).await;
    if known { allowed(response, origin) } else { response }
}

/// Our own pages, those that were named, and those of the host and port that was asked.
fn knows(house: &House, headers: &HeaderMap, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get("host").and_then(|host| host.to_str().ok());
    let own = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
    own || house.origins.knows(origin) || house.compat.options.knows_origin(origin)
}

fn allowed(mut response: Response, origin: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    for (name, value) in [
        (ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"),
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, DELETE"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, token, x-api-key"),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "token"),
        (ACCESS_CONTROL_MAX_AGE, "600"),
        (VARY, "origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

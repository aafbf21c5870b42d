//! A page of our own for those who open the address in a browser: it logs in, chats, and shows wall
//! and video, with the facade's own routes and nothing else.

use crate::compat::base::Base;
use crate::house::House;
use axum::extract::{OriginalUri, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, header::HeaderName};
use axum::response::{IntoResponse, Response};

const PAGE: &str = include_str!("page/index.html");
const SCRIPT: &str = include_str!("page/app.js");
const STYLE: &str = include_str!("page/app.css");
/// Pictures and videos come from wherever the other site has them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src * data:; media-src *; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; connect-src 'self'";

/// At an address that ends with `/`, as the page's own addresses are beside it.
pub async fn root(State(house): State<House>, base: Base, OriginalUri(asked): OriginalUri) -> Response {
    if !asked.path().ends_with('/') {
        return base.redirect("/");
    }
    let title = super::translate::title;
    let option = |number: i64| format!("<option value=\"{number}\">{}</option>", title(number));
    let rooms: String = house.compat.webim.rooms().iter().map(|room| option(room.number)).collect();
    // Not every browser counts a socket to the same host as `'self'`.
    let policy = format!("{POLICY} {}", base.url("").replacen("http", "ws", 1));
    let mut response = typed("text/html; charset=utf-8", PAGE.replace("<!--rooms-->", &rooms));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

pub async fn script() -> Response {
    typed("text/javascript; charset=utf-8", SCRIPT)
}

pub async fn style() -> Response {
    typed("text/css; charset=utf-8", STYLE)
}

fn typed(kind: &'static str, body: impl IntoResponse) -> Response {
    let kind: [(HeaderName, &'static str); 1] = [(CONTENT_TYPE, kind)];
    (kind, body).into_response()
}

//! The headers of every answer: what a browser may do with our pages, and that nobody
//! keeps copies of them.

use crate::house::House;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::Nonce;

/// Where browsers report breaches of the policy.
pub const REPORTS: &str = "/csp-report";

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Mints the nonce of this answer, leaves it on the request for the page, and sets the
/// headers. A door that has set one of them itself keeps its own.
pub async fn set(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    seal(headers, house.origins.secure());
    if is_document(headers) && !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(COOP, HeaderValue::from_static("same-origin"));
        if let Ok(policy) = HeaderValue::from_str(&policy(&nonce, &house.origins.sockets())) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
    response
}

/// Sets what every answer has, document or not.
pub fn seal(headers: &mut HeaderMap, secure: bool) {
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Nothing leaves the site, as with no-referrer; but that one would also make browsers
        // send `Origin: null` with our own forms (docs/decisions/0005).
        (REFERRER_POLICY, "same-origin"),
        (CORP, "same-origin"),
        (PERMISSIONS, "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(VARY, HeaderValue::from_static("Cookie"));
    }
}

fn is_document(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// `sockets`: not every browser counts a socket to the same host as `'self'`.
fn policy(nonce: &str, sockets: &[String]) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; \
         connect-src 'self' {}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         object-src 'none'; manifest-src 'self'; worker-src 'self'; report-uri {REPORTS}",
        sockets.join(" ")
    )
}

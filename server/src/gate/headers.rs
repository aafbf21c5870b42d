//! The headers of every answer: what a browser may do with our pages, and that nobody
//! keeps copies of them.

use crate::house::House;
use app::calls::VIDEO_SOURCE;
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

/// Says which sites may show a page; for the policy alone.
pub const ANCESTORS: HeaderName = HeaderName::from_static("x-salon-ancestors");

/// Mints the nonce of this answer, leaves it on the request for the page, and sets the
/// headers. A door that has set one of them itself keeps its own.
pub async fn set(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // For the policy alone.
    let video = headers.remove(VIDEO_SOURCE).and_then(|value| Some(Sources::of(value.to_str().ok()?)));
    let ancestors = headers.remove(ANCESTORS).and_then(|value| value.to_str().map(str::to_owned).ok());
    seal(headers, house.origins.secure());
    if is_document(headers) && !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(COOP, HeaderValue::from_static("same-origin"));
        let ancestors = ancestors.as_deref().unwrap_or("'none'");
        let policy = policy(&nonce, &house.origins.sockets(), &video.unwrap_or_default(), ancestors);
        if let Ok(policy) = HeaderValue::from_str(&policy) {
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
        headers.entry(name).or_insert(HeaderValue::from_static(value));
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

/// What a page may load to play its room's video, beyond what is ours.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sources {
    media: String,
    connect: String,
}

impl Sources {
    /// Of `file <address>`: that address alone. Of `stream <address>`: where it comes from, since
    /// its pieces lie beside it and a script may have to fetch them.
    fn of(source: &str) -> Self {
        let Some((kind, address)) = source.split_once(' ') else { return Self::default() };
        let address = address.split(['?', '#']).next().unwrap_or_default();
        if !(address.starts_with("https://") || address.starts_with("http://")) {
            return Self::default();
        }
        if kind == "file" {
            // Both would end the source, or the list of them.
            let media = format!(" {}", address.replace(';', "%3B").replace(',', "%2C"));
            return Self { media, connect: String::new() };
        }
        let origin: Vec<&str> = address.split('/').take(3).collect();
        let origin = format!(" {}", origin.join("/"));
        Self { media: origin.clone(), connect: origin }
    }
}

/// `sockets`: not every browser counts a socket to the same host as `'self'`.
fn policy(nonce: &str, sockets: &[String], video: &Sources, ancestors: &str) -> String {
    let Sources { media, connect } = video;
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' blob:; media-src 'self' blob:{media}; font-src 'self'; \
         connect-src 'self' {}{connect}; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}; \
         object-src 'none'; manifest-src 'self'; worker-src 'self'; report-uri {REPORTS}",
        sockets.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_play_its_rooms_video_and_nothing_else() {
        for (source, media, connect) in [
            ("file https://v.example/a/b.mp4?token=1#t=2", " https://v.example/a/b.mp4", ""),
            ("file https://v.example/a;b,c.mp4", " https://v.example/a%3Bb%2Cc.mp4", ""),
            ("stream https://v.example:8443/live/x.m3u8", " https://v.example:8443", " https://v.example:8443"),
            ("file javascript:1", "", ""),
            ("stream *", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(Sources::of(source), Sources { media: media.into(), connect: connect.into() }, "{source}");
        }
    }
}

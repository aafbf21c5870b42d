//! Pages as guests get them. They are the same for all guests with the same choices, so they
//! are drawn once per change of the house, not once per visitor: only the nonce differs.

use crate::house::House;
use app::calls::Visitor;
use app::text::Lang;
use app::visitor::Theme;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Longest age of a copy: what is no event (who is here, a changed name) shows so late at most.
const KEPT: Duration = Duration::from_secs(1);
/// Most copies, and the largest page that is kept, in bytes.
const MOST: usize = 256;
const LARGEST: usize = 2 * 1024 * 1024;

/// The copies of a house.
#[derive(Default)]
pub struct Guests(Mutex<HashMap<Choice, Arc<Copy>>>);

/// What a guest's page depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Choice {
    path: String,
    lang: Lang,
    theme: Theme,
    tz: i32,
    saves_data: bool,
}

struct Copy {
    headers: HeaderMap,
    /// The page, cut where its nonce stood.
    parts: Vec<Bytes>,
    drawn: Instant,
    /// [`chat::Chat::commits`] before it was drawn.
    commits: u64,
}

impl Choice {
    /// `None` for whom no copy will do: people, pages with something in their query, and who is to be shown
    /// again what they typed.
    pub fn of(visitor: &Visitor, request: &Request) -> Option<Self> {
        let is_plain = request.method() == Method::GET && request.uri().query().is_none();
        let path = request.uri().path();
        // Not what depends on a link's secret: it may be used up at any moment.
        let is_public = ["/", "/sign-in", "/register"].contains(&path) || path.starts_with("/r/");
        let cookies = request.headers().get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let typed = cookies.into_iter().any(|cookies| cookies.contains("salon_typed"));
        (is_plain && is_public && !typed && visitor.who.is_none()).then(|| Self {
            path: path.to_owned(),
            lang: visitor.lang,
            theme: visitor.theme,
            tz: visitor.tz,
            saves_data: visitor.saves_data,
        })
    }

    /// The room that the page is about.
    fn slug(&self) -> Option<&str> {
        self.path.strip_prefix("/r/")?.split('/').next()
    }
}

/// Not one that sets a cookie, or that says itself that it is one visitor's.
fn is_for_all(headers: &HeaderMap) -> bool {
    !headers.contains_key(SET_COOKIE) && headers.get(CACHE_CONTROL).is_none_or(|value| value != "no-store")
}

impl Guests {
    /// A copy that nothing has happened since, with this nonce.
    pub fn find(&self, house: &House, choice: &Choice, nonce: &str) -> Option<Response> {
        let copy = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(choice)?.clone();
        // A room may be over since the copy was made.
        if let Some(slug) = choice.slug() {
            house.chat.pass_time_at(slug);
        }
        let is_fresh = copy.drawn.elapsed() < KEPT && copy.commits == house.chat.commits();
        is_fresh.then(|| copy.with(nonce))
    }

    /// Keeps a page that was drawn with this nonce, after so many commits, and answers with it.
    pub async fn keep(&self, choice: Choice, response: Response, nonce: &str, commits: u64) -> Response {
        if response.status() != StatusCode::OK || !is_for_all(response.headers()) {
            return response;
        }
        let (head, body) = response.into_parts();
        let Ok(body) = to_bytes(body, LARGEST).await else {
            let mut broken = Response::new(Body::empty());
            *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return broken;
        };
        let copy = Copy { headers: head.headers, parts: cut(&body, nonce), drawn: Instant::now(), commits };
        let response = copy.with(nonce);
        let mut copies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if copies.len() >= MOST {
            copies.retain(|_, copy| copy.drawn.elapsed() < KEPT);
        }
        if copies.len() < MOST {
            copies.insert(choice, Arc::new(copy));
        }
        response
    }
}

impl Copy {
    fn with(&self, nonce: &str) -> Response {
        let page = self.parts.join(nonce.as_bytes());
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = self.headers.clone();
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(page.len()));
        *response.body_mut() = Body::from(page);
        response
    }
}

/// The parts around every place where the nonce stands.
fn cut(page: &Bytes, nonce: &str) -> Vec<Bytes> {
    let (mut parts, mut begin, mut at) = (Vec::new(), 0, 0);
    while let Some(window) = page.get(at..at + nonce.len()) {
        if window == nonce.as_bytes() {
            parts.push(page.slice(begin..at));
            at += nonce.len();
            begin = at;
        } else {
            at += 1;
        }
    }
    parts.push(page.slice(begin..));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_where_the_nonce_stands() {
        for (page, parts) in
            [("<script nonce=N0NCE>1</script><style nonce=N0NCE>", 3), ("N0NCE", 2), ("none at all", 1), ("N0NC", 1)]
        {
            let cut = cut(&Bytes::from(page), "N0NCE");
            assert_eq!((cut.len(), cut.join(&b"N0NCE"[..])), (parts, page.as_bytes().to_vec()));
        }
    }
}

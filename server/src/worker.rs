//! `/sw.js`: the service worker, or what ends it in every browser that has it.

use crate::house::House;
use crate::{answer, pages};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// Takes the place of the worker, forgets what it kept, and goes.
const OFF: &str = "\
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('salon-')) await caches.delete(name);
  await self.registration.unregister();
})()));
";

pub async fn serve(State(house): State<House>, request: Request) -> Response {
    let mut response = if house.site.has_worker {
        match pages::file(&house.site.root, pages::without_body(&request)).await {
            Some(file) => file,
            None => return answer::no_such_page(),
        }
    } else {
        OFF.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

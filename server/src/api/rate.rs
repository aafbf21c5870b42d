//! How fast somebody may ask: 20 requests a second, 200 at once. What a person may do how often
//! beyond that is the house's business, and its refusals say how long to wait.

use super::fault::Fault;
use crate::gate::limits::Bucket;
use crate::gate::session::{Peer, address};
use crate::house::House;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Problem;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const RATE: f64 = 20.0;
const BURST: f64 = 200.0;
/// Askers remembered before the idle ones are forgotten.
const ASKERS: usize = 10_000;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// What each asker has left.
#[derive(Debug, Default)]
pub struct Rates(Mutex<HashMap<u64, Bucket>>);

/// By token, where there is one: many programs may come from one address.
pub async fn limit(State(house): State<House>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let address = address(peer, request.headers(), &house.proxies);
    let token = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes);
    let (taken, left) = house.rates.take(token, address);
    let mut response = match taken {
        Ok(()) => next.run(request).await,
        Err(wait_ms) => Fault(Problem::TooFast { wait_ms }).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(LIMIT, HeaderValue::from(BURST as u64));
    headers.insert(REMAINING, HeaderValue::from(left as u64));
    // Until everything is there again.
    headers.insert(RESET, HeaderValue::from(((BURST - left) / RATE).ceil() as u64));
    response
}

impl Rates {
    /// Milliseconds to wait for the next one if nothing is left; and what is left.
    fn take(&self, token: Option<&[u8]>, address: IpAddr) -> (Result<(), u64>, f64) {
        let mut hasher = DefaultHasher::new();
        match token {
            Some(token) => token.hash(&mut hasher),
            None => address.hash(&mut hasher),
        }
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ASKERS {
            buckets.retain(|_, bucket| bucket.left() < BURST);
        }
        let bucket = buckets.entry(hasher.finish()).or_insert_with(|| Bucket::new(RATE, BURST));
        let taken = bucket.take().map_err(|wait| wait.as_millis() as u64 + 1);
        (taken, bucket.left())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn each_asker_has_their_own() {
        let (rates, address) = (Rates::default(), IpAddr::V4(Ipv4Addr::LOCALHOST));
        for _ in 0..BURST as u32 {
            assert!(rates.take(Some(b"a"), address).0.is_ok());
        }
        let (taken, left) = rates.take(Some(b"a"), address);
        assert!(taken.is_err() && left < 1.0, "{taken:?} {left}");
        assert!(rates.take(Some(b"b"), address).0.is_ok() && rates.take(None, address).0.is_ok());
    }
}

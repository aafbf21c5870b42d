//! The accept loop: connections with deadlines and caps.
//!
//! Our own, because axum's installs no timer (a client that sends its headers slowly would
//! hold a connection for ever) and counts no connections.

use crate::gate::session::Peer;
use crate::house::{House, Shutdown};
use crate::live::short;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use patience::Patient;
use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

mod patience;

/// How long a client may take for the first byte and for all headers of a request; also
/// how long an idle connection is kept.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Most bytes of headers, and of a body read ahead.
const BUFFER_BYTES: usize = 64 * 1024;
/// Pause when the system has no more files or memory for connections.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(500);

/// A connection under HTTP, and what a WebSocket goes on with.
pub type Connection = Patient<TcpStream>;

/// How many connections there may be.
#[derive(Clone, Debug)]
pub struct Caps {
    pub total: usize,
    pub per_address: usize,
    /// Addresses that speak for many.
    pub exempt: Arc<[IpAddr]>,
}

/// One open connection, counted until the last clone is dropped: a live socket holds its
/// clone when HTTP has let go.
#[derive(Clone)]
pub struct Slot(#[expect(dead_code, reason = "held, not read")] Arc<Counted>);

struct Counted {
    counts: Arc<Mutex<Counts>>,
    address: IpAddr,
}

#[derive(Default)]
struct Counts {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// What is behind a listener.
#[derive(Clone)]
pub struct Doors {
    router: Router,
    /// Whose live socket can be had the short way.
    house: Option<House>,
}

impl Doors {
    /// Those of a house: as its router, and the short way to its live socket.
    pub fn of(house: House, router: Router) -> Self {
        Self { router, house: Some(house) }
    }
}

impl From<Router> for Doors {
    fn from(router: Router) -> Self {
        Self { router, house: None }
    }
}

/// Serves `doors` on `listener` until they close. Open connections finish what they are doing;
/// `shutdown.tasks` waits for them.
pub async fn serve(listener: TcpListener, doors: impl Into<Doors>, caps: Caps, shutdown: Shutdown) {
    let counts = Arc::new(Mutex::new(Counts::default()));
    let behind = Arc::new((doors.into(), shutdown.clone()));
    loop {
        let (stream, peer) = tokio::select! {
            () = shutdown.doors.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok(connection) => connection,
                Err(cause) => {
                    pause_after(&cause).await;
                    continue;
                }
            },
        };
        let Some(slot) = slot(&counts, &caps, peer.ip().to_canonical()) else {
            metrics::counter!("salon_connections_refused_total").increment(1);
            continue;
        };
        shutdown.tasks.spawn(connection(stream, peer, slot, behind.clone()));
    }
}

/// A single connection may fail without consequence; a lack of files or memory does not
/// go away by asking again at once.
async fn pause_after(cause: &io::Error) {
    let of_one = [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionRefused];
    if !of_one.contains(&cause.kind()) {
        tracing::error!(%cause, "no connection can be accepted");
        tokio::time::sleep(EXHAUSTED_PAUSE).await;
    }
}

fn slot(counts: &Arc<Mutex<Counts>>, caps: &Caps, address: IpAddr) -> Option<Slot> {
    let mut open = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let of_address = open.by_address.get(&address).copied().unwrap_or_default();
    let crowded = of_address >= caps.per_address && !caps.exempt.contains(&address);
    if open.total >= caps.total || crowded {
        return None;
    }
    open.total += 1;
    *open.by_address.entry(address).or_default() += 1;
    Some(Slot(Arc::new(Counted { counts: counts.clone(), address })))
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        open.total -= 1;
        if let Some(count) = open.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, slot: Slot, behind: Arc<(Doors, Shutdown)>) {
    // Chat is small writes: waiting to fill packets would only delay them.
    let _ = stream.set_nodelay(true);
    let stream = match &behind.0.house {
        Some(house) => match short::way(house, stream, peer, &slot).await {
            Ok(()) => return,
            Err(other) => other,
        },
        None => stream,
    };
    // In a box of its own: a live socket does not come here.
    Box::pin(http(Patient::new(stream), peer, slot, &behind)).await;
}

async fn http(stream: Connection, peer: SocketAddr, slot: Slot, behind: &(Doors, Shutdown)) {
    let (Doors { router, .. }, shutdown) = behind;
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(slot.clone());
        let router = router.clone();
        async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(BUFFER_BYTES);
    let served = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = shutdown.doors.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(cause) = ended {
        tracing::debug!(%cause, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_counted_per_address_and_in_all() {
        let caps = Caps { total: 3, per_address: 2, exempt: Arc::from(["10.0.0.1".parse().unwrap()]) };
        let counts = Arc::default();
        let [one, two, proxy] = ["1.1.1.1", "2.2.2.2", "10.0.0.1"].map(|a| a.parse::<IpAddr>().unwrap());
        let first = slot(&counts, &caps, one);
        let second = slot(&counts, &caps, one);
        assert!(first.is_some() && second.is_some());
        assert!(slot(&counts, &caps, one).is_none(), "two from one address");
        let third = slot(&counts, &caps, two);
        assert!(third.is_some());
        assert!(slot(&counts, &caps, proxy).is_none(), "three in all");
        drop((first, second, third));
        let many: Vec<_> = (0..3).filter_map(|_| slot(&counts, &caps, proxy)).collect();
        assert_eq!(many.len(), 3, "a proxy speaks for many");
    }
}

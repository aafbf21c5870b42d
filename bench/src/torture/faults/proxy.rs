//! A TCP proxy between clients and Salon at which connections come to harm.

use crate::Done;
use crate::dice::Dice;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// How long one side may speak when the other has ended.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// What happens to a connection. Places are bytes from its beginning, the handshake included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mishap {
    /// Nothing.
    None,
    /// Both sides end when so many bytes went to the client.
    Cut,
    /// Every piece waits a little, both ways.
    Delay,
    /// A few kilobytes a second to the client.
    Throttle,
    /// The client's side ends; Salon may still speak.
    HalfClosed,
    /// Salon's side ends; the client may still speak.
    HalfClosedBack,
    /// Some bytes come to Salon twice.
    Doubled,
}

pub const MISHAPS: [Mishap; 7] = [
    Mishap::None,
    Mishap::Cut,
    Mishap::Delay,
    Mishap::Throttle,
    Mishap::HalfClosed,
    Mishap::HalfClosedBack,
    Mishap::Doubled,
];

/// Where something happens to one direction of a connection.
#[derive(Clone, Copy)]
struct Harm {
    mishap: Mishap,
    at: u64,
    /// Of the piece at that place: how much comes twice, in 1/256.
    share: u64,
    pause: Duration,
}

pub struct Proxy {
    pub address: SocketAddr,
    accepting: JoinHandle<()>,
    counts: Arc<Mutex<BTreeMap<Mishap, u64>>>,
    swallowing: Arc<AtomicBool>,
}

impl Proxy {
    /// With an empty list nothing ever happens.
    pub async fn open(to: SocketAddr, mishaps: &'static [Mishap], mut dice: Dice) -> Done<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let (counts, swallowing) = (Arc::<Mutex<BTreeMap<_, _>>>::default(), Arc::new(AtomicBool::new(false)));
        let (tally, swallow) = (counts.clone(), swallowing.clone());
        let accepting = tokio::spawn(async move {
            // Connections end with the proxy.
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let mishap = dice.one_of(mishaps).copied().unwrap_or(Mishap::None);
                let (at, share) = (dice.number(100..30_000), dice.number(1..257));
                let harm = Harm { mishap, at, share, pause: dice.millis(1..30) };
                connections.spawn(carry(client, to, harm, tally.clone(), swallow.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { address, accepting, counts, swallowing })
    }

    /// From now on nothing passes, and nobody is told: as if the cable were cut.
    pub fn swallow(&self) {
        self.swallowing.store(true, Ordering::Relaxed);
    }

    /// What has happened so far, and how often.
    pub fn counts(&self) -> BTreeMap<Mishap, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(
    client: TcpStream,
    to: SocketAddr,
    harm: Harm,
    counts: Arc<Mutex<BTreeMap<Mishap, u64>>>,
    swallow: Arc<AtomicBool>,
) {
    let Ok(server) = TcpStream::connect(to).await else { return };
    let (_, _) = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let count = || *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(harm.mishap).or_default() += 1;
    let calm = Harm { mishap: Mishap::None, ..harm };
    let (there, back) = match harm.mishap {
        Mishap::None => (calm, calm),
        Mishap::Delay => (harm, harm),
        Mishap::Cut | Mishap::Throttle | Mishap::HalfClosedBack => (calm, harm),
        Mishap::HalfClosed | Mishap::Doubled => (harm, calm),
    };
    let mut there = std::pin::pin!(pump(from_client, to_server, there, &swallow, &count));
    let mut back = std::pin::pin!(pump(from_server, to_client, back, &swallow, &count));
    tokio::select! {
        cut = &mut there => if !cut { last_words(back).await },
        cut = &mut back => if !cut { last_words(there).await },
    }
}

/// One way has ended; the other may go on for a while.
async fn last_words(other: impl Future<Output = bool>) {
    let _ = tokio::time::timeout(LAST_WORDS, other).await;
}

/// Carries one direction to its end; whether the other has to end at once.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    harm: Harm,
    swallow: &AtomicBool,
    count: &impl Fn(),
) -> bool {
    let (mut carried, mut harmed, mut buffer) = (0, false, vec![0; 4 * 1024]);
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if swallow.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        let piece = &buffer[..read];
        carried += read as u64;
        let due = carried >= harm.at && !harmed;
        if due && harm.mishap != Mishap::None {
            harmed = true;
            count();
        }
        let fits = match harm.mishap {
            Mishap::Cut if due => {
                let _ = to.write_all(&piece[..read * harm.share as usize / 256]).await;
                return true;
            }
            Mishap::HalfClosed | Mishap::HalfClosedBack if due => break,
            Mishap::Doubled if due => {
                let twice = &piece[read - (read * harm.share as usize).div_ceil(256)..];
                to.write_all(piece).await.is_ok() && to.write_all(twice).await.is_ok()
            }
            Mishap::Delay | Mishap::Throttle => {
                tokio::time::sleep(harm.pause).await;
                to.write_all(piece).await.is_ok()
            }
            _ => to.write_all(piece).await.is_ok(),
        };
        if !fits {
            return true;
        }
    }
    if swallow.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
    let _ = to.shutdown().await;
    false
}

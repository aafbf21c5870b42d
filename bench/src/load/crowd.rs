//! Many listeners: they count what they hear, and some of them look at how old it is.

use super::times::Times;
use super::wire::{PATIENCE, Wire};
use crate::Done;
use crate::house::House;
use crate::server::{Kind, Server};
use futures::stream::{self, FuturesUnordered, StreamExt};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Connections that are opened at the same time.
const AT_ONCE: usize = 128;
/// So few that what their connections take is next to nothing.
const FEW: usize = 8;
/// One of so many listeners looks at the time in each message.
const LOOKS: usize = 20;
/// Longer than a crowd is told how large it is.
const QUIET: Duration = Duration::from_millis(2_500);
/// How an event begins on the wire.
const EVENT: &[u8] = b"{\"event\"";
/// What stands before the time in a measured message's text.
const MARK: &[u8] = b"t=";
/// Digits of the time: nanoseconds since the measurement began.
const DIGITS: usize = 16;

/// Removed with everything in it when dropped.
pub struct Crowd {
    heard: Arc<Heard>,
    tasks: Vec<JoinHandle<()>>,
}

struct Heard {
    began: Instant,
    /// Events and everything else.
    frames: AtomicU64,
    events: AtomicU64,
    bytes: AtomicU64,
    lost: AtomicU64,
    wanted: AtomicU64,
    enough: Notify,
    times: Mutex<Times>,
}

impl Crowd {
    /// Person i (from 1) of the crowd listens in the room `room(i)`.
    pub async fn join(server: &Server, people: usize, room: impl Fn(usize) -> usize) -> Done<Self> {
        let began = Instant::now();
        let heard = Arc::new(Heard {
            began,
            frames: AtomicU64::new(0),
            events: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            wanted: AtomicU64::new(u64::MAX),
            enough: Notify::new(),
            times: Mutex::default(),
        });
        let mut tasks = Vec::with_capacity(people);
        let mut coming = FuturesUnordered::new();
        for person in 1..=people {
            coming.push(come(server, person, room(person)));
            if coming.len() >= AT_ONCE
                && let Some(wire) = coming.next().await
            {
                let (person, wire) = wire?;
                tasks.push(tokio::spawn(listen(wire, heard.clone(), person % LOOKS == 0)));
            }
        }
        while let Some(wire) = coming.next().await {
            let (person, wire) = wire?;
            tasks.push(tokio::spawn(listen(wire, heard.clone(), person % LOOKS == 0)));
        }
        Ok(Self { heard, tasks })
    }

    /// Person i (from 1) comes to the room `room(i)` and goes, [`FEW`] at the same time.
    pub async fn pass(server: &Server, people: usize, room: impl Fn(usize) -> usize) -> Done {
        let all = (1..=people).map(|person| come(server, person, room(person)));
        let mut coming = stream::iter(all).buffer_unordered(FEW);
        while let Some(wire) = coming.next().await {
            drop(wire?);
        }
        Ok(())
    }

    /// The text of a message that says when it was sent; about a hundred bytes.
    pub fn text(&self) -> String {
        text_at(self.heard.began.elapsed())
    }

    /// Events heard by everybody together.
    pub fn events(&self) -> u64 {
        self.heard.events.load(Ordering::Relaxed)
    }

    /// Bytes of these.
    pub fn bytes(&self) -> u64 {
        self.heard.bytes.load(Ordering::Relaxed)
    }

    /// Bytes of an event, as the average.
    pub fn event_size(&self) -> usize {
        (self.bytes() / self.events().max(1)) as usize
    }

    /// Listeners whose connection ended.
    pub fn lost(&self) -> u64 {
        self.heard.lost.load(Ordering::Relaxed)
    }

    /// Waits until so many events were heard.
    pub async fn until(&self, events: u64) -> Done {
        self.heard.wanted.store(events, Ordering::Relaxed);
        let wait = async {
            while self.events() < events {
                self.heard.enough.notified().await;
            }
        };
        tokio::time::timeout(PATIENCE, wait)
            .await
            .map_err(|_| format!("{} of {events} events were heard, {} listeners lost", self.events(), self.lost()))?;
        Ok(())
    }

    /// What the ages were since the last time.
    pub fn take_times(&self) -> Times {
        std::mem::take(&mut *self.heard.times.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until nothing has been heard for a while: everybody knows who is there.
    pub async fn quiet(&self) {
        loop {
            let before = self.heard.frames.load(Ordering::Relaxed);
            tokio::time::sleep(QUIET).await;
            if before == self.heard.frames.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// A text with this time in it.
pub fn text_at(time: Duration) -> String {
    let words = "and the harbour is grey, still, and very wide: nobody is up, nothing moves at all";
    format!("t={:0DIGITS$} {words}", time.as_nanos())
}

async fn come(server: &Server, person: usize, room: usize) -> Done<(usize, Wire)> {
    let cookie = (server.kind == Kind::Salon).then(|| House::cookie(person));
    let mut wire = Wire::connect(server, person, cookie.as_deref()).await?;
    wire.enter(room, None).await?;
    Ok((person, wire))
}

async fn listen(mut wire: Wire, heard: Arc<Heard>, looks: bool) {
    while let Ok(first) = wire.next().await {
        let (mut frames, mut events, mut bytes) = (0, 0, 0);
        let mut next = Some(first);
        while let Some(frame) = next {
            frames += 1;
            if frame.payload.starts_with(EVENT) {
                events += 1;
                bytes += frame.payload.len() as u64;
                if looks {
                    look(&frame.payload, &heard);
                }
            }
            next = wire.ready().unwrap_or_default();
        }
        let before = heard.events.fetch_add(events, Ordering::Relaxed);
        heard.bytes.fetch_add(bytes, Ordering::Relaxed);
        heard.frames.fetch_add(frames, Ordering::Relaxed);
        if before + events >= heard.wanted.load(Ordering::Relaxed) {
            heard.enough.notify_one();
        }
    }
    heard.lost.fetch_add(1, Ordering::Relaxed);
}

fn look(payload: &[u8], heard: &Heard) {
    let Some(at) = payload.windows(MARK.len()).position(|two| two == MARK) else { return };
    let digits = payload.get(at + MARK.len()..at + MARK.len() + DIGITS).unwrap_or_default();
    let Some(nanos) = std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()) else { return };
    let age = heard.began.elapsed().saturating_sub(Duration::from_nanos(nanos));
    heard.times.lock().unwrap_or_else(PoisonError::into_inner).note(age);
}

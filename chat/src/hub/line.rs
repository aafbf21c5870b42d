//! One connection as the hub sees it: who is there, what waits to be written, and the way
//! out. Nobody who puts something in ever waits.

use super::frames::Frames;
use crate::access::Who;
use bytes::{Buf, Bytes};
use domain::RoomId;
use domain::live::close;
use domain::person::SiteRole;
use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Most frames that wait, apart from those of a replay, which are bounded by their bytes.
pub const MAX_FRAMES: usize = 256;
/// Most bytes that wait.
pub const MAX_BYTES: usize = 1024 * 1024;
/// A replay that would fill more than this is not sent one by one.
const REPLAY_BYTES: usize = MAX_BYTES * 3 / 4;
/// Pieces that are handed to the system at once.
const SLICES: usize = 64;

/// Where a connection's bytes go.
pub trait Pipe: Send + Sync {
    /// Writes what can be written now; how much that was.
    ///
    /// # Errors
    /// `WouldBlock` when nothing can be written now; anything else is the end.
    fn try_write(&self, bytes: &[IoSlice<'_>]) -> io::Result<usize>;
}

/// What to do next with a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// All that waited, in order, to be written at once; [`super::texts`] is what it says.
    Frames(Vec<Bytes>),
    /// The connection has a [`Pipe`] that does not take everything at the moment.
    Blocked,
    /// Close it with this code and reason.
    Close { code: u16, reason: String },
}

pub(super) struct Line {
    pub id: u64,
    pub who: Option<Who>,
    state: Mutex<State>,
    pub wake: Notify,
}

#[derive(Default)]
struct State {
    pipe: Option<Arc<dyn Pipe>>,
    queue: VecDeque<Frames>,
    /// The first of the queue is half written: what follows it on the wire must be its end.
    begun: bool,
    bytes: usize,
    /// How many frames of the queue count against [`MAX_FRAMES`].
    frames: usize,
    closed: Option<(u16, String)>,
    /// Where the connection listens; the number tells one listening from the next.
    rooms: Vec<(RoomId, u64)>,
}

impl State {
    fn has_room(&self, bytes: usize, share: usize) -> bool {
        self.frames < MAX_FRAMES / share && self.bytes + bytes <= MAX_BYTES / share
    }

    /// Writes at once if nothing waits before; what is left is queued. `true` if all went out.
    fn put(&mut self, mut frames: Frames, counts: bool) -> bool {
        if self.queue.is_empty()
            && let Some(pipe) = &self.pipe
        {
            // Any other failure is met again by the connection's own task, which ends it.
            let written = pipe.try_write(&[IoSlice::new(&frames.bytes)]).unwrap_or_default();
            if written == frames.bytes.len() {
                return true;
            }
            self.begun = written > 0;
            frames.bytes.advance(written);
        }
        self.queue(frames, counts);
        false
    }

    fn queue(&mut self, mut frames: Frames, counts: bool) {
        self.bytes += frames.bytes.len();
        if !counts {
            frames.count = 0;
        }
        self.frames += frames.count;
        self.queue.push_back(frames);
    }

    /// Writes what waits, as far as the pipe takes it; whether nothing is left.
    fn write(&mut self) -> io::Result<bool> {
        let Some(pipe) = self.pipe.clone() else { return Ok(true) };
        while !self.queue.is_empty() {
            let mut slices = [IoSlice::new(&[]); SLICES];
            slices.iter_mut().zip(&self.queue).for_each(|(slice, frames)| *slice = IoSlice::new(&frames.bytes));
            let used = self.queue.len().min(SLICES);
            match pipe.try_write(&slices[..used]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => self.advance(written),
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(cause) => return Err(cause),
            }
        }
        Ok(true)
    }

    /// Drops what waits, but for the end of what has begun.
    fn clear(&mut self) {
        let begun = if self.begun { self.queue.pop_front() } else { None };
        self.bytes = begun.as_ref().map_or(0, |frames| frames.bytes.len());
        self.queue = begun.into_iter().map(|frames| Frames { count: 0, ..frames }).collect();
        self.frames = 0;
    }

    fn advance(&mut self, mut written: usize) {
        self.bytes -= written;
        while let Some(first) = self.queue.front_mut() {
            if written < first.bytes.len() {
                first.bytes.advance(written);
                self.begun |= written > 0;
                return;
            }
            written -= first.bytes.len();
            self.frames -= first.count;
            self.queue.pop_front();
            self.begun = false;
        }
        // An idle connection keeps no room for what once waited.
        self.queue.shrink_to(0);
    }

    fn is_drained(&self) -> bool {
        self.queue.len() == usize::from(self.begun)
    }
}

impl Line {
    pub fn new(id: u64, who: Option<Who>) -> Self {
        Self { id, who, state: Mutex::default(), wake: Notify::new() }
    }

    pub fn is_admin(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.role == SiteRole::Admin)
    }

    pub fn attach(&self, pipe: Arc<dyn Pipe>) {
        self.state().pipe = Some(pipe);
        self.wake.notify_one();
    }

    /// Sends frames that must not be missed. If there is no room for them the connection is
    /// closed as too slow: it comes back and resumes, which repairs everything.
    pub fn push(&self, frames: Frames) {
        self.push_to(&mut self.state(), frames);
    }

    /// The same for what is said in a room, if this is still the listening it is meant for.
    pub fn push_from(&self, room: RoomId, listening: u64, frames: Frames) {
        let mut state = self.state();
        if state.rooms.contains(&(room, listening)) {
            self.push_to(&mut state, frames);
        }
    }

    /// Sends a frame that may be missed; `false` if it was left out for now.
    pub fn push_hint(&self, frame: &Bytes) -> bool {
        let mut state = self.state();
        if state.closed.is_some() {
            return true;
        }
        if !state.has_room(frame.len(), 2) {
            return false;
        }
        if !state.put(Frames::one(frame.clone()), true) {
            self.wake.notify_one();
        }
        true
    }

    /// Queues frames without writing them; the next ones take them along, or the connection's own
    /// task when it has nothing else to do.
    pub fn push_later(&self, frames: Frames) {
        let mut state = self.state();
        if state.closed.is_none() && state.has_room(frames.bytes.len(), 1) {
            state.queue(frames, true);
            self.wake.notify_one();
        } else {
            self.push_to(&mut state, frames);
        }
    }

    /// Sends a first frame and then all of a replay, or none and `false` if they are too many at
    /// once.
    pub fn push_replay(&self, first: Frames, replay: Frames) -> bool {
        let mut state = self.state();
        if state.bytes + first.bytes.len() + replay.bytes.len() > REPLAY_BYTES {
            return false;
        }
        if state.closed.is_some() {
            return true;
        }
        state.queue(first, false);
        if !replay.bytes.is_empty() {
            state.queue(replay, false);
        }
        // Whatever goes wrong is met again by the connection's own task.
        if state.pipe.is_none() || !state.write().unwrap_or_default() {
            self.wake.notify_one();
        }
        true
    }

    /// Sends what the connection itself has to say (pongs, a farewell), whatever else holds.
    pub fn push_raw(&self, bytes: Bytes) {
        self.state().put(Frames { bytes, count: 0 }, false);
    }

    /// Writes what waits, as far as the pipe takes it; whether nothing is left.
    ///
    /// # Errors
    /// Those of the pipe, but for `WouldBlock`.
    pub fn write(&self) -> io::Result<bool> {
        self.state().write()
    }

    pub fn close(&self, code: u16, reason: &str) {
        let mut state = self.state();
        if state.closed.is_some() {
            return;
        }
        if !close::comes_back(code) {
            state.clear();
        }
        state.closed = Some((code, reason.to_owned()));
        self.wake.notify_one();
    }

    /// Closed, and nothing that waits is to be written first.
    pub fn is_cut(&self) -> bool {
        let state = self.state();
        state.closed.is_some() && state.is_drained()
    }

    pub fn enters(&self, room: RoomId, listening: u64) {
        let mut state = self.state();
        state.rooms.retain(|(other, _)| *other != room);
        state.rooms.push((room, listening));
    }

    pub fn leaves(&self, room: RoomId) {
        self.state().rooms.retain(|(other, _)| *other != room);
    }

    pub fn rooms(&self) -> Vec<RoomId> {
        self.state().rooms.iter().map(|(room, _)| *room).collect()
    }

    pub fn take(&self) -> Option<Take> {
        let mut state = self.state();
        let close = |(code, reason)| Take::Close { code, reason };
        if state.pipe.is_some() {
            let blocked = if state.is_drained() { None } else { Some(Take::Blocked) };
            return blocked
                .or_else(|| state.closed.clone().map(close))
                .or_else(|| state.begun.then_some(Take::Blocked));
        }
        if state.queue.is_empty() {
            return state.closed.clone().map(close);
        }
        let frames = std::mem::take(&mut state.queue).into_iter().map(|frames| frames.bytes).collect();
        state.clear();
        Some(Take::Frames(frames))
    }

    fn push_to(&self, state: &mut State, frames: Frames) {
        if state.closed.is_some() {
            return;
        }
        let fits = state.queue.is_empty() && state.pipe.is_some() || state.has_room(frames.bytes.len(), 1);
        if fits && state.put(frames, true) {
            return;
        }
        if !fits {
            state.clear();
            state.closed = Some((close::SLOW, String::new()));
            metrics::counter!("salon_outbox_slow_total").increment(1);
        }
        self.wake.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held; if something ever does, the queue is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

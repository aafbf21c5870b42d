//! What waits to be written to one connection: bounded, so that one slow reader costs the
//! others nothing. Nobody who puts something in ever waits.

use super::Inner;
use crate::access::Who;
use bytes::Bytes;
use domain::RoomId;
use domain::live::{Frame, close};
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::Notify;

/// Most frames that wait, apart from those of a replay, which are bounded by their bytes.
pub const MAX_FRAMES: usize = 256;
/// Most bytes that wait.
pub const MAX_BYTES: usize = 1024 * 1024;
/// A replay that would fill more than this is not sent one by one.
const REPLAY_BYTES: usize = MAX_BYTES * 3 / 4;

/// The writing end: a connection's address in the house. When the last clone is dropped,
/// the connection listens nowhere any more and its reader is told to close.
#[derive(Clone)]
pub struct Outbox(Arc<Owner>);

/// The reading end, held by the task that writes to the connection.
pub struct OutboxReader(Arc<Line>);

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// All that waited, in order: write everything, flush once. Each is a frame as UTF-8 JSON.
    Frames(Vec<Bytes>),
    /// Close the connection with this code and reason.
    Close { code: u16, reason: String },
}

struct Owner {
    line: Arc<Line>,
    hub: Weak<Inner>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.line.close(1001, "");
        if let Some(hub) = self.hub.upgrade() {
            hub.forget(&self.line);
        }
    }
}

impl Outbox {
    pub(super) fn new(line: Arc<Line>, hub: Weak<Inner>) -> (Self, OutboxReader) {
        (Self(Arc::new(Owner { line: line.clone(), hub })), OutboxReader(line))
    }

    /// Who is at the other end; `None` for a guest.
    pub fn who(&self) -> Option<&Who> {
        self.0.line.who.as_ref()
    }

    /// Queues a frame for this connection alone. Typing and presence are left out when the
    /// queue is half full; anything else that finds it full closes the connection as too slow.
    pub fn send(&self, frame: &Frame) {
        let Some(bytes) = encode(frame) else { return };
        if matches!(frame, Frame::Typing { .. } | Frame::Presence { .. }) {
            self.0.line.push_hint(&bytes);
        } else {
            self.0.line.push(&bytes);
        }
    }

    /// Has the connection closed; the first close counts. What waits is still written,
    /// unless the code says that the other end has lost its right to it.
    pub fn close(&self, code: u16, reason: &str) {
        self.0.line.close(code, reason);
    }

    pub(super) fn line(&self) -> &Arc<Line> {
        &self.0.line
    }
}

impl OutboxReader {
    /// Waits for something to do. After a `Close` the answer is always that `Close`.
    /// May be dropped while waiting without losing anything.
    pub async fn next(&mut self) -> Take {
        loop {
            if let Some(take) = self.0.take() {
                return take;
            }
            self.0.wake.notified().await;
        }
    }
}

/// The queue itself, shared by both ends and the hub.
pub(super) struct Line {
    pub id: u64,
    pub who: Option<Who>,
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Bytes>,
    bytes: usize,
    /// How many of the queue count against [`MAX_FRAMES`].
    frames: usize,
    closed: Option<(u16, String)>,
    /// Where the connection listens, for taking it off everywhere.
    rooms: HashSet<RoomId>,
}

impl State {
    fn has_room(&self, bytes: usize, share: usize) -> bool {
        self.frames < MAX_FRAMES / share && self.bytes + bytes <= MAX_BYTES / share
    }

    fn put(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.queue.push_back(frame);
    }

    fn clear(&mut self) {
        self.queue = VecDeque::new();
        self.bytes = 0;
        self.frames = 0;
    }
}

impl Line {
    pub fn new(id: u64, who: Option<Who>) -> Self {
        Self { id, who, state: Mutex::default(), wake: Notify::new() }
    }

    /// Queues a frame that must not be missed. If there is no room the connection is closed
    /// as too slow: it comes back and resumes, which repairs everything.
    pub fn push(&self, frame: &Bytes) {
        let mut state = self.state();
        if state.closed.is_some() {
            return;
        }
        if state.has_room(frame.len(), 1) {
            state.frames += 1;
            state.put(frame.clone());
        } else {
            state.clear();
            state.closed = Some((close::SLOW, String::new()));
            metrics::counter!("salon_outbox_slow_total").increment(1);
        }
        self.wake.notify_one();
    }

    /// Queues a frame that may be missed; `false` if it was left out for now.
    pub fn push_hint(&self, frame: &Bytes) -> bool {
        let mut state = self.state();
        if state.closed.is_some() {
            return true;
        }
        if !state.has_room(frame.len(), 2) {
            return false;
        }
        state.frames += 1;
        state.put(frame.clone());
        self.wake.notify_one();
        true
    }

    /// Queues all frames of a replay, or none and `false` if they are too many at once.
    pub fn push_replay(&self, frames: Vec<Bytes>) -> bool {
        let mut state = self.state();
        let bytes: usize = frames.iter().map(Bytes::len).sum();
        if state.bytes + bytes > REPLAY_BYTES {
            return false;
        }
        if state.closed.is_none() {
            frames.into_iter().for_each(|frame| state.put(frame));
            self.wake.notify_one();
        }
        true
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

    pub fn enters(&self, room: RoomId) {
        self.state().rooms.insert(room);
    }

    pub fn leaves(&self, room: RoomId) {
        self.state().rooms.remove(&room);
    }

    pub fn rooms(&self) -> Vec<RoomId> {
        self.state().rooms.iter().copied().collect()
    }

    fn take(&self) -> Option<Take> {
        let mut state = self.state();
        if state.queue.is_empty() {
            return state.closed.clone().map(|(code, reason)| Take::Close { code, reason });
        }
        let frames = std::mem::take(&mut state.queue).into();
        state.clear();
        Some(Take::Frames(frames))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held; if something ever does, the queue is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A frame as the bytes that go over the wire. All our frames can be encoded; if one ever
/// cannot, that is logged, and the page notices the gap in `seq`.
pub(super) fn encode(frame: &Frame) -> Option<Bytes> {
    serde_json::to_vec(frame)
        .map(Bytes::from)
        .inspect_err(|cause| tracing::error!(%cause, "a frame cannot be encoded"))
        .ok()
}

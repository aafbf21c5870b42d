//! The two ends of a connection's queue: what the house puts in, and what its task writes.

use super::Inner;
use super::frames::{Frames, encode};
use super::line::{Line, Pipe, Take};
use crate::access::Who;
use bytes::Bytes;
use domain::RoomId;
use domain::live::Frame;
use std::io;
use std::sync::{Arc, Weak};

/// The writing end: a connection's address in the house. When the last clone is dropped,
/// the connection listens nowhere any more and its reader is told to close.
#[derive(Clone)]
pub struct Outbox(Arc<Owner>);

/// The reading end, held by the task that keeps the connection.
pub struct OutboxReader(Arc<Line>);

/// What the connection's own library writes takes the same way as everything else, so that
/// no frame ends up within another.
pub struct Way(Arc<Line>);

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

    /// Sends a frame to this connection alone. Typing and presence are left out when the
    /// queue is half full; anything else that finds it full closes the connection as too slow.
    pub fn send(&self, frame: &Frame) {
        let Some(bytes) = encode(frame) else { return };
        if matches!(frame, Frame::Typing { .. } | Frame::Presence { .. }) {
            self.0.line.push_hint(&bytes);
        } else {
            self.0.line.push(Frames::one(bytes));
        }
    }

    /// The same for an answer that may wait for the next one: the connection's own task writes it
    /// when it has nothing else to do, unless somebody writes before.
    pub fn send_later(&self, frame: &Frame) {
        if let Some(bytes) = encode(frame) {
            self.0.line.push_later(Frames::one(bytes));
        }
    }

    /// Whether the connection listens to a room.
    pub fn listens_to(&self, room: RoomId) -> bool {
        self.0.line.rooms().contains(&room)
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
    /// From now on what is put in is written at once, by whoever puts it in, as long as the
    /// pipe takes it: no task has to wake up for it.
    pub fn attach(&self, pipe: Arc<dyn Pipe>) -> Way {
        self.0.attach(pipe);
        Way(self.0.clone())
    }

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

    /// Waits until the connection is to be closed without writing what waits.
    pub async fn cut(&self) {
        while !self.0.is_cut() {
            self.0.wake.notified().await;
        }
    }
}

impl Way {
    /// Sends whole frames of the connection's own.
    pub fn put(&self, frames: Bytes) {
        self.0.push_raw(frames);
    }

    /// Writes what waits, as far as the pipe takes it; whether nothing is left.
    ///
    /// # Errors
    /// Those of the pipe, but for `WouldBlock`.
    pub fn write(&self) -> io::Result<bool> {
        self.0.write()
    }
}

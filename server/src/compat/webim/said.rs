//! What is said on the sockets: made once for all clients of a room, and, where one of them wrote it,
//! letter by letter as it did.

use domain::{ClientId, RoomId};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// Before the rest of the client ids of this facade's messages.
pub const PREFIX: &str = "webim-";
/// Messages whose frames are kept for those who have not asked for them yet.
const MESSAGES: usize = 64;
/// Texts that wait to be heard as messages: so many, and so many bytes.
const TEXTS: usize = 512;
const BYTES: usize = 32 * 1024 * 1024;

type Frames = Arc<OnceCell<Arc<[Utf8Bytes]>>>;

#[derive(Debug, Default)]
pub struct Said(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    frames: VecDeque<((RoomId, i64), Frames)>,
    texts: VecDeque<(ClientId, Arc<str>)>,
    bytes: usize,
}

impl Said {
    /// Notes how a client wrote what it is about to say.
    pub fn remember(&self, id: &ClientId, text: &str) {
        let mut kept = self.lock();
        kept.bytes += text.len();
        kept.texts.push_back((id.clone(), text.into()));
        while kept.texts.len() > TEXTS || kept.bytes > BYTES && kept.texts.len() > 1 {
            let old = kept.texts.pop_front();
            kept.bytes -= old.map_or(0, |(_, text)| text.len());
        }
    }

    /// How a client wrote a message, if that was a moment ago.
    pub fn text(&self, id: &ClientId) -> Option<Arc<str>> {
        let kept = self.lock();
        kept.texts.iter().rev().find(|(known, _)| known == id).map(|(_, text)| text.clone())
    }

    /// It was refused.
    pub fn forget(&self, id: &ClientId) {
        let mut kept = self.lock();
        if let Some(at) = kept.texts.iter().position(|(known, _)| known == id) {
            let gone = kept.texts.remove(at);
            kept.bytes -= gone.map_or(0, |(_, text)| text.len());
        }
    }

    /// The frames of the message at a place of a room, to be made by whoever comes first.
    pub fn frames(&self, room: RoomId, seq: i64) -> Frames {
        let mut kept = self.lock();
        if let Some((_, frames)) = kept.frames.iter().find(|(place, _)| *place == (room, seq)) {
            return frames.clone();
        }
        let frames = Frames::default();
        kept.frames.push_back(((room, seq), frames.clone()));
        if kept.frames.len() > MESSAGES {
            kept.frames.pop_front();
        }
        frames
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_within_bounds() {
        let said = Said::default();
        let id = |n: usize| ClientId::parse(&format!("{PREFIX}{n}")).expect("an id");
        said.remember(&id(0), "zero");
        for n in 1..=TEXTS {
            said.remember(&id(n), "x");
        }
        assert_eq!(said.text(&id(0)), None);
        assert_eq!(said.text(&id(TEXTS)).as_deref(), Some("x"));
        said.forget(&id(TEXTS));
        assert_eq!(said.text(&id(TEXTS)), None);
        said.remember(&id(1), &"y".repeat(BYTES));
        assert_eq!(said.lock().texts.len(), 1, "a single one may be large");
    }

    #[test]
    fn a_message_is_made_once() {
        let said = Said::default();
        assert!(Arc::ptr_eq(&said.frames(RoomId(1), 1), &said.frames(RoomId(1), 1)));
        assert!(!Arc::ptr_eq(&said.frames(RoomId(1), 1), &said.frames(RoomId(2), 1)));
    }
}

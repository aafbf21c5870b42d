//! What was said just now, for those who send notices: a bounded queue that nobody waits for, and
//! nothing at all while nobody wants any.

use super::{Hub, locked};
use domain::attachment::Attachment;
use domain::event::{Event, What};
use domain::person::Person;
use domain::span::Span;
use domain::{MessageId, RoomId};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;

/// Messages that may wait; further ones make no notice.
const WAITING: usize = 1_024;

/// A message, as far as a notice needs it.
pub(crate) struct Said {
    pub room: RoomId,
    pub message: MessageId,
    pub seq: i64,
    pub author: Person,
    pub spans: Vec<Span>,
    pub files: Vec<Attachment>,
}

pub(super) struct Queue {
    wanted: AtomicBool,
    put: mpsc::Sender<Said>,
    take: Mutex<Option<mpsc::Receiver<Said>>>,
}

impl Default for Queue {
    fn default() -> Self {
        let (put, take) = mpsc::channel(WAITING);
        Self { wanted: AtomicBool::default(), put, take: Mutex::new(Some(take)) }
    }
}

impl Queue {
    pub fn note(&self, events: &[Event]) {
        if !self.wanted.load(Ordering::Relaxed) {
            return;
        }
        for event in events {
            let What::Said { message } = &event.what else { continue };
            let (author, spans, files) = (message.author.clone(), message.spans.clone(), message.files.clone());
            let said = Said { room: event.room, message: message.id, seq: event.seq, author, spans, files };
            if self.put.try_send(said).is_err() {
                metrics::counter!("salon_notices_dropped").increment(1);
            }
        }
    }
}

impl Hub {
    /// From now on somebody wants notices.
    pub(crate) fn want_said(&self) {
        self.0.said.wanted.store(true, Ordering::Relaxed);
    }

    /// The end that messages come out of; once.
    pub(crate) fn take_said(&self) -> Option<mpsc::Receiver<Said>> {
        locked(&self.0.said.take).take()
    }
}

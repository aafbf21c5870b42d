//! What somebody does, what others see of them, and what a crowd has in common.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What somebody does.
#[derive(Clone)]
pub struct Role {
    pub name: String,
    pub room: i64,
    pub listens: bool,
    /// Milliseconds between an answer and the next message; `None` says nothing.
    pub pace: Option<Range<u64>>,
    /// Letters in a message, apart from its name.
    pub letters: usize,
    /// How long an answer is waited for before the connection is given up.
    pub patience: Duration,
    /// After entering, once: reads nothing for so long.
    pub nap: Option<Duration>,
}

/// What others can see of somebody.
#[derive(Default)]
pub struct Status {
    /// A message is under way.
    pub waits: AtomicBool,
    /// The last place heard; -1 while none is known.
    pub place: AtomicI64,
}

/// What a crowd has in common.
#[derive(Clone, Default)]
pub struct Common {
    /// Nothing new is said any more.
    pub hushed: Arc<AtomicBool>,
    /// How connections ended, by code or word, with how often.
    pub partings: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl Common {
    pub fn count(&self, parting: String) {
        let mut partings = self.partings.lock().unwrap_or_else(PoisonError::into_inner);
        *partings.entry(parting).or_default() += 1;
    }
}

//! The time of day, replaceable in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Says what time it is: milliseconds since 1970-01-01 UTC. Clones share a fake clock's hands.
#[derive(Clone)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    pub fn system() -> Self {
        Self(None)
    }

    /// Stands still at `start_ms` until it is advanced.
    pub fn fake(start_ms: i64) -> Self {
        Self(Some(Arc::new(AtomicI64::new(start_ms))))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else asks")]
    pub fn now(&self) -> i64 {
        match &self.0 {
            Some(fake) => fake.load(Ordering::Relaxed),
            // Before 1970 only if the machine's clock is broken; then 1970 it is.
            None => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
        }
    }

    /// Moves a fake clock's hands; does nothing to the system's.
    pub fn advance(&self, ms: i64) {
        if let Some(fake) = &self.0 {
            fake.fetch_add(ms, Ordering::Relaxed);
        }
    }
}

//! The time of day, replaceable in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Says what time it is: milliseconds since 1970-01-01 UTC. Clones share a fake clock's hands.
#[derive(Clone)]
pub struct Clock(Hands);

#[derive(Clone)]
enum Hands {
    /// The system's; since when the steady one counts.
    System(Instant),
    Fake(Arc<Fake>),
}

struct Fake {
    now: AtomicI64,
    steady: AtomicI64,
}

impl Clock {
    pub fn system() -> Self {
        Self(Hands::System(Instant::now()))
    }

    /// Stands still at `start_ms` until it is advanced.
    pub fn fake(start_ms: i64) -> Self {
        Self(Hands::Fake(Arc::new(Fake { now: AtomicI64::new(start_ms), steady: AtomicI64::new(0) })))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else asks")]
    pub fn now(&self) -> i64 {
        match &self.0 {
            Hands::Fake(fake) => fake.now.load(Ordering::Relaxed),
            // Before 1970 only if the machine's clock is broken; then 1970 it is.
            Hands::System(_) => {
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
            }
        }
    }

    /// Milliseconds since some moment in the past. Setting the machine's clock does not touch it.
    pub fn steady(&self) -> i64 {
        match &self.0 {
            Hands::Fake(fake) => fake.steady.load(Ordering::Relaxed),
            Hands::System(start) => start.elapsed().as_millis() as i64,
        }
    }

    /// Lets time pass on a fake clock; does nothing to the system's.
    pub fn advance(&self, ms: i64) {
        self.jump(ms);
        if let Hands::Fake(fake) = &self.0 {
            fake.steady.fetch_add(ms, Ordering::Relaxed);
        }
    }

    /// Sets a fake clock forward or back, as somebody sets a machine's.
    pub fn jump(&self, ms: i64) {
        if let Hands::Fake(fake) = &self.0 {
            fake.now.fetch_add(ms, Ordering::Relaxed);
        }
    }
}

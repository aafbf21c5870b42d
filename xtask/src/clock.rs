//! Waiting, in one place.

use std::time::{Duration, Instant};

/// Asks `ready` every 50 ms; `None` when `limit` has passed without an answer.
pub fn wait_for<T>(limit: Duration, mut ready: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        if let Some(answer) = ready() {
            return Some(answer);
        }
        if began.elapsed() > limit {
            return None;
        }
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "there is no async worker to block here")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

//! The visible progress of a command.

use std::time::Instant;

pub struct Steps {
    now: usize,
    of: usize,
    began: Instant,
}

impl Steps {
    pub fn new(of: usize) -> Self {
        Self { now: 0, of, began: Instant::now() }
    }

    /// Says what is done next, and how long everything took until here.
    pub fn next(&mut self, what: &str) {
        self.now += 1;
        println!("▸ {what} ({} of {}) … {} s", self.now, self.of, self.seconds());
    }

    /// Steps that turned out not to be needed.
    pub fn skip(&mut self, n: usize, why: &str) {
        self.now += n;
        println!("▸ {why} ({} of {}) … {} s", self.now, self.of, self.seconds());
    }

    pub fn seconds(&self) -> u64 {
        self.began.elapsed().as_secs()
    }
}

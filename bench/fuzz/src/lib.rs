//! What has to hold for every input, target by target, and the sources that it is said of.
//!
//! The sources are taken in by their paths and are the very files of the program; `crate` in
//! them is this crate, which has modules of the same names for what they name.

mod files;
#[allow(dead_code, reason = "not everything in them is asked here")]
mod sources;

pub mod command;
pub mod cursor;
pub mod file_name;
pub mod guard;
pub mod spans;

pub(crate) use sources::names;

use std::time::{Duration, Instant};

/// Longest time for one input.
const LONGEST: Duration = Duration::from_millis(100);
/// So often an input may seem slow because something else was running.
const TRIES: usize = 5;

/// Checks an input, and that this does not take long.
pub fn quick(data: &[u8], check: fn(&[u8])) {
    let is_slow = || {
        let begun = Instant::now();
        check(data);
        begun.elapsed() > LONGEST
    };
    assert!(!(0..TRIES).all(|_| is_slow()), "{} bytes took longer than {LONGEST:?}", data.len());
}

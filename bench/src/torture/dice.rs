//! Every random choice of a run, decided by its seed: each user has dice of their own, so that
//! what one throws does not depend on when another does.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::time::Duration;

pub struct Dice(StdRng);

impl Dice {
    pub fn of(seed: u64, name: &str) -> Self {
        let digest = Sha256::digest(format!("{seed}/{name}").as_bytes());
        let mut own = [0; 32];
        own.copy_from_slice(&digest);
        Self(StdRng::from_seed(own))
    }

    /// `range.start` if the range is empty.
    pub fn number(&mut self, range: Range<u64>) -> u64 {
        if range.is_empty() { range.start } else { self.0.random_range(range) }
    }

    pub fn millis(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.number(range))
    }

    /// One of these; `None` if there is none.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.number(0..of.len() as u64) as usize)
    }

    /// So many letters, without any meaning to Salon.
    pub fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'a' + self.number(0..26) as u8)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides() {
        let throw = |seed, name| Dice::of(seed, name).letters(20);
        assert_eq!(throw(1, "a"), throw(1, "a"));
        assert_ne!(throw(1, "a"), throw(2, "a"));
        assert_ne!(throw(1, "a"), throw(1, "b"));
        assert_eq!(Dice::of(1, "a").number(5..5), 5);
    }
}

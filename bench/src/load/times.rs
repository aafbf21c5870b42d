//! How long things took.

use std::time::Duration;

/// Microseconds, each kept as it was: there are at most a few millions in a run.
#[derive(Default)]
pub struct Times(Vec<u32>);

impl Times {
    pub fn note(&mut self, took: Duration) {
        self.0.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    /// Milliseconds below which this part of all lies (0.5: the median); 0 for none.
    pub fn at(&mut self, part: f64) -> f64 {
        self.0.sort_unstable();
        let rank = (self.0.len() as f64 * part).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }

    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let mut times = Times::default();
        (1..=100).rev().for_each(|ms| times.note(Duration::from_millis(ms)));
        assert_eq!((times.at(0.5), times.at(0.99), times.at(1.0)), (50.0, 99.0, 100.0));
        assert_eq!(Times::default().at(0.5), 0.0);
    }
}

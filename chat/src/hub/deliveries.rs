//! How long it takes from a commit until everybody who listens was told: counted per commit,
//! never per listener, for the last minutes.

use super::{Hub, locked};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How far back it is counted, in parts that are forgotten one by one.
const PARTS: usize = 5;
const PART: Duration = Duration::from_secs(60);
/// Two steps to each doubling of a microsecond: the last one is beyond four minutes.
const STEPS: usize = 56;

pub(super) struct Deliveries(Mutex<Parts>);

struct Parts {
    begun: Instant,
    /// The number of the part that is counted now.
    now: u64,
    counts: [[u32; STEPS]; PARTS],
}

/// What was delivered in the last five minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Commits that somebody listened to.
    pub count: u64,
    /// Half of them took no longer; 0 for none.
    pub p50: Duration,
    /// Of a hundred, one took longer.
    pub p99: Duration,
}

impl Default for Deliveries {
    fn default() -> Self {
        Self(Mutex::new(Parts { begun: Instant::now(), now: 0, counts: [[0; STEPS]; PARTS] }))
    }
}

impl Deliveries {
    pub fn note(&self, took: Duration) {
        let mut parts = locked(&self.0);
        let since = parts.begun.elapsed();
        let part = parts.move_on(since);
        parts.counts[part][step(took)] += 1;
    }

    pub fn look(&self) -> Delivered {
        let mut parts = locked(&self.0);
        let since = parts.begun.elapsed();
        parts.move_on(since);
        parts.look()
    }
}

impl Hub {
    /// Notes how long it took from a commit until everybody who listens was told.
    pub(crate) fn note_delivery(&self, took: Duration) {
        self.0.deliveries.note(took);
    }

    /// How long that took in the last minutes.
    pub fn delivered(&self) -> Delivered {
        self.0.deliveries.look()
    }
}

impl Parts {
    /// Forgets what is too old; which part it is now.
    fn move_on(&mut self, since: Duration) -> usize {
        let now = since.as_secs() / PART.as_secs();
        let passed = usize::try_from(now.saturating_sub(self.now)).unwrap_or(PARTS).min(PARTS);
        for back in 0..passed {
            self.counts[((now - back as u64) % PARTS as u64) as usize] = [0; STEPS];
        }
        self.now = now;
        (now % PARTS as u64) as usize
    }

    fn look(&self) -> Delivered {
        let sums: Vec<u64> =
            (0..STEPS).map(|step| self.counts.iter().map(|part| u64::from(part[step])).sum()).collect();
        let count: u64 = sums.iter().sum();
        let below = |share: u64| {
            let wanted = (count * share).div_ceil(100);
            let mut seen = 0;
            let found = sums.iter().position(|n| {
                seen += n;
                seen >= wanted
            });
            if count == 0 { Duration::ZERO } else { end(found.unwrap_or(STEPS - 1)) }
        };
        Delivered { count, p50: below(50), p99: below(99) }
    }
}

/// Which step a time falls into.
fn step(took: Duration) -> usize {
    (0..STEPS - 1).find(|step| took <= end(*step)).unwrap_or(STEPS - 1)
}

/// The longest time of a step: 1, 1.5, 2, 3, 4, 6, 8 … microseconds.
fn end(step: usize) -> Duration {
    let doubled = Duration::from_nanos(1_000 << (step / 2));
    if step.is_multiple_of(2) { doubled } else { doubled * 3 / 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Parts {
        Parts { begun: Instant::now(), now: 0, counts: [[0; STEPS]; PARTS] }
    }

    #[test]
    fn a_time_is_told_by_the_step_it_falls_into() {
        for micros in [1, 2, 3, 40, 700, 5_000, 999_000, 60_000_000] {
            let (took, told) = (Duration::from_micros(micros), end(step(Duration::from_micros(micros))));
            assert!(took <= told && told <= took * 3 / 2 + Duration::from_micros(1), "{took:?} {told:?}");
        }
        assert_eq!(step(Duration::from_secs(86_400)), STEPS - 1);
    }

    #[test]
    fn one_of_a_hundred_may_be_slow() {
        let mut parts = parts();
        assert_eq!(parts.look(), Delivered::default());
        parts.counts[0][step(Duration::from_micros(64))] = 99;
        parts.counts[1][step(Duration::from_millis(500))] = 1;
        let told = parts.look();
        assert_eq!((told.count, told.p50, told.p99), (100, Duration::from_micros(64), Duration::from_micros(64)));
        parts.counts[1][step(Duration::from_millis(500))] = 2;
        assert!(parts.look().p99 >= Duration::from_millis(500));
    }

    #[test]
    fn what_is_older_than_five_minutes_is_forgotten() {
        let mut parts = parts();
        parts.counts[0][7] = 1;
        parts.move_on(Duration::from_secs(4 * 60 + 59));
        assert_eq!(parts.look().count, 1);
        parts.move_on(Duration::from_secs(5 * 60));
        assert_eq!(parts.look().count, 0);
        parts.counts[0][7] = 1;
        parts.move_on(Duration::from_secs(86_400));
        assert_eq!(parts.look().count, 0, "after a long silence");
    }
}

//! How much and how fast, as far as a door can see it. What a person may do how often is
//! `chat`'s business.

use domain::PersonId;
use domain::picture::MAX_BYTES;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Largest body of a call, in bytes.
pub const CALL_BYTES: usize = 256 * 1024;
/// Most files in one upload.
pub const UPLOAD_FILES: usize = 20;
/// Largest upload, in bytes: so many of the largest files, and room for their envelopes.
pub const UPLOAD_BYTES: usize = UPLOAD_FILES * MAX_BYTES as usize + 1024 * 1024;
/// Largest upload of one's own picture, in bytes.
pub const PORTRAIT_BYTES: usize = MAX_BYTES as usize + 64 * 1024;
/// Largest report of a browser about a breach of the content security policy.
pub const REPORT_BYTES: usize = 16 * 1024;
/// How long a page or a call may take.
pub const ANSWER_TIME: Duration = Duration::from_secs(20);
/// How long a whole upload may take.
pub const UPLOAD_TIME: Duration = Duration::from_secs(15 * 60);
/// How long a body may stand still while it arrives.
pub const BODY_SILENCE: Duration = Duration::from_secs(20);

/// Live sockets opened from one address: 10 a second, 50 at once.
const CONNECT_RATE: f64 = 10.0;
const CONNECT_BURST: f64 = 50.0;
/// Most live sockets of one person.
const SOCKETS_PER_PERSON: usize = 10;
/// People whose sockets are counted without making room for them.
const SEATS: usize = 1_000;
/// Addresses remembered before the idle ones are forgotten.
const ADDRESSES: usize = 10_000;

/// How fast a socket may give commands: 20 a second, 60 at once.
const COMMAND_RATE: f64 = 20.0;
const COMMAND_BURST: f64 = 60.0;

/// How long the client of an old protocol may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// What the doors allow.
#[derive(Clone, Debug)]
pub struct Allowance {
    connect_rate: f64,
    connect_burst: f64,
    sockets_per_person: usize,
    command_rate: f64,
    command_burst: f64,
    silence: Duration,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            connect_rate: CONNECT_RATE,
            connect_burst: CONNECT_BURST,
            sockets_per_person: SOCKETS_PER_PERSON,
            command_rate: COMMAND_RATE,
            command_burst: COMMAND_BURST,
            silence: SILENCE,
        }
    }
}

impl Allowance {
    /// For `--unlimited`.
    pub fn unlimited() -> Self {
        let all = f64::MAX;
        Self {
            connect_rate: all,
            connect_burst: all,
            sockets_per_person: usize::MAX,
            command_rate: all,
            command_burst: all,
            silence: SILENCE,
        }
    }

    /// With so much time to be silent, for tests: nobody waits for a minute.
    pub fn with_silence(self, silence: Duration) -> Self {
        Self { silence, ..self }
    }

    /// After which the socket of an old protocol is closed; it is asked before whether it is there.
    pub fn silence(&self) -> Duration {
        self.silence
    }

    /// For the commands of one socket.
    pub fn commands(&self) -> Bucket {
        Bucket::new(self.command_rate, self.command_burst)
    }

    pub fn connects(&self) -> Connects {
        Connects { rate: self.connect_rate, burst: self.connect_burst, buckets: Mutex::default() }
    }

    pub fn seats(&self) -> PerPerson {
        PerPerson::new(self.sockets_per_person)
    }
}

/// Fills at `rate` a second up to `burst`; every take costs one.
#[derive(Clone, Debug)]
pub struct Bucket {
    rate: f64,
    burst: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    pub fn new(rate: f64, burst: f64) -> Self {
        Self { rate, burst, level: burst, at: Instant::now() }
    }

    /// # Errors
    /// How long to wait for the next one.
    pub fn take(&mut self) -> Result<(), Duration> {
        self.take_at(Instant::now())
    }

    fn take_at(&mut self, now: Instant) -> Result<(), Duration> {
        self.level = self.level_at(now);
        self.at = now;
        if self.level < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.level) / self.rate));
        }
        self.level -= 1.0;
        Ok(())
    }

    fn level_at(&self, now: Instant) -> f64 {
        (self.level + now.duration_since(self.at).as_secs_f64() * self.rate).min(self.burst)
    }

    /// What is left now.
    pub fn left(&self) -> f64 {
        self.level_at(Instant::now())
    }

    fn is_full(&self, now: Instant) -> bool {
        self.level_at(now) >= self.burst
    }
}

/// How fast each address opens live sockets.
#[derive(Debug)]
pub struct Connects {
    rate: f64,
    burst: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

impl Connects {
    /// # Errors
    /// How long to wait for the next one.
    pub fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES {
            let now = Instant::now();
            buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        buckets.entry(address).or_insert_with(|| Bucket::new(self.rate, self.burst)).take()
    }
}

/// How many of something, such as live sockets, each person has open.
#[derive(Debug)]
pub struct PerPerson {
    most: usize,
    open: Mutex<HashMap<PersonId, usize>>,
}

/// One of them; counted until dropped.
#[derive(Debug)]
pub struct Seat {
    house: Arc<PerPerson>,
    person: PersonId,
}

impl PerPerson {
    pub fn new(most: usize) -> Self {
        Self { most, open: Mutex::default() }
    }

    /// A seat for one more, or `None` when the person has enough.
    pub fn seat(self: &Arc<Self>, person: PersonId) -> Option<Seat> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(person).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Seat { house: self.clone(), person })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.house.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.person);
                // What a crowd needed is not kept for a few.
                if open.capacity() > SEATS && open.len() < open.capacity() / 8 {
                    open.shrink_to(SEATS);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills() {
        let mut bucket = Bucket::new(20.0, 60.0);
        let now = Instant::now();
        assert!((0..60).all(|_| bucket.take_at(now).is_ok()));
        let wait = bucket.take_at(now).unwrap_err();
        assert!(wait <= Duration::from_millis(51), "{wait:?}");
        let later = now + Duration::from_secs(1);
        assert_eq!((0..60).filter(|_| bucket.take_at(later).is_ok()).count(), 20);
    }

    #[test]
    fn a_person_has_so_many_seats() {
        let seats = Arc::new(Allowance::default().seats());
        let mut taken: Vec<_> = (0..SOCKETS_PER_PERSON).filter_map(|_| seats.seat(PersonId(1))).collect();
        assert_eq!(taken.len(), SOCKETS_PER_PERSON);
        assert!(seats.seat(PersonId(1)).is_none());
        assert!(seats.seat(PersonId(2)).is_some());
        taken.pop();
        assert!(seats.seat(PersonId(1)).is_some());
    }
}

//! Passwords: hashed with argon2id, off the async threads, a few at a time.

use crate::priority::give_way;
use crate::{Error, Problem, Result, Rule};
use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Memory in KiB, passes and lanes (OWASP's first choice for argon2id).
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// Most hashes at once; each takes its memory and a whole core for a while. On fewer cores
/// fewer: two that share one take longer than one after the other.
const AT_ONCE: usize = 4;
/// Hashes that run or wait; who comes then is asked to try again.
const PLACES: usize = 34;

/// Who has waited so long for others' hashes is hashed like any other work: a house that is busy all
/// the time still lets people in. All places are served in less as long as hashing gets a sixth of a core.
const PATIENCE: Duration = Duration::from_secs(4);
/// A hash that gave way and took so long, fifty times what it needs, got next to nothing of a core.
const STARVED: Duration = Duration::from_secs(1);

/// A hash of nobody's password, so that an unknown name takes as long as a known one.
pub(crate) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The passwords that everybody tries first, one a line, lower case.
const COMMON: &str = include_str!("common_passwords.txt");

#[derive(Clone)]
pub(crate) struct Hasher {
    places: Arc<Semaphore>,
    hands: Arc<Semaphore>,
    memory: Memory,
    /// Hashes that gave way, got nothing and were made by a second thread meanwhile. As long as
    /// there is one, none gives way, or there would be more and more of them.
    starved: Arc<AtomicUsize>,
}

/// The right to have one password hashed.
pub(crate) type Place = OwnedSemaphorePermit;

/// What hashes are made in, kept from one to the next as long as others wait: fresh memory is
/// a tenth of a hash.
type Memory = Arc<Mutex<Vec<Vec<Block>>>>;

impl Default for Hasher {
    fn default() -> Self {
        let hands = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(AT_ONCE));
        let (places, hands) = (Arc::new(Semaphore::new(PLACES)), Arc::new(Semaphore::new(hands)));
        Self { places, hands, memory: Memory::default(), starved: Arc::default() }
    }
}

impl Hasher {
    /// To be taken before anything is looked up for a hash, so that a crowd is refused cheaply.
    ///
    /// # Errors
    /// [`Problem::Unavailable`] when too many wait.
    pub(crate) fn place(&self) -> Result<Place> {
        self.places.clone().try_acquire_owned().map_err(|_| Problem::Unavailable.into())
    }

    /// A PHC string with a new salt.
    pub(crate) async fn hash(&self, place: Place, password: String) -> Result<String> {
        let (cost, passes, lanes) = COST;
        let params = Params::new(cost, passes, lanes, None).map_err(failed)?;
        let salt = Salt::try_from(rand::random::<[u8; Salt::RECOMMENDED_LENGTH]>().as_slice()).map_err(failed)?;
        self.run(place, move |memory| {
            let hash = Some(hash_in(memory, &params, &password, &salt)?);
            let (algorithm, version) = (Algorithm::Argon2id.ident(), Some(Version::V0x13.into()));
            let params = (&params).try_into().map_err(failed)?;
            Ok(PasswordHash { algorithm, version, params, salt: Some(salt), hash }.to_string())
        })
        .await
    }

    /// Whether the password fits the hash; with `None` it takes as long and does not.
    pub(crate) async fn fits(&self, place: Place, password: String, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(failed)?;
        let params = Params::try_from(&hash).map_err(failed)?;
        let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else { return Err(failed("no salt or no hash")) };
        // Outputs are compared in constant time.
        self.run(place, move |memory| Ok(hash_in(memory, &params, &password, &salt)? == expected && known)).await
    }

    /// Does the work on a thread of its own, which gives way to all others: who talks does not
    /// wait for who signs in. Where others leave it nothing, a thread that does not give way does the
    /// work once more.
    async fn run<T: Send + 'static>(
        &self,
        place: Place,
        work: impl Fn(&mut Vec<Block>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let asked = Instant::now();
        let hand = self.hands.clone().acquire_owned().await.map_err(failed)?;
        let gives_way = self.gives_way(asked.elapsed());
        let (tell, mut told) = tokio::sync::oneshot::channel();
        let open = Mutex::new(Some(Open { tell, place, _hand: hand }));
        let hashing = Arc::new(Hashing { hasher: self.clone(), work, open });
        Hashing::start(&hashing, gives_way)?;
        if gives_way {
            if let Ok(done) = tokio::time::timeout(STARVED, &mut told).await {
                return done.map_err(failed)?;
            }
            Hashing::start(&hashing, false)?;
            self.starved.fetch_add(1, Ordering::Relaxed);
        }
        told.await.map_err(failed)?
    }

    /// Whether the hash of one who has waited so long for those of others gives way.
    fn gives_way(&self, waited: Duration) -> bool {
        waited < PATIENCE && self.starved.load(Ordering::Relaxed) == 0
    }
}

/// One hash on its way, on one thread or two.
struct Hashing<T, W> {
    hasher: Hasher,
    work: W,
    open: Mutex<Option<Open<T>>>,
}

/// What the first thread that is through takes. The permits are here, not with the caller: one who
/// goes away does not stop the work.
struct Open<T> {
    tell: tokio::sync::oneshot::Sender<Result<T>>,
    place: Place,
    _hand: OwnedSemaphorePermit,
}

impl<T: Send + 'static, W: Fn(&mut Vec<Block>) -> Result<T> + Send + Sync + 'static> Hashing<T, W> {
    fn start(this: &Arc<Self>, gives_way: bool) -> Result<()> {
        let this = this.clone();
        let thread = std::thread::Builder::new().name("password".to_owned());
        let work = move || {
            if gives_way {
                give_way();
            }
            this.run();
        };
        thread.spawn(work).map(drop).map_err(failed)
    }

    fn run(&self) {
        let Hasher { memory: kept, places, starved, .. } = &self.hasher;
        let mut memory = lock(kept).pop().unwrap_or_default();
        let done = (self.work)(&mut memory);
        if places.available_permits() + 1 < PLACES {
            lock(kept).push(memory);
        } else {
            lock(kept).clear();
        }
        match lock(&self.open).take() {
            Some(Open { tell, place, _hand }) => {
                drop((place, _hand));
                // Somebody who went away does not ask.
                let _ = tell.send(done);
            }
            None => {
                starved.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hash_in(memory: &mut Vec<Block>, params: &Params, password: &str, salt: &Salt) -> Result<Output> {
    memory.resize(params.block_count(), Block::new());
    let mut out = [0; Output::MAX_LENGTH];
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let out = out.get_mut(..length).ok_or_else(|| failed("too long"))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    argon.hash_password_into_with_memory(password.as_bytes(), salt, out, memory).map_err(failed)?;
    Output::new(out).map_err(failed)
}

fn failed(cause: impl std::fmt::Display) -> Error {
    Error::Hashing(cause.to_string())
}

/// Checks a new password of the person called `name`.
///
/// # Errors
/// [`Problem::Invalid`] for lengths, common ones and those made of the name.
pub(crate) fn check_new(password: &str, name: &str) -> Result<()> {
    domain::person::check_password(password)?;
    let lower = password.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    let name = name.to_lowercase();
    let is_name = lower == name || bare == name || lower == name.repeat(2);
    if is_name || is_common(&lower) || is_monotonous(&lower) {
        return Err(Problem::invalid("password", Rule::TooCommon).into());
    }
    Ok(())
}

fn is_common(lower: &str) -> bool {
    COMMON.lines().any(|common| common == lower)
}

/// One or two different characters, however often.
fn is_monotonous(password: &str) -> bool {
    let mut seen: Vec<char> = password.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_and_names_are_refused() {
        for bad in ["password", "PASSWORD1", "12345678", "aaaaaaaa", "abababab", "anastasia", "Anastasia42", "short"] {
            assert!(check_new(bad, "anastasia").is_err(), "{bad}");
        }
        for good in ["correct horse", "密码不是这个", "Anastasia is not my word"] {
            assert!(check_new(good, "anastasia").is_ok(), "{good}");
        }
        assert!(COMMON.lines().count() > 300);
        assert!(COMMON.lines().all(|word| word.len() >= 8 && word == word.to_lowercase()), "shorter ones never pass");
    }

    #[test]
    fn nobodys_hash_costs_as_much_as_any() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let (memory, passes, lanes) = COST;
        let cost = Params::try_from(&nobody).unwrap();
        assert_eq!((cost.m_cost(), cost.t_cost(), cost.p_cost()), (memory, passes, lanes));
        assert_eq!(nobody.algorithm, Algorithm::Argon2id.ident());
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let hasher = Hasher::default();
        let hash = hasher.hash(hasher.place().unwrap(), "correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.fits(hasher.place().unwrap(), "correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.fits(hasher.place().unwrap(), "correct house".to_owned(), Some(hash)).await.unwrap());
        assert!(!hasher.fits(hasher.place().unwrap(), "correct horse".to_owned(), None).await.unwrap());
    }

    #[test]
    fn a_crowd_that_signs_in_gives_way_to_the_last_one() {
        let hasher = Hasher::default();
        let hash_on_a_sixth_of_a_core = Duration::from_millis(18 * 6);
        assert!(hasher.gives_way(hash_on_a_sixth_of_a_core * PLACES as u32));
        assert!(!hasher.gives_way(PATIENCE), "but not for ever");
        hasher.starved.fetch_add(1, Ordering::Relaxed);
        assert!(!hasher.gives_way(Duration::ZERO), "nor where that leads to nothing");
    }

    /// Another program may take all that a thread that gives way could get.
    #[tokio::test]
    async fn whoever_gets_no_core_is_hashed_by_a_second_thread() {
        let hasher = Hasher::default();
        let (calls, (go, wait)) = (AtomicUsize::new(0), std::sync::mpsc::channel::<()>());
        let wait = Mutex::new(wait);
        let work = move |_: &mut Vec<Block>| {
            let first = calls.fetch_add(1, Ordering::SeqCst) == 0;
            if first {
                let _ = lock(&wait).recv();
            }
            Ok(first)
        };
        assert!(!hasher.run(hasher.place().unwrap(), work).await.unwrap(), "the second one was through first");
        assert_eq!(hasher.places.available_permits(), PLACES, "nobody else waits for the first");
        assert_eq!(hasher.starved.load(Ordering::Relaxed), 1);
        drop(go);
        while hasher.starved.load(Ordering::Relaxed) > 0 {
            tokio::task::yield_now().await;
        }
    }
}

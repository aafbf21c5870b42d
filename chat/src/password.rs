//! Passwords: hashed with argon2id, off the async threads, a few at a time.

use crate::{Error, Problem, Result, Rule};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Memory in KiB, passes and lanes (OWASP's first choice for argon2id).
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// Most hashes at once; each takes its memory and a whole core for a while. On fewer cores
/// fewer: two that share one take longer than one after the other.
const AT_ONCE: usize = 4;
/// Hashes that run or wait; who comes then is asked to try again.
const PLACES: usize = 34;

/// A hash of nobody's password, so that an unknown name takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The passwords that everybody tries first, one a line, lower case.
const COMMON: &str = include_str!("common_passwords.txt");

#[derive(Clone)]
pub(crate) struct Hasher {
    places: Arc<Semaphore>,
    hands: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        let hands = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(AT_ONCE));
        Self { places: Arc::new(Semaphore::new(PLACES)), hands: Arc::new(Semaphore::new(hands)) }
    }
}

impl Hasher {
    /// A PHC string with a new salt.
    ///
    /// # Errors
    /// [`Problem::Unavailable`] when too many wait.
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        self.run(move || {
            let hash: PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password fits the hash; with `None` it takes as long and does not.
    ///
    /// # Errors
    /// [`Problem::Unavailable`] when too many wait.
    pub(crate) async fn fits(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let hash = PasswordHash::new(&hash).map_err(failed)?;
            let fits = argon2()?.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(fits && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let busy = || Error::from(Problem::Unavailable);
        let place = self.places.clone().try_acquire_owned().map_err(|_| busy())?;
        let hand = self.hands.clone().acquire_owned().await.map_err(|_| busy())?;
        // The permits go along: a caller who goes away does not stop the work.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, hand);
            work()
        });
        done.await.map_err(failed)?
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
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
        let hash = hasher.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.fits("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.fits("correct house".to_owned(), Some(hash)).await.unwrap());
        assert!(!hasher.fits("correct horse".to_owned(), None).await.unwrap());
    }
}

//! One server to a SQLite store. Two would not hear of each other's changes, and each believes
//! that it knows how far every room has come.

use crate::store::StoreUrl;
use crate::{Error, Result};
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// How often it is tried again.
const AGAIN: Duration = Duration::from_millis(50);

/// The right to serve from a store; given back when dropped, or by the system when the
/// process ends in whatever way.
#[derive(Debug)]
pub struct Claim(#[expect(dead_code, reason = "the lock is on the open file")] Option<File>);

impl Claim {
    /// Waits for another server to finish, but not longer than `patience`: the one before
    /// may still be closing. `database` as in [`crate::Options`]; on PostgreSQL there is
    /// nothing to claim.
    ///
    /// # Errors
    /// [`Error::Served`] when the other one goes on; [`Error::Folder`] when the file
    /// `salon.lock` beside the store cannot be opened.
    pub async fn take(data: &Path, database: Option<&str>, patience: Duration) -> Result<Self> {
        let path = match database.map(StoreUrl::parse) {
            Some(StoreUrl::Postgres(_)) => return Ok(Self(None)),
            Some(StoreUrl::Sqlite(file)) => file.with_extension("lock"),
            None => data.join("salon.lock"),
        };
        crate::make_private_folder(data).map_err(Error::Folder)?;
        let file = File::options().create(true).append(true).open(path).map_err(Error::Folder)?;
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(Some(file))),
                Err(TryLockError::Error(cause)) if cause.kind() != io::ErrorKind::Interrupted => {
                    return Err(Error::Folder(cause));
                }
                Err(_) if Instant::now() < until => tokio::time::sleep(AGAIN).await,
                Err(_) => return Err(Error::Served),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_serves_and_the_next_one_waits() {
        let folder = tempfile::tempdir().unwrap();
        let take = |patience| Claim::take(folder.path(), None, Duration::from_millis(patience));
        let first = take(0).await.unwrap();
        assert!(matches!(take(120).await, Err(Error::Served)));
        let next = take(10_000);
        drop(first);
        let next = next.await.unwrap();
        assert!(matches!(take(0).await, Err(Error::Served)));
        drop(next);
        assert!(Claim::take(folder.path(), Some("postgres://x/y"), Duration::ZERO).await.is_ok());
    }
}

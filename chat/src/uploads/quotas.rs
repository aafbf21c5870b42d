//! How much files may need: each, all of one person, all together, and what stays free on the disk.

use crate::files::disk_left;
use crate::{Chat, Problem, Result};

const MB: u64 = 1024 * 1024;
const GB: u64 = 1024 * MB;
/// So much of the disk is never filled with files and backups: the store needs it.
pub(crate) const SPARE: u64 = GB;

/// In bytes; 0 for no limit, but of a single file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Of one file; at most [`Quotas::LARGEST`].
    pub file: u64,
    /// Of one person's files.
    pub person: u64,
    /// Of everybody's.
    pub site: u64,
}

impl Quotas {
    /// What a backup can still take as one part.
    pub const LARGEST: u64 = 500 * MB;

    /// # Errors
    /// [`Problem::TooLarge`].
    pub(super) fn check_file(&self, bytes: u64) -> Result<()> {
        let limit = self.most();
        if bytes > limit { Err(Problem::TooLarge { limit }.into()) } else { Ok(()) }
    }

    /// The largest file.
    pub fn most(&self) -> u64 {
        self.file.clamp(1, Self::LARGEST)
    }

    /// With what is there already, of the same person and of all.
    ///
    /// # Errors
    /// [`Problem::Full`].
    pub(super) fn check_sums(&self, own: u64, all: u64, more: u64) -> Result<()> {
        for (limit, used) in [(self.person, own), (self.site, all)] {
            if limit > 0 && used.saturating_add(more) > limit {
                return Err(Problem::Full { limit }.into());
            }
        }
        Ok(())
    }
}

impl Default for Quotas {
    fn default() -> Self {
        Self { file: 100 * MB, person: 5 * GB, site: 0 }
    }
}

impl Chat {
    /// # Errors
    /// [`Problem::Unavailable`] when the disk is nearly full.
    pub(super) fn check_disk(&self, bytes: u64) -> Result<()> {
        match disk_left(&self.0.place.data) {
            Some(left) if left < SPARE.saturating_add(bytes) => {
                tracing::warn!(left, "a file was refused: the disk is nearly full");
                Err(Problem::Unavailable.into())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(result: Result<()>) -> Option<Problem> {
        result.err().map(crate::Error::into_problem)
    }

    #[test]
    fn what_is_there_counts() {
        let quotas = Quotas { file: 10, person: 25, site: 40 };
        assert_eq!(answer(quotas.check_file(10)), None);
        assert_eq!(answer(quotas.check_file(11)), Some(Problem::TooLarge { limit: 10 }));
        assert_eq!(answer(quotas.check_sums(15, 15, 10)), None);
        assert_eq!(answer(quotas.check_sums(16, 16, 10)), Some(Problem::Full { limit: 25 }));
        assert_eq!(answer(quotas.check_sums(0, 31, 10)), Some(Problem::Full { limit: 40 }));
        assert_eq!(answer(quotas.check_sums(0, 31, u64::MAX)), Some(Problem::Full { limit: 25 }));
        let free = Quotas { file: u64::MAX, person: 0, site: 0 };
        assert_eq!(answer(free.check_sums(u64::MAX, u64::MAX, 1)), None);
        assert_eq!(free.most(), Quotas::LARGEST);
    }
}

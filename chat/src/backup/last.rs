//! A note beside the store of when it was copied last, for those who run the site.

use super::Copied;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;

/// In the data folder. It is not part of the house: a backup does not hold it.
const NOTE: &str = "last-backup.json";
/// More is no note of ours.
const MOST: u64 = 64 * 1024;

/// The last copy that was made whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// The copy's name, without its folder.
    pub file: String,
    pub bytes: u64,
    /// Files that were missing or damaged.
    pub faults: u64,
}

impl LastBackup {
    pub(super) fn of(file: &Path, copied: &Copied, at: i64) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = file.metadata().map_or(0, |found| found.len());
        Self { at, file: name, bytes, faults: copied.faults.len() as u64 }
    }

    /// What was noted in a data folder; `None` also for what is no note.
    pub(crate) fn read(data: &Path) -> Option<Self> {
        let path = data.join(NOTE);
        if path.metadata().ok()?.len() > MOST {
            return None;
        }
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    /// In one step: who reads it meanwhile reads the one before.
    pub(super) fn write(&self, data: &Path) -> std::io::Result<()> {
        let part = data.join(format!("{NOTE}.part"));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&part)?.write_all(&serde_json::to_vec(self)?)?;
        std::fs::rename(part, data.join(NOTE))
    }
}

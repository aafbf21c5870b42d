//! A clock on the wall that jumps, while time itself goes on: libfaketime for one process.

use crate::Done;
use std::path::PathBuf;

const LIBRARY: &str = "faketime/libfaketime.so.1";

/// Moves the wall clock of the processes that were started with [`FakeTime::environment`].
pub struct FakeTime {
    library: PathBuf,
    file: PathBuf,
}

impl FakeTime {
    pub fn new(file: PathBuf) -> Done<Self> {
        let library = library().ok_or("libfaketime is not installed")?;
        let time = Self { library, file };
        time.set("+0")?;
        Ok(time)
    }

    pub fn missing() -> Option<String> {
        library().is_none().then(|| "libfaketime is not installed (Debian: faketime)".to_owned())
    }

    /// An offset from the true time as libfaketime reads it: `+1h`, `-0.2`, `+10y`.
    pub fn set(&self, offset: &str) -> Done {
        // Replaced in one step: nobody reads half an offset.
        let new = self.file.with_extension("new");
        let written = std::fs::write(&new, format!("{offset}\n")).and_then(|()| std::fs::rename(&new, &self.file));
        written.map_err(|e| format!("{}: {e}", self.file.display()))
    }

    pub fn environment(&self) -> Vec<(String, String)> {
        let library = self.library.display().to_string();
        let file = self.file.display().to_string();
        let pairs = [
            ("LD_PRELOAD", library.as_str()),
            ("FAKETIME_TIMESTAMP_FILE", &file),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }
}

/// Debian keeps it below the name of the processor.
fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let known = [PathBuf::from("/usr/lib"), PathBuf::from("/usr/local/lib")];
    folders.chain(known).map(|folder| folder.join(LIBRARY)).find(|library| library.is_file())
}

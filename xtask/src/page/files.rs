//! The few file operations that building a page needs, with errors that name the file.

use crate::places::Places;
use crate::{Done, process};
use std::path::Path;
use std::process::Command;

fn named<T>(path: &Path, outcome: std::io::Result<T>) -> Done<T> {
    outcome.map_err(|e| format!("{}: {e}", path.display()))
}

pub fn rename(from: &Path, to: &Path) -> Done {
    named(from, std::fs::rename(from, to))
}

/// A folder that may be missing already.
pub fn remove(folder: &Path) -> Done {
    if folder.exists() { named(folder, std::fs::remove_dir_all(folder)) } else { Ok(()) }
}

/// An empty folder, whatever was there.
pub fn empty(folder: &Path) -> Done {
    remove(folder)?;
    named(folder, std::fs::create_dir_all(folder))
}

/// Everything below `from`, into `to`.
pub fn copy(from: &Path, to: &Path) -> Done {
    named(to, std::fs::create_dir_all(to))?;
    for entry in named(from, std::fs::read_dir(from))? {
        let entry = named(from, entry)?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            named(&entry.path(), std::fs::copy(entry.path(), &target))?;
        }
    }
    Ok(())
}

/// Puts `new` in the place of `old`.
pub fn exchange(new: &Path, old: &Path) -> Done {
    remove(old)?;
    rename(new, old)
}

/// Writes `.br` and `.gz` beside each file that gains by it.
pub fn compress(places: &Places, folder: &Path) -> Done {
    let mut command = Command::new("node");
    command.arg(places.root.join("xtask/js/compress.mjs")).arg(folder);
    process::visible(&mut command, "compressing the page")
}

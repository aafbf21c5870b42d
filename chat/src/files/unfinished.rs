//! What a killed process leaves behind: files that were not written to their end. They bear the
//! name of what they should have become, `#` and a number, and the store of files does not list
//! them.

use std::fs::{DirEntry, read_dir, remove_file};
use std::path::Path;
use std::time::SystemTime;

/// Removes those below `folder` that were written to last before `time`; returns how many.
pub fn remove(folder: &Path, time: SystemTime) -> usize {
    let mut count = 0;
    for entry in read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            count += remove(&entry.path(), time);
        } else if is_unfinished(&entry) && is_older(&entry, time) {
            count += usize::from(remove_file(entry.path()).is_ok());
        }
    }
    count
}

fn is_unfinished(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let number = name.to_str().and_then(|name| name.rsplit_once('#')).map(|(_, number)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn is_older(entry: &DirEntry, time: SystemTime) -> bool {
    entry.metadata().and_then(|file| file.modified()).is_ok_and(|written| written < time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn only_old_and_unfinished_files_go() {
        let folder = tempfile::tempdir().unwrap();
        let picture = folder.path().join("1/0123");
        std::fs::create_dir_all(&picture).unwrap();
        for name in ["full", "full#1", "320#12", "full#x", "full#"] {
            std::fs::write(picture.join(name), "x").unwrap();
        }
        let written = picture.join("full").metadata().unwrap().modified().unwrap();
        assert_eq!(remove(folder.path(), written - Duration::from_secs(60)), 0, "they may still be written");
        assert_eq!(remove(folder.path(), written + Duration::from_secs(60)), 2);
        assert_eq!(read_dir(&picture).unwrap().count(), 3);
    }
}

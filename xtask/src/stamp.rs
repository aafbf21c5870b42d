//! Whether something has to be built anew: a stamp beside the result holds the digest of
//! everything it was made from.

use crate::{Done, sha256};
use std::path::{Path, PathBuf};

/// The digest of files and folders below `root`, and of `words` (versions, flags).
pub fn of(root: &Path, inputs: &[&str], words: &[&str]) -> Done<String> {
    let mut files = Vec::new();
    for input in inputs {
        collect(&root.join(input), &mut files)?;
    }
    files.sort();
    let mut all = words.join("\n").into_bytes();
    for file in files {
        let content = std::fs::read(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        all.extend(format!("\n{name} {} ", content.len()).into_bytes());
        all.extend(content);
    }
    Ok(sha256::hex(&all))
}

/// Whether `result` exists and was made from what has this digest.
pub fn fits(result: &Path, digest: &str) -> bool {
    result.exists() && std::fs::read_to_string(beside(result)).is_ok_and(|kept| kept == digest)
}

/// To be called when `result` is complete.
pub fn keep(result: &Path, digest: &str) -> Done {
    std::fs::write(beside(result), digest).map_err(|e| format!("{}: {e}", beside(result).display()))
}

fn beside(result: &Path) -> PathBuf {
    let mut name = result.file_name().unwrap_or_default().to_os_string();
    name.push(".stamp");
    result.with_file_name(name)
}

/// A missing input is none; hidden files in folders are left out (editors put theirs there).
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Done {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let Ok(entries) = std::fs::read_dir(path) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry.map_err(|e| format!("{}: {e}", path.display()))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_fits_until_an_input_changes() {
        let folder = std::env::temp_dir().join(format!("salon-stamp-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("in")).unwrap();
        std::fs::write(folder.join("in/a.rs"), "one").unwrap();
        std::fs::write(folder.join("out"), "built").unwrap();
        let first = of(&folder, &["in", "absent"], &["v1"]).unwrap();
        keep(&folder.join("out"), &first).unwrap();
        assert!(fits(&folder.join("out"), &first));

        std::fs::write(folder.join("in/a.rs"), "two").unwrap();
        let second = of(&folder, &["in", "absent"], &["v1"]).unwrap();
        assert!(!fits(&folder.join("out"), &second));
        assert_ne!(second, of(&folder, &["in", "absent"], &["v2"]).unwrap());
        std::fs::remove_dir_all(folder).unwrap();
    }
}

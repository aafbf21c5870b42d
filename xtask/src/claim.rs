//! The build folder is shared by all checkouts, and cargo tells their crates apart by file
//! times alone: what another checkout built would pass for ours whenever it is younger than our
//! sources. So whoever comes after another checkout forgets its crates first; the
//! dependencies stay.

use crate::{Done, places::Places};
use std::path::Path;

const OURS: [&str; 6] = ["app", "chat", "domain", "frontend", "server", "xtask"];

/// Makes the build folder this checkout's.
pub fn claim(places: &Places) -> Done {
    let mark = places.target.join(".checkout");
    let own = places.root.display().to_string();
    if std::fs::read_to_string(&mark).is_ok_and(|owner| owner == own) {
        return Ok(());
    }
    forget(&places.target, 3).map_err(|e| format!("{}: {e}", places.target.display()))?;
    std::fs::create_dir_all(&places.target)
        .and_then(|()| std::fs::write(&mark, own))
        .map_err(|e| format!("{}: {e}", mark.display()))
}

/// Removes the fingerprints of our crates: `<profile>/.fingerprint`, for another platform one
/// folder deeper.
fn forget(folder: &Path, depth: u8) -> std::io::Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if folder.ends_with(".fingerprint") {
            if name.rsplit_once('-').is_some_and(|(crate_name, _)| OURS.contains(&crate_name)) {
                std::fs::remove_dir_all(entry.path())?;
            }
        } else if depth > 0 && !matches!(name.as_str(), "deps" | "build" | "incremental") {
            forget(&entry.path(), depth - 1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_crates_are_forgotten() {
        let folder = std::env::temp_dir().join(format!("salon-claim-{}", std::process::id()));
        let prints = [
            folder.join("debug/.fingerprint/chat-0123"),
            folder.join("wasm32/release/.fingerprint/app-0123"),
            folder.join("debug/.fingerprint/chat-up-0123"),
            folder.join("debug/.fingerprint/serde-0123"),
        ];
        prints.iter().for_each(|print| std::fs::create_dir_all(print).unwrap());
        forget(&folder, 3).unwrap();
        assert_eq!(prints.map(|print| print.exists()), [false, false, true, true]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}

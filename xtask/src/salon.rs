//! The program itself.

use crate::page::Profile;
use crate::places::Places;
use crate::steps::Steps;
use crate::{Done, cargo, process, stamp};
use std::path::{Path, PathBuf};

/// How many steps [`build`] announces.
pub const STEPS: usize = 1;

const INPUTS: [&str; 8] = ["domain", "chat", "app", "server", "Cargo.toml", "Cargo.lock", ".cargo", "style/tokens.css"];

/// Builds `salon` if anything it is made from changed. Answers this checkout's own copy: the
/// one in the shared build folder may come from another checkout a moment later.
pub fn build(places: &Places, profile: Profile, steps: &mut Steps) -> Done<PathBuf> {
    let (word, flag) = match profile {
        Profile::Dev => ("debug", None),
        Profile::Release => ("release", Some("--release")),
    };
    let own = places.own().join("salon").join(word).join("salon");
    let digest = stamp::of(&places.root, &INPUTS, &[word])?;
    if stamp::fits(&own, &digest) {
        steps.skip(STEPS, "the program is up to date");
        return Ok(own);
    }
    steps.next("compile the program");
    let mut build = cargo::cargo(places);
    build.arg("build").args(cargo::NATIVE).args(["--bin", "salon"]).args(flag);
    process::visible(&mut build, "compiling the program")?;
    take(&built(places, word), &own)?;
    stamp::keep(&own, &digest)?;
    Ok(own)
}

/// The program in the shared build folder; `cargo test` puts it there as well.
pub fn built(places: &Places, folder: &str) -> PathBuf {
    places.target.join(folder).join("salon")
}

/// A second name for the same file where that works, else a copy.
fn take(built: &Path, own: &Path) -> Done {
    let folder = own.parent().unwrap_or(own);
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let _ = std::fs::remove_file(own);
    std::fs::hard_link(built, own)
        .or_else(|_| std::fs::copy(built, own).map(|_| ()))
        .map_err(|e| format!("{}: {e}", built.display()))
}

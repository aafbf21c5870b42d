//! A Chromium for the browser tests: the system's, Debian's package, or Playwright's own.

use crate::places::{Places, on_path};
use crate::{Done, process};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// `Some` names the system's browser; with `None` Playwright knows where its own is.
pub fn find(places: &Places) -> Done<Option<PathBuf>> {
    if let Some(found) = system() {
        return Ok(Some(found));
    }
    // Fonts as well: half of what is looked at is Chinese.
    let Err(debian) = process::apt_install(&["chromium", "fonts-noto-cjk"]) else {
        return Ok(system());
    };
    let mut playwright = Command::new("npx");
    playwright.current_dir(places.root.join("end2end")).args(["playwright", "install", "chromium"]);
    match process::within(Duration::from_secs(600), &mut playwright, "npx playwright install chromium") {
        Ok(()) => Ok(None),
        Err(own) => Err(format!("no Chromium for the browser tests: {debian} ({own})")),
    }
}

fn system() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path)
}

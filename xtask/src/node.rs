//! What comes from npm: two tools for the page, and the packages of `end2end`. Fetched once;
//! nothing here touches the network when it is there already.

use crate::places::{Places, on_path};
use crate::{Done, process, sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program of an npm package, kept among the tools.
pub fn tool(places: &Places, package: &str, version: &str, program: &str) -> Done<PathBuf> {
    let folder = places.tool(package, version);
    let kept = folder.join("node_modules/.bin").join(program);
    if kept.exists() {
        return Ok(kept);
    }
    let mut install = npm()?;
    install.args(["install", "--no-save", "--prefix"]).arg(&folder).arg(format!("{package}@{version}"));
    process::quiet(&mut install, "npm")
        .map_err(|e| format!("{package} {version} is missing and could not be fetched: {e}"))?;
    if kept.exists() { Ok(kept) } else { Err(format!("npm's {package} {version} has no {program}")) }
}

/// Installs the packages of `end2end` when its lock file changed.
pub fn packages(end2end: &Path) -> Done {
    let lock =
        std::fs::read(end2end.join("package-lock.json")).map_err(|e| format!("end2end/package-lock.json: {e}"))?;
    let (digest, stamp) = (sha256::hex(&lock), end2end.join("node_modules/.salon"));
    if std::fs::read_to_string(&stamp).is_ok_and(|kept| kept == digest) {
        return Ok(());
    }
    let mut install = npm()?;
    install.current_dir(end2end).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").arg("ci");
    process::quiet(&mut install, "npm ci in end2end")?;
    std::fs::write(&stamp, digest).map_err(|e| format!("{}: {e}", stamp.display()))
}

fn npm() -> Done<Command> {
    for program in ["node", "npm"] {
        if on_path(program).is_none() {
            return Err(format!("{program} is missing: install Node.js 20 or newer with npm"));
        }
    }
    let mut npm = Command::new("npm");
    npm.args(["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]);
    Ok(npm)
}

//! Calling cargo, always with the shared build folder; and what its lock file says.

use crate::page::Profile;
use crate::places::Places;
use crate::{Done, process};
use std::path::PathBuf;
use std::process::Command;

/// The native crates with the features they are served with: one selection for every command,
/// because another one would unify features differently and compile the dependencies again.
pub const NATIVE: [&str; 14] =
    ["-p", "domain", "-p", "chat", "-p", "app", "-p", "server", "-p", "bench", "-p", "xtask", "--features", "app/ssr"];

/// The cargo that runs this program.
pub fn cargo(places: &Places) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    ours(&mut command, places);
    command
}

/// Builds a program that only tests and measurements use; answers where it is.
pub fn tool(places: &Places, profile: Profile, name: &str) -> Done<PathBuf> {
    let (folder, flag) = match profile {
        Profile::Dev => ("debug", None),
        Profile::Release => ("release", Some("--release")),
    };
    let mut build = cargo(places);
    build.arg("build").args(NATIVE).args(["--bin", name]).args(flag);
    process::visible(&mut build, &format!("compiling `{name}`"))?;
    Ok(places.target.join(folder).join(name))
}

/// Sets up any command that leads to cargo: where it builds, and without the variables that
/// describe this program itself.
pub fn ours(command: &mut Command, places: &Places) {
    command.current_dir(&places.root).env("CARGO_TARGET_DIR", &places.target);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
}

/// The version of a crate in `Cargo.lock`.
pub fn locked_version(places: &Places, name: &str) -> Done<String> {
    let lock = std::fs::read_to_string(places.root.join("Cargo.lock")).map_err(|e| format!("Cargo.lock: {e}"))?;
    packages(&lock)
        .find(|package| package.name == name)
        .map(|package| package.version.to_owned())
        .ok_or_else(|| format!("Cargo.lock does not name {name}"))
}

/// A package of a lock file.
pub struct Package<'a> {
    pub name: &'a str,
    pub version: &'a str,
    /// `None` for the members of the workspace.
    pub source: Option<&'a str>,
}

pub fn packages(lock: &str) -> impl Iterator<Item = Package<'_>> {
    lock.split("[[package]]").skip(1).filter_map(|block| {
        let value = |key: &str| {
            let rest = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
            rest.strip_suffix('"')
        };
        Some(Package { name: value("name")?, version: value("version")?, source: value("source") })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_is_read() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.2.3\"\nsource = \"registry\"\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\ndependencies = [\n \"a\",\n]\n";
        let all: Vec<_> = packages(lock).collect();
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].name, all[0].version, all[0].source), ("a", "1.2.3", Some("registry")));
        assert_eq!((all[1].name, all[1].source), ("b", None));
    }
}

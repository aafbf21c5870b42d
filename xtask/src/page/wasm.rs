//! A toolchain that compiles for the browser, and compiling with it. In this order: the
//! standard library is installed; rustup can fetch it; Debian's Rust compiles it from source.

use super::Profile;
use crate::places::{Places, on_path};
use crate::{Done, cargo, process};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const TARGET: &str = "wasm32-unknown-unknown";
/// The name under which rustup knows Debian's Rust.
const DEBIAN: &str = "salon-debian";
/// `lld-22` links for this target; `rust-web-src` is the library's source.
const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];
/// A mirror that does not answer must not hold up the build for long.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The active one has the target's standard library.
    Plain,
    /// Debian's, which builds that library itself.
    Debian,
}

/// `SALON_XTASK_WASM=debian` goes straight to the last way, to test it.
pub fn find(places: &Places) -> Done<Toolchain> {
    if std::env::var("SALON_XTASK_WASM").is_ok_and(|way| way == "debian") {
        return debian(places);
    }
    if is_installed(places) {
        return Ok(Toolchain::Plain);
    }
    let mut rustup = Command::new("rustup");
    rustup.current_dir(&places.root).args(["target", "add", TARGET]);
    match process::within(RUSTUP_LIMIT, &mut rustup, "rustup target add") {
        Ok(()) if is_installed(places) => Ok(Toolchain::Plain),
        outcome => {
            let why = outcome.err().unwrap_or_else(|| "rustup did not install it".to_owned());
            println!("  {why}; trying Debian's Rust");
            debian(places).map_err(|e| format!("no standard library for {TARGET}: `rustup target add {TARGET}` ({e})"))
        }
    }
}

fn is_installed(places: &Places) -> bool {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&places.root).args(["--print", "sysroot"]);
    process::quiet(&mut rustc, "rustc").is_ok_and(|sysroot| {
        let library = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
        library.read_dir().is_ok_and(|mut files| files.next().is_some())
    })
}

fn debian(places: &Places) -> Done<Toolchain> {
    let missing: Vec<&str> = DEBIAN_PACKAGES.into_iter().filter(|package| !has_package(package)).collect();
    if !missing.is_empty() {
        process::apt_install(&missing)?;
    }
    if on_path("rustup").is_none() {
        return Err("rustup is missing: https://rustup.rs".to_owned());
    }
    let mut link = Command::new("rustup");
    link.current_dir(&places.root).args(["toolchain", "link", DEBIAN, "/usr"]);
    process::quiet(&mut link, "rustup toolchain link")?;
    Ok(Toolchain::Debian)
}

fn has_package(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f=${db:Status-Status}", package]);
    process::quiet(&mut query, "dpkg-query").is_ok_and(|status| status == "installed")
}

/// Cargo for this target.
pub fn cargo_for(places: &Places, toolchain: Toolchain) -> Command {
    match toolchain {
        Toolchain::Plain => cargo::cargo(places),
        Toolchain::Debian => {
            // Not the cargo that runs this program: that one only knows its own compiler, and
            // its libraries must not be found before Debian's.
            let mut command = Command::new("rustup");
            cargo::ours(&mut command, places);
            for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
                command.env_remove(name);
            }
            command.env("RUSTC_BOOTSTRAP", "1").args(["run", DEBIAN, "cargo"]);
            command
        }
    }
}

/// Flags that follow cargo's subcommand.
pub fn flags(toolchain: Toolchain) -> Vec<&'static str> {
    let mut flags = vec!["--target", TARGET];
    if toolchain == Toolchain::Debian {
        flags.push("-Zbuild-std=std,panic_abort");
    }
    flags
}

/// Compiles `frontend`; answers the module, not yet fit for a browser.
pub fn compile(places: &Places, toolchain: &Toolchain, profile: Profile) -> Done<PathBuf> {
    let mut build = cargo_for(places, *toolchain);
    build.args(["build", "-p", "frontend", "--lib"]).args(flags(*toolchain));
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => {
            build.args(["--profile", "wasm-release"]);
            "wasm-release"
        }
    };
    process::visible(&mut build, "compiling the page")?;
    Ok(places.target.join(TARGET).join(folder).join("frontend.wasm"))
}

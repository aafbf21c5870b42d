//! A toolchain that compiles for the browser, and compiling with it. In this order: what it
//! needs is installed; rustup can fetch it; Debian's Rust has it.
//!
//! The shipped page compiles the standard library itself, without the texts of panics
//! (docs/decisions/0006); a page in development takes it as it comes.

use super::{Profile, Program};
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
    /// The active one.
    Plain,
    /// Debian's, which has no standard library for this target but its source.
    Debian,
}

/// What rustup may have to fetch: its subcommand, and where it is then, in the sysroot.
struct Part {
    add: [&'static str; 3],
    place: &'static str,
}

impl Part {
    const fn of(profile: Profile) -> Self {
        match profile {
            Profile::Dev => Self { add: ["target", "add", TARGET], place: "lib/rustlib/wasm32-unknown-unknown/lib" },
            Profile::Release => Self { add: ["component", "add", "rust-src"], place: "lib/rustlib/src/rust/library" },
        }
    }
}

/// `SALON_XTASK_WASM=debian` goes straight to the last way, to test it.
pub fn find(places: &Places, profile: Profile) -> Done<Toolchain> {
    if std::env::var("SALON_XTASK_WASM").is_ok_and(|way| way == "debian") {
        return debian(places);
    }
    let part = Part::of(profile);
    if is_installed(places, &part) {
        return Ok(Toolchain::Plain);
    }
    let mut rustup = Command::new("rustup");
    rustup.current_dir(&places.root).args(part.add);
    let what = format!("rustup {}", part.add.join(" "));
    match process::within(RUSTUP_LIMIT, &mut rustup, &what) {
        Ok(()) if is_installed(places, &part) => Ok(Toolchain::Plain),
        outcome => {
            let why = outcome.err().unwrap_or_else(|| "rustup did not install it".to_owned());
            println!("  {why}; trying Debian's Rust");
            debian(places).map_err(|e| format!("nothing compiles for {TARGET}: `{what}` ({e})"))
        }
    }
}

fn is_installed(places: &Places, part: &Part) -> bool {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&places.root).args(["--print", "sysroot"]);
    process::quiet(&mut rustc, "rustc").is_ok_and(|sysroot| {
        let folder = Path::new(sysroot.trim()).join(part.place);
        folder.read_dir().is_ok_and(|mut files| files.next().is_some())
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
pub fn flags(toolchain: Toolchain, profile: Profile) -> Vec<&'static str> {
    let mut flags = vec!["--target", TARGET];
    if toolchain == Toolchain::Debian || profile == Profile::Release {
        flags.push("-Zbuild-std=std,panic_abort");
    }
    if profile == Profile::Release {
        flags.extend(["--profile", "wasm-release", "-Zbuild-std-features=optimize_for_size"]);
        flags.extend(["--config", LEAN]);
    }
    flags
}

/// A panic stops the program, and nobody reads its words: they are left out, and with them
/// all that would only format them. Equal functions keep their own names, for
/// `xtask/bindgen/src/lean.rs`.
const LEAN: &str = "build.rustflags=['-Zunstable-options', '-Cpanic=immediate-abort', \
    '-Zlocation-detail=none', '-Zfmt-debug=none', '-Zmerge-functions=disabled']";

/// Compiles `frontend`; answers the module, not yet fit for a browser.
pub fn compile(places: &Places, toolchain: Toolchain, profile: Profile, program: Program) -> Done<PathBuf> {
    let mut build = cargo_for(places, toolchain);
    build.args(["build", "-p", "frontend", "--lib", "--no-default-features", "--features", program.groups()]);
    build.args(flags(toolchain, profile));
    if profile == Profile::Release {
        // The flags above are not stable yet.
        build.env("RUSTC_BOOTSTRAP", "1");
    }
    process::visible(&mut build, &format!("compiling the page, {}", program.name()))?;
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "wasm-release",
    };
    Ok(places.target.join(TARGET).join(folder).join("frontend.wasm"))
}

//! The page for the browser: WebAssembly, its glue, the stylesheet and the files of `public/`,
//! in one folder that `salon serve --site` serves. The steps are those of `cargo leptos build`
//! without having to compile that first (docs/decisions/0002).

mod bindgen;
mod css;
mod files;
mod wasm;

pub use files::empty as empty_folder;

use crate::places::Places;
use crate::steps::Steps;
use crate::{Done, process, stamp};
use std::path::{Path, PathBuf};

/// How many steps [`build`] announces.
pub const STEPS: usize = 4;

/// Everything the page is made from.
const INPUTS: [&str; 9] =
    ["domain", "app", "frontend", "style", "public", "Cargo.toml", "Cargo.lock", ".cargo", "xtask/src/page"];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Compiles quickly; large and slow.
    Dev,
    /// What is shipped and weighed.
    Release,
}

impl Profile {
    /// The folder of the page in a checkout. The first is also where `cargo leptos` puts it.
    fn site(self, places: &Places) -> PathBuf {
        places.own().join(match self {
            Self::Dev => "site",
            Self::Release => "site-release",
        })
    }

    fn word(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// A program for the browser (docs/decisions/0011).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    /// Every page.
    Whole,
    Guest,
    Member,
    Pictures,
    Site,
}

impl Program {
    /// Those of a page. In development one is enough, and compiled sooner.
    fn of(profile: Profile) -> &'static [Self] {
        match profile {
            Profile::Dev => &[Self::Whole],
            Profile::Release => &[Self::Guest, Self::Member, Self::Pictures, Self::Site],
        }
    }

    /// Of its files, as `server/src/pages` names them.
    fn name(self) -> &'static str {
        match self {
            Self::Whole => "salon",
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Pictures => "pictures",
            Self::Site => "site",
        }
    }

    /// The groups of pages it has (`app/src/routes.rs`), as features of `frontend`.
    fn groups(self) -> &'static str {
        match self {
            Self::Whole => "guest,member,pictures,site",
            Self::Guest => "guest",
            Self::Member => "guest,member",
            Self::Pictures => "pictures",
            Self::Site => "site",
        }
    }
}

/// Builds the page if anything it is made from changed; answers its folder.
pub fn build(places: &Places, profile: Profile, steps: &mut Steps) -> Done<PathBuf> {
    let site = profile.site(places);
    let digest = stamp::of(&places.root, &INPUTS, &[profile.word()])?;
    if stamp::fits(&site, &digest) {
        steps.skip(STEPS, "the page is up to date");
        return Ok(site);
    }
    // Beside, then exchanged: a running server never sees half a page.
    let new = site.with_extension("new");
    files::empty(&new)?;
    files::empty(&new.join("pkg"))?;
    steps.next("tools for the page");
    let toolchain = wasm::find(places, profile)?;
    let bindgen = bindgen::find(places)?;
    steps.next("compile the page for the browser");
    for program in Program::of(profile) {
        let module = wasm::compile(places, toolchain, profile, *program)?;
        bindgen::run(&bindgen, &module, &new.join("pkg"), *program, profile)?;
    }
    steps.next("stylesheet and other files");
    css::bundle(places, &new.join("pkg/salon.css"), profile)?;
    files::copy(&places.root.join("public"), &new)?;
    steps.next("compress");
    finish(places, &new, profile)?;
    files::exchange(&new, &site)?;
    stamp::keep(&site, &digest)?;
    Ok(site)
}

/// What only the shipped page needs: the last percents, and copies compressed at leisure.
fn finish(places: &Places, site: &Path, profile: Profile) -> Done {
    if profile == Profile::Dev {
        return Ok(());
    }
    for program in Program::of(profile) {
        bindgen::optimise(places, &site.join(format!("pkg/{}.wasm", program.name())));
    }
    files::compress(places, site)
}

/// The lints, for the browser's half of the code. Debian's Rust has no clippy for it: there
/// the compiler's own warnings have to do.
pub fn browser_lint(places: &Places) -> Done {
    let toolchain = wasm::find(places, Profile::Dev)?;
    let mut lint = wasm::cargo_for(places, toolchain);
    match toolchain {
        wasm::Toolchain::Plain => lint.arg("clippy"),
        wasm::Toolchain::Debian => lint.arg("check"),
    };
    lint.args(["-p", "app", "-p", "frontend", "--features", "app/hydrate"]).args(wasm::flags(toolchain, Profile::Dev));
    if toolchain == wasm::Toolchain::Plain {
        lint.args(["--", "-D", "warnings"]);
    }
    process::visible(&mut lint, "the browser's half")
}

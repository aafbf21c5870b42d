//! wasm-bindgen makes the module fit for a browser and writes its JavaScript; wasm-opt makes
//! it a little smaller.

use super::{Profile, Program, files};
use crate::places::Places;
use crate::{Done, cargo, node, process, stamp};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program `xtask/bindgen`, kept among the tools under the version of its library and a
/// digest of its own.
pub fn find(places: &Places) -> Done<PathBuf> {
    let version = cargo::locked_version(places, "wasm-bindgen-cli-support")?;
    let digest = stamp::of(&places.root, &["xtask/bindgen"], &[])?;
    let folder = places.tool("bindgen", &format!("{version}-{}", &digest[..8]));
    let kept = folder.join("bindgen");
    if !kept.is_file() {
        build(places, &folder)?;
    }
    Ok(kept)
}

/// Lightly optimised: without, the tool takes long over a page; fully, it takes long to compile.
fn build(places: &Places, folder: &Path) -> Done {
    let target = folder.join("building");
    let mut build = cargo::cargo(places);
    build
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .args(["build", "-p", "bindgen"]);
    process::visible(&mut build, "compiling wasm-bindgen")?;
    files::rename(&target.join("debug/bindgen"), &folder.join("bindgen"))?;
    files::remove(&target)
}

/// Writes the program's `.js` and `.wasm`.
pub fn run(tool: &Path, module: &Path, pkg: &Path, program: Program, profile: Profile) -> Done {
    let mut command = Command::new(tool);
    command.arg(module).arg(pkg).arg(program.name());
    if profile == Profile::Release {
        command.arg("--lean");
    }
    process::visible(&mut command, "wasm-bindgen")
}

/// A few percent of what travels: worth having, not worth failing for. The budget is checked on
/// whatever comes out.
///
/// Without inlining and without sharing subexpressions, which make the module smaller and what
/// travels larger: copies of the same code compress to almost nothing, code mixed into its callers
/// does not (docs/decisions/0006).
pub fn optimise(places: &Places, module: &Path) {
    let outcome = node::tool(places, "binaryen", "132.0.0", "wasm-opt").and_then(|tool| {
        let mut command = Command::new(tool);
        command
            .args([
                "-Os",
                "--skip-pass=inlining-optimizing",
                "--skip-pass=local-cse",
                "--enable-bulk-memory",
                "--enable-nontrapping-float-to-int",
                "-o",
            ])
            .arg(module)
            .arg(module);
        process::quiet(&mut command, "wasm-opt")
    });
    if let Err(sentence) = outcome {
        println!("  left as compiled, a few percent larger: {sentence}");
    }
}

//! wasm-bindgen makes the module fit for a browser and writes its JavaScript; wasm-opt makes
//! it a little smaller.

use super::{Profile, files};
use crate::places::{Places, on_path};
use crate::{Done, cargo, node, process};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The command-line tool of exactly the version of the crate: their formats differ otherwise.
pub fn find(places: &Places) -> Done<PathBuf> {
    let version = cargo::locked_version(places, "wasm-bindgen")?;
    let folder = places.tool("wasm-bindgen", &version);
    let kept = folder.join("bin/wasm-bindgen");
    if kept.is_file() {
        return Ok(kept);
    }
    if let Some(found) = on_path("wasm-bindgen")
        && is_version(&found, &version)
    {
        return Ok(found);
    }
    install(places, &folder, &version)?;
    Ok(kept)
}

fn is_version(tool: &Path, version: &str) -> bool {
    process::quiet(Command::new(tool).arg("--version"), "wasm-bindgen")
        .is_ok_and(|text| text.split_whitespace().nth(1) == Some(version))
}

/// Lightly optimised: without, the tool takes long over a page; fully, it takes long to compile.
fn install(places: &Places, folder: &Path, version: &str) -> Done {
    let building = folder.join("building");
    files::empty(&building)?;
    let mut install = cargo::cargo(places);
    install
        // Outside of the checkout, whose compiler flags are for the page.
        .current_dir(&building)
        .env("CARGO_TARGET_DIR", building.join("target"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .args(["install", "--locked", "--debug", "--root"])
        .arg(folder)
        .arg(format!("wasm-bindgen-cli@{version}"));
    process::visible(&mut install, "installing wasm-bindgen")
        .map_err(|e| format!("wasm-bindgen {version} is missing: `cargo install wasm-bindgen-cli@{version}` ({e})"))?;
    files::remove(&building)
}

/// Writes `salon.js` and `salon.wasm`, the names that the page asks for.
pub fn run(tool: &Path, module: &Path, pkg: &Path, profile: Profile) -> Done {
    let mut command = Command::new(tool);
    command.args(["--target", "web", "--no-typescript", "--out-name", "salon", "--out-dir"]).arg(pkg).arg(module);
    if profile == Profile::Release {
        command.args(["--remove-name-section", "--remove-producers-section"]);
    }
    process::visible(&mut command, "wasm-bindgen")?;
    // The tool adds `_bg`; Leptos, told the output's name at compile time, asks without.
    files::rename(&pkg.join("salon_bg.wasm"), &pkg.join("salon.wasm"))?;
    let glue = pkg.join("salon.js");
    let text = std::fs::read_to_string(&glue).map_err(|e| format!("{}: {e}", glue.display()))?;
    files::write(&glue, &text.replace("salon_bg.wasm", "salon.wasm"))
}

/// About one percent of what travels: worth having, not worth failing for. The budget is
/// checked on whatever comes out.
pub fn optimise(places: &Places, module: &Path) {
    let outcome = node::tool(places, "binaryen", "132.0.0", "wasm-opt").and_then(|tool| {
        let mut command = Command::new(tool);
        command
            .args(["-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", "-o"])
            .arg(module)
            .arg(module);
        process::quiet(&mut command, "wasm-opt")
    });
    if let Err(sentence) = outcome {
        println!("  left as compiled, about 1 % larger: {sentence}");
    }
}

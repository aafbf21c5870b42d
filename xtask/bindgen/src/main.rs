//! `bindgen MODULE FOLDER [--small]`: makes a compiled module fit for a browser and writes its
//! JavaScript, as `salon.js` and `salon.wasm`, the names that the page asks for.
//!
//! A program of its own because xtask itself has to compile in seconds; not the `wasm-bindgen`
//! command because that brings a test runner with a web server, five times as much to compile.

use std::error::Error;
use std::fs;
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder, rest @ ..] = &arguments[..] else {
        return Err("usage: bindgen MODULE FOLDER [--small]".into());
    };
    let is_small = rest.iter().any(|flag| flag == "--small");
    write(Path::new(module), Path::new(folder), is_small)
}

/// `is_small`: without the names of functions, which only a developer reads.
fn write(module: &Path, folder: &Path, is_small: bool) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name("salon").web(true)?.typescript(false);
    bindgen.remove_name_section(is_small).remove_producers_section(is_small);
    bindgen.generate(folder)?;
    // It adds `_bg`; Leptos, told the output's name at compile time, asks without.
    fs::rename(folder.join("salon_bg.wasm"), folder.join("salon.wasm"))?;
    let glue = folder.join("salon.js");
    let text = fs::read_to_string(&glue)?;
    Ok(fs::write(glue, text.replace("salon_bg.wasm", "salon.wasm"))?)
}

//! `bindgen MODULE FOLDER NAME [--lean]`: makes a compiled module fit for a browser and writes
//! it as `NAME.wasm` with its JavaScript, `NAME.js`: the names that the page asks for.
//!
//! A program of its own because xtask itself has to compile in seconds; not the `wasm-bindgen`
//! command because that brings a test runner with a web server, five times as much to compile.

mod lean;

use std::error::Error;
use std::fs;
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder, name, rest @ ..] = &arguments[..] else {
        return Err("usage: bindgen MODULE FOLDER NAME [--lean]".into());
    };
    let is_lean = rest.iter().any(|flag| flag == "--lean");
    write(Path::new(module), Path::new(folder), name, is_lean)
}

/// `is_lean`: without what never runs, and without the names of functions, which only a
/// developer reads.
fn write(module: &Path, folder: &Path, name: &str, is_lean: bool) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).web(true)?.typescript(false);
    bindgen.remove_name_section(is_lean).remove_producers_section(is_lean);
    let mut output = bindgen.generate_output()?;
    if is_lean {
        lean::leave_out_unused(output.wasm_mut());
    }
    output.emit(folder)?;
    // It adds `_bg`; Leptos, told the output's name at compile time, asks without.
    let (with, without) = (format!("{name}_bg.wasm"), format!("{name}.wasm"));
    fs::rename(folder.join(&with), folder.join(&without))?;
    let glue = folder.join(format!("{name}.js"));
    let text = fs::read_to_string(&glue)?;
    Ok(fs::write(glue, text.replace(&with, &without))?)
}

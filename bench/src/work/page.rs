//! W8: what a first visit loads. What it costs the browser is `cargo xtask size`'s and the
//! browser tests' business.

use super::Under;
use crate::Done;
use crate::report::{Figure, Goal, Report};

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let mut figures = Vec::new();
    for (file, most) in [("visit.wasm.br", 300.0), ("visit.js.br", 20.0), ("salon.css.br", 20.0)] {
        // Only the shipped page is compressed.
        let Ok(found) = std::fs::metadata(under.site.join("pkg").join(file)) else { continue };
        let mut size = Figure::new(file, "kB", Goal::AtMost(most));
        size.salon(found.len() as f64 / 1000.0);
        figures.push(size);
    }
    report.add("W8", figures);
    Ok(())
}

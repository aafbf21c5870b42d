//! Format, tidiness and lints; each counts as one test.

use super::{Context, Tally};
use crate::page::browser_lint;
use crate::{Done, cargo, process, tidy};

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    let mut tally = tidy::run(context.places)?;
    let mut fmt = cargo::cargo(context.places);
    fmt.args(["fmt", "--all", "--", "--check"]);
    tally.add(told("format (`cargo xtask fmt` mends it)", process::visible(&mut fmt, "cargo fmt --check")));
    let mut native = cargo::cargo(context.places);
    native.arg("clippy").args(cargo::NATIVE).args(["--all-targets", "--", "-D", "warnings"]);
    tally.add(told("lints, server side", process::visible(&mut native, "cargo clippy")));
    tally.add(told("lints, browser side", browser_lint(context.places)));
    Ok(tally)
}

fn told(what: &str, outcome: Done) -> Tally {
    println!("  {} {what}", if outcome.is_ok() { "ok    " } else { "FAILED" });
    if let Err(sentence) = &outcome {
        eprintln!("  {sentence}");
    }
    Tally::one(outcome.is_ok())
}

//! The browser tests: people in real browsers against the real program.

use super::{Context, Tally, size};
use crate::places::on_path;
use crate::steps::Steps;
use crate::{Done, browser, cargo, node, page, process, salon};
use std::process::Command;

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    let places = context.places;
    let end2end = places.root.join("end2end");
    let mut steps = Steps::new(page::STEPS + salon::STEPS + 3);
    let site = page::build(places, context.profile, &mut steps)?;
    let program = size::program(context, &mut steps)?;
    steps.next("compile the example site");
    process::visible(
        cargo::cargo(places).arg("build").args(cargo::NATIVE).args(["--example", "host"]),
        "the example site",
    )?;
    steps.next("packages and browser");
    node::packages(&end2end)?;
    let chromium = browser::find(places)?;
    has_ffmpeg()?;
    steps.next("tests");
    let mut test = Command::new("npx");
    test.current_dir(&end2end).args(["playwright", "test"]).env("SALON_BIN", program).env("SALON_SITE", site);
    test.env("SALON_HOST", places.target.join("debug/examples/host"));
    if let Some(chromium) = chromium {
        test.env("SALON_CHROMIUM", chromium);
    }
    let mut tally = None;
    let succeeded = process::watched(&mut test, "playwright", |line| tally = counts(line).or(tally))?;
    let mut tally = tally.ok_or("the browser tests ended without a result")?;
    if !succeeded && tally.failed == 0 {
        tally.add(Tally::one(false));
    }
    Ok(tally)
}

/// The videos and streams of the tests are made when they run.
fn has_ffmpeg() -> Done {
    if on_path("ffmpeg").is_some() { Ok(()) } else { process::apt_install(&["ffmpeg"]) }
}

/// The last line of `end2end/reporter.ts`.
fn counts(line: &str) -> Option<Tally> {
    Tally::read(line, "browser tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reporters_line_is_read() {
        assert_eq!(
            counts("browser tests: 12 passed, 1 failed, 0 skipped"),
            Some(Tally { passed: 12, failed: 1, skipped: 0 })
        );
        assert_eq!(counts("  ✓ 1 talk"), None);
    }
}

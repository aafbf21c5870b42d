//! The suites of `cargo test`: in-file tests, and those of the `tests/` folders.

use super::{Context, Tally};
use crate::{Done, cargo, process};
use std::process::Command;

pub fn unit(context: &mut Context<'_>) -> Done<Tally> {
    let mut test = cargo::cargo(context.places);
    test.arg("test").args(cargo::NATIVE).args(["--no-fail-fast", "--lib", "--bins"]);
    counted(&mut test, "cargo test (unit)")
}

/// Also builds `salon`, which these tests start; the later suites use the same one.
pub fn integration(context: &mut Context<'_>) -> Done<Tally> {
    let mut test = cargo::cargo(context.places);
    test.arg("test").args(cargo::NATIVE).args(["--no-fail-fast", "--test", "*"]);
    let tally = counted(&mut test, "cargo test (integration)")?;
    // Nothing passed: it did not compile, and what lies there is of another day.
    context.program_is_built = tally.passed > 0;
    Ok(tally)
}

/// Runs test programs and adds up their result lines.
pub fn counted(command: &mut Command, what: &str) -> Done<Tally> {
    let mut tally = Tally::default();
    let succeeded = process::watched(command, what, |line| {
        if let Some(result) = result(line) {
            tally.add(result);
        }
    })?;
    // A program that crashed, or that did not compile, has no result line of its own.
    if !succeeded && tally.failed == 0 {
        eprintln!("  {what} failed without naming a test");
        tally.add(Tally::one(false));
    }
    Ok(tally)
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`
fn result(line: &str) -> Option<Tally> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let count = |word: &str| {
        counts.split("; ").find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok()).unwrap_or(0)
    };
    Some(Tally { passed: count("passed"), failed: count("failed"), skipped: count("ignored") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.02s";
        assert_eq!(result(line), Some(Tally { passed: 12, failed: 3, skipped: 1 }));
        assert_eq!(result("test a::b ... ok"), None);
    }
}

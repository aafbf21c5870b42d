//! `cargo xtask torture`: the real program, killed, starved and confused (docs/testing.md).

use crate::page::Profile;
use crate::places::Places;
use crate::steps::Steps;
use crate::suites::Tally;
use crate::{Done, cargo, process, salon};
use std::path::Path;
use std::process::{Command, ExitCode};

/// How many times as long a program may take that is not optimised.
const UNOPTIMISED: &str = "12";
const COMPILE: &str = "compile the torturer";

/// `arguments` are those of the torture program: `--short`, `--seed N`, `--kills N`, scenarios.
pub fn command(places: &Places, arguments: &[String]) -> Done<ExitCode> {
    let mut steps = Steps::new(salon::STEPS + 2);
    let program = salon::build(places, Profile::Release, &mut steps)?;
    steps.next(COMPILE);
    let torture = cargo::tool(places, Profile::Release, "torture")?;
    tools(&mut steps);
    let tally = run(&torture, &program, arguments)?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The short form against a program that need not be optimised.
pub fn short(places: &Places, program: &Path) -> Done<Tally> {
    let mut steps = Steps::new(2);
    steps.next(COMPILE);
    let torture = cargo::tool(places, Profile::Dev, "torture")?;
    tools(&mut steps);
    run(&torture, program, &["--short", "--slack", UNOPTIMISED].map(str::to_owned))
}

/// strace and libfaketime; without them the scenarios that need them are skipped by name.
fn tools(steps: &mut Steps) {
    steps.next("strace and libfaketime");
    let is_there = |name| crate::places::on_path(name).is_some();
    if is_there("strace") && is_there("faketime") {
        return;
    }
    if let Err(sentence) = process::apt_install(&["strace", "faketime"]) {
        println!("  {sentence}");
    }
}

fn run(torture: &Path, program: &Path, arguments: &[String]) -> Done<Tally> {
    let mut command = Command::new(torture);
    command.arg("--program").arg(program).args(arguments);
    let mut tally = None;
    let succeeded = process::watched(&mut command, "torture", |line| tally = counts(line).or(tally))?;
    let mut tally = tally.ok_or("torture ended without a result")?;
    if !succeeded && tally.failed == 0 {
        tally.add(Tally::one(false));
    }
    Ok(tally)
}

/// The last line: `torture: N passed, N failed, N skipped`.
fn counts(line: &str) -> Option<Tally> {
    Tally::read(line, "torture")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_read() {
        let tally = Tally { passed: 12, failed: 1, skipped: 2 };
        assert_eq!(counts("torture: 12 passed, 1 failed, 2 skipped"), Some(tally));
        assert_eq!(counts("torture: seed 5, 14 scenarios, short"), None);
    }
}

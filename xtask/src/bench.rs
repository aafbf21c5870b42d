//! `cargo xtask bench`: Salon beside the floor of this machine (docs/benchmarks.md).

use crate::page::{self, Profile};
use crate::places::Places;
use crate::postgres::{self, Durable, Server};
use crate::steps::Steps;
use crate::suites::Tally;
use crate::{Done, cargo, process, salon};
use std::path::Path;
use std::process::{Command, ExitCode};

/// `arguments` are those of the bench program: `--quick`, `--rounds N`, `--json FILE`, workloads.
pub fn command(places: &Places, arguments: &[String]) -> Done<ExitCode> {
    let mut steps = Steps::new(salon::STEPS + page::STEPS + 1);
    let program = salon::build(places, Profile::Release, &mut steps)?;
    let tally = run(places, (&program, Profile::Release), arguments, &mut steps)?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every workload once and briefly, with a program that need not be optimised: whether it can be
/// measured, not how fast it is.
pub fn quick(places: &Places, program: &Path) -> Done<Tally> {
    run(places, (program, Profile::Dev), &["--quick".to_owned()], &mut Steps::new(page::STEPS + 1))
}

fn run(places: &Places, (program, profile): (&Path, Profile), arguments: &[String], steps: &mut Steps) -> Done<Tally> {
    let site = page::build(places, Profile::Release, steps)?;
    steps.next("compile the bench");
    let mut bench = Command::new(cargo::tool(places, profile, "bench")?);
    bench.arg("--salon").arg(program).arg("--site").arg(site).args(arguments);
    // Lives as long as the bench.
    let _postgres = needs_postgres(arguments).then(|| give_postgres(&mut bench));
    let mut tally = None;
    process::watched(&mut bench, "bench", |line| tally = counts(line).or(tally))?;
    tally.ok_or_else(|| "the bench ended without a result".to_owned())
}

/// Whether W4 or W13 is wanted, by name or with all others.
fn needs_postgres(arguments: &[String]) -> bool {
    let mut workloads = arguments.iter().filter(|argument| argument.starts_with('w')).peekable();
    workloads.peek().is_none() || workloads.any(|name| name == "w4" || name == "w13")
}

/// Without one, what needs it is not measured.
fn give_postgres(bench: &mut Command) -> Option<Server> {
    match postgres::programs().and_then(|programs| Server::start(&programs, Durable::Yes)) {
        Ok(server) => {
            bench.args(["--postgres", &server.url()]);
            Some(server)
        }
        Err(sentence) => {
            println!("  not measured on PostgreSQL: {sentence}");
            None
        }
    }
}

/// The last line: `bench: N measured, N failed`.
fn counts(line: &str) -> Option<Tally> {
    Tally::read(line, "bench")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_is_only_started_for_its_workload() {
        let needs = |words: &[&str]| needs_postgres(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(needs(&[]) && needs(&["--quick"]) && needs(&["w2", "w4", "--rounds", "2"]));
        assert!(!needs(&["w2", "w12"]));
    }

    #[test]
    fn the_last_line_is_read() {
        assert_eq!(counts("bench: 11 measured, 1 failed"), Some(Tally { passed: 11, failed: 1, skipped: 0 }));
        assert_eq!(counts("bench: one core only"), None);
    }
}

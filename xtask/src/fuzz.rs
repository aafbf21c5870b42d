//! The fuzz targets of `bench/fuzz`: built with the counters that libFuzzer steers by, and run
//! over their corpora and beyond.
//!
//! These are the flags of `cargo fuzz` without a sanitizer (nothing of ours is unsafe), given to
//! cargo directly: they are stable, and a tool that only adds them need not be compiled first.
//! The layout is that of `cargo fuzz`, which works here too.

use crate::places::Places;
use crate::{Done, cargo, page, process};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

pub const TARGETS: [&str; 5] = ["command", "cursor", "guard", "file_name", "spans"];

const COUNTERS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Ccodegen-units=1";
/// The longest texts that any door lets in, in bytes.
const LONGEST: &str = "-max_len=16384";
/// How long a target may take beyond its time, for its corpus and its last input.
const GRACE: Duration = Duration::from_secs(60);

/// `cargo xtask fuzz [TARGET] [--seconds N]`.
pub fn command(places: &Places, arguments: &[String]) -> Done<ExitCode> {
    let (targets, seconds) = parse(arguments)?;
    let programs = build(places)?;
    let failed = targets.iter().filter(|target| !run(places, &programs, target, seconds)).count();
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn parse(arguments: &[String]) -> Done<(Vec<&'static str>, u64)> {
    let usage = || format!("usage: cargo xtask fuzz [{}] [--seconds N]", TARGETS.join("|"));
    let (mut targets, mut seconds) = (Vec::new(), 60);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--seconds" {
            seconds = rest.next().and_then(|n| n.parse().ok()).ok_or_else(usage)?;
        } else {
            targets.push(*TARGETS.iter().find(|target| *target == argument).ok_or_else(usage)?);
        }
    }
    Ok((if targets.is_empty() { TARGETS.to_vec() } else { targets }, seconds))
}

/// Builds all targets; answers their folder. Beside the other builds, which have other flags.
pub fn build(places: &Places) -> Done<PathBuf> {
    let host = host()?;
    let target = places.target.join("fuzz");
    let mut build = cargo::cargo(places);
    build
        .current_dir(places.root.join("bench/fuzz"))
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTFLAGS", COUNTERS)
        // With a target named, the counters are left out of what runs at build time.
        .args(["build", "--release", "--locked", "--bins", "--target", &host]);
    process::visible(&mut build, "compiling the fuzz targets")?;
    Ok(target.join(host).join("release"))
}

fn host() -> Done<String> {
    let version = process::quiet(Command::new("rustc").arg("-vV"), "rustc")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not say its host".to_owned())
}

/// Runs a target over its corpus, then on what it thinks of, and says how it went. What it
/// finds on the way stays in `target/fuzz`, so that the corpus stays as small as it is kept.
pub fn run(places: &Places, programs: &Path, target: &str, seconds: u64) -> bool {
    match attempt(places, programs, target, seconds) {
        Ok(()) => {
            println!("  ok     {target}: its corpus, and {seconds} s of others");
            true
        }
        Err(sentence) => {
            println!("  FAILED {target}: {sentence}");
            println!(
                "         the input: {}; mend, then keep it in bench/fuzz/corpus/{target}",
                found(places).display()
            );
            false
        }
    }
}

fn attempt(places: &Places, programs: &Path, target: &str, seconds: u64) -> Done {
    let scratch = found(places).join(target);
    page::empty_folder(&scratch)?;
    let log = found(places).join(format!("{target}.log"));
    let errors = std::fs::File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
    let mut fuzz = Command::new(programs.join(target));
    fuzz.current_dir(&scratch)
        .args([LONGEST, "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1"])
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/{target}-", found(places).display()))
        .arg(&scratch)
        .arg(places.root.join("bench/fuzz/corpus").join(target))
        .stderr(errors);
    let limit = Duration::from_secs(seconds) + GRACE;
    process::within(limit, &mut fuzz, target).map_err(|sentence| format!("{sentence}; see {}", log.display()))
}

fn found(places: &Places) -> PathBuf {
    places.own().join("fuzz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_time_are_chosen() {
        let parse = |words: &[&str]| parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(parse(&[]), Ok((TARGETS.to_vec(), 60)));
        assert_eq!(parse(&["spans", "--seconds", "5"]), Ok((vec!["spans"], 5)));
        assert!(parse(&["nothing"]).is_err() && parse(&["--seconds", "x"]).is_err());
    }
}

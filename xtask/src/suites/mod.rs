//! `cargo xtask test`: the suites, what each counted, and the sum as the last line.

mod autobahn;
mod bench;
mod check;
mod e2e;
mod fuzz;
mod native;
mod postgres;
mod size;
mod torture;

use crate::Done;
use crate::page::Profile;
use crate::places::Places;
use std::process::ExitCode;
use std::time::Instant;

/// What a suite counted.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    pub fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 }
    }

    /// Reads `<name>: N …, N …` or `<name>: N …, N …, N …`: passed, failed and skipped.
    pub fn read(line: &str, name: &str) -> Option<Self> {
        let rest = line.strip_prefix(name)?.strip_prefix(": ")?;
        let numbers: Option<Vec<u64>> = rest.split(", ").map(|part| part.split(' ').next()?.parse().ok()).collect();
        match numbers?[..] {
            [passed, failed] => Some(Self { passed, failed, skipped: 0 }),
            [passed, failed, skipped] => Some(Self { passed, failed, skipped }),
            _ => None,
        }
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// `N passed, N failed`, and the skipped ones if there are any.
    fn sentence(self) -> String {
        let mut sentence = format!("{} passed, {} failed", self.passed, self.failed);
        if self.skipped > 0 {
            sentence += &format!(", {} skipped", self.skipped);
        }
        sentence
    }
}

/// How the suites are run, and what the earlier ones left for the later.
pub struct Context<'a> {
    pub places: &'a Places,
    /// The page for the browser tests.
    pub profile: Profile,
    /// The suites with the program under test have built it.
    pub program_is_built: bool,
}

type Suite = fn(&mut Context<'_>) -> Done<Tally>;

/// In the order of running: the quick and common failures first.
const SUITES: [(&str, Suite); 10] = [
    ("check", check::run),
    ("unit", native::unit),
    ("integration", native::integration),
    ("postgres", postgres::run),
    ("autobahn", autobahn::run),
    ("fuzz", fuzz::run),
    ("torture", torture::run),
    ("bench", bench::run),
    ("e2e", e2e::run),
    ("size", size::run),
];

/// Runs the named suites, or all. A suite that cannot run at all counts as one failure, and
/// the next ones run nevertheless.
pub fn run(places: &Places, arguments: &[String]) -> Done<ExitCode> {
    let is_quick = arguments.iter().any(|a| a == "--dev");
    let names: Vec<&str> = arguments.iter().map(String::as_str).filter(|a| *a != "--dev").collect();
    if let Some(unknown) = names.iter().find(|name| !SUITES.iter().any(|known| known.0 == **name)) {
        let known: Vec<&str> = SUITES.iter().map(|known| known.0).collect();
        return Err(format!("no suite `{unknown}`; there are {}", known.join(", ")));
    }
    let profile = if is_quick { Profile::Dev } else { Profile::Release };
    let mut context = Context { places, profile, program_is_built: false };
    let chosen: Vec<_> = SUITES.iter().filter(|suite| names.is_empty() || names.contains(&suite.0)).collect();
    let (mut total, mut lines) = (Tally::default(), Vec::new());
    for (at, (name, run)) in chosen.iter().enumerate() {
        println!("▸ suite {name} ({} of {})", at + 1, chosen.len());
        let began = Instant::now();
        let tally = run(&mut context).unwrap_or_else(|sentence| {
            eprintln!("xtask: {name}: {sentence}");
            Tally::one(false)
        });
        total.add(tally);
        lines.push(format!("  {name:<12} {} ({} s)", tally.sentence(), began.elapsed().as_secs()));
    }
    println!("\n{}\n{}", lines.join("\n"), total.sentence());
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line() {
        let mut tally = Tally { passed: 3, failed: 0, skipped: 0 };
        assert_eq!(tally.sentence(), "3 passed, 0 failed");
        tally.add(Tally { passed: 1, failed: 2, skipped: 4 });
        assert_eq!(tally.sentence(), "4 passed, 2 failed, 4 skipped");
    }
}

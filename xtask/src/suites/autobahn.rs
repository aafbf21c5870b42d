//! The public conformance suite for WebSockets, against the accept loop and the sockets of
//! `salon serve`. Compression (12, 13) is left out: Salon has none, and offers none.

use super::{Context, Tally, size};
use crate::process::{Background, Reads};
use crate::python::{self, Lack};
use crate::steps::Steps;
use crate::{Done, process, salon};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The version in `xtask/autobahn/requirements.txt`.
const VERSION: &str = "25.10.1";
/// What is run where: the cases about size have frames of up to 16 MiB.
const PARTS: [(&str, &str, &str); 2] = [("/", "*", "9.*,12.*,13.*"), ("/large", "9.*", "12.*")];
/// As many cases there are, so that none is forgotten.
const CASES: u64 = 301;
/// How often a case that failed is played again. The suite's client gives its peer a second, and now
/// and then a case runs over it; why is not known (docs/fuzzing-and-conformance.md). A fault of the
/// sockets would show again.
const AGAIN: usize = 20;
/// What may be done otherwise than the suite likes, while the protocol leaves it open: text that
/// is not UTF-8 is refused with its frame, not with its first wrong byte (6.4.3, 6.4.4).
const NON_STRICT: usize = 2;

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    let places = context.places;
    let mut steps = Steps::new(salon::STEPS + 2);
    steps.next("the Autobahn suite");
    let python = match python::environment(places, "autobahn", VERSION, "xtask/autobahn") {
        Ok(python) => python,
        Err(Lack::Python(sentence)) => {
            println!("  SKIPPED: {sentence}");
            return Ok(Tally { skipped: 1, ..Tally::default() });
        }
        Err(Lack::Packages(sentence)) => return Err(sentence),
    };
    let program = size::program(context, &mut steps)?;
    steps.next("cases");
    let data = std::env::temp_dir().join(format!("salon-autobahn-{}", std::process::id()));
    let judged = judge(&python, &places.root.join("xtask/autobahn/run.py"), &program, &data, &places.own());
    let _ = std::fs::remove_dir_all(&data);
    judged
}

fn judge(python: &Path, suite: &Path, program: &Path, data: &Path, own: &Path) -> Done<Tally> {
    let mut serve = Command::new(program);
    serve.args(["serve", "--listen", "127.0.0.1:0", "--echo", "127.0.0.1:0", "--data"]).arg(data);
    serve.env("RUST_LOG", "warn");
    let server = Background::start(&mut serve, "salon serve", &Reads::Output, "-TERM")?;
    let said = server.says("Echo listens on ", Duration::from_secs(60))?;
    let client = Client { python, suite, address: said.rsplit(' ').next().unwrap_or_default(), own };
    let (mut tally, mut lax) = (Tally::default(), BTreeSet::new());
    for (path, cases, excluded) in PARTS {
        let mut played = client.play(path, cases, excluded)?;
        tally.add(client.judge(path, &mut played)?);
        lax.extend(played.lax);
    }
    println!("  {} of {} cases passed, {} of them otherwise than the suite likes", tally.passed, CASES, lax.len());
    tally.add(Tally::one(tally.passed + tally.failed == CASES && lax.len() <= NON_STRICT));
    Ok(tally)
}

/// The suite's client, and the server it plays against.
struct Client<'a> {
    python: &'a Path,
    suite: &'a Path,
    address: &'a str,
    own: &'a Path,
}

/// What came of the cases of one run.
#[derive(Default)]
struct Played {
    passed: u64,
    lax: BTreeSet<String>,
    failed: BTreeSet<String>,
}

impl Client<'_> {
    fn play(&self, path: &str, cases: &str, excluded: &str) -> Done<Played> {
        let folder = self.own.join("autobahn").join(path.trim_matches('/'));
        let mut command = Command::new(self.python);
        command.arg("-B").arg(self.suite).arg(format!("ws://{}{path}", self.address));
        command.arg(folder).args([cases, excluded]);
        let mut played = Played::default();
        let ended = process::lines(&mut command, "the Autobahn suite", |line| {
            if let Some(case) = Case::parse(line) {
                played.count(&case);
            }
        })?;
        if ended { Ok(played) } else { Err("the Autobahn suite failed; its last lines above say why".to_owned()) }
    }

    /// A case that failed counts as passed only if it passes each time that it is played [`AGAIN`].
    fn judge(&self, path: &str, played: &mut Played) -> Done<Tally> {
        let doubtful = played.failed.iter().cloned().collect::<Vec<_>>().join(",");
        let mut failed = BTreeSet::new();
        for _ in 0..AGAIN {
            if failed.len() == played.failed.len() {
                break;
            }
            let again = self.play(path, &doubtful, "")?;
            failed.extend(again.failed.intersection(&played.failed).cloned());
            played.lax.extend(again.lax);
        }
        let again = (played.failed.len() - failed.len()) as u64;
        if again > 0 {
            println!("  ok     {again} of these failed once and then passed {AGAIN} times in a row");
        }
        Ok(Tally { passed: played.passed + again, failed: failed.len() as u64, skipped: 0 })
    }
}

impl Played {
    fn count(&mut self, case: &Case<'_>) {
        if case.is_lax() {
            self.lax.insert(case.id.to_owned());
        }
        if case.told() {
            self.passed += 1;
        } else {
            self.failed.insert(case.id.to_owned());
        }
    }
}

/// A line of `run.py`: `case 1.1.1 OK|OK|12|what happened`.
struct Case<'a> {
    id: &'a str,
    behaviour: &'a str,
    close: &'a str,
    why: &'a str,
}

impl<'a> Case<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (id, result) = line.strip_prefix("case ")?.split_once(' ')?;
        let mut parts = result.splitn(4, '|');
        let mut part = || parts.next();
        let (behaviour, close, _, why) = (part()?, part()?, part()?, part()?);
        Some(Self { id, behaviour, close, why })
    }

    fn is_lax(&self) -> bool {
        self.behaviour == "NON-STRICT" || self.close == "NON-STRICT"
    }

    /// Whether it passed; named unless it did so plainly.
    fn told(&self) -> bool {
        let passed =
            [self.behaviour, self.close].iter().all(|word| ["OK", "NON-STRICT", "INFORMATIONAL"].contains(word));
        let Self { id, behaviour, close, why } = self;
        if !passed {
            println!("  FAILED case {id}: {behaviour}, close: {close}: {why}");
        } else if self.is_lax() {
            println!("  ok     case {id}: {behaviour}, close: {close}: {why}");
        }
        passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_of_success_pass() {
        let told = |line: &str| Case::parse(line).map(|case| (case.told(), case.is_lax()));
        assert_eq!(told("case 1.1.1 OK|OK|12|as expected"), Some((true, false)));
        assert_eq!(told("case 6.4.3 NON-STRICT|OK|12|late"), Some((true, true)));
        assert_eq!(told("case 7.5.1 OK|FAILED BY CLIENT|12|a | b"), Some((false, false)));
        assert_eq!(told("case 9.1.1 MISSING|MISSING|0|it was not run"), Some((false, false)));
        assert_eq!(told("Running test case ID 1.1.1"), None);
    }
}

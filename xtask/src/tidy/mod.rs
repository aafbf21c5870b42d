//! The rules of this repository that no compiler knows (ARCHITECTURE.md, invariants).

mod boundaries;
mod lock;
mod shape;
mod style;
mod wire;

use crate::places::Places;
use crate::suites::Tally;
use crate::{Done, process};
use std::path::Path;
use std::process::{Command, ExitCode};

/// A source file, as the rules see it.
pub struct File {
    /// From the root of the checkout, with `/`.
    pub name: String,
    pub text: String,
}

/// A rule answers what violates it, each as `file:line: sentence`.
type Rule = fn(&Places, &[File]) -> Done<Vec<String>>;

const RULES: [(&str, Rule); 10] = [
    ("every module says what it is for", shape::modules_introduce_themselves),
    ("no file is too long", shape::no_long_files),
    ("every call has a fixed address", shape::calls_have_endpoints),
    ("views carry no raw HTML and no inline styles", shape::no_raw_html),
    ("a class is drawn by one stylesheet", style::classes_have_one_home),
    ("browser tests wait for events, not for time", shape::no_waiting_for_time),
    ("each library is named only where it belongs", boundaries::libraries_stay_home),
    ("the words depend on nothing", boundaries::domain_depends_on_nothing),
    ("docs/wire.md follows the frames", wire::document_follows_the_frames),
    ("the dependencies are the agreed ones", lock::dependencies_are_agreed),
];

pub fn command(places: &Places) -> Done<ExitCode> {
    let tally = run(places)?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Applies every rule; each counts as one test.
pub fn run(places: &Places) -> Done<Tally> {
    let files = files(&places.root)?;
    let mut tally = Tally::default();
    for (what, rule) in RULES {
        let violations = rule(places, &files)?;
        println!("  {} {what}", if violations.is_empty() { "ok    " } else { "FAILED" });
        for violation in &violations {
            println!("         {violation}");
        }
        tally.add(Tally::one(violations.is_empty()));
    }
    Ok(tally)
}

/// What git knows or would take in; without git's opinion, generated files would be judged too.
fn files(root: &Path) -> Done<Vec<File>> {
    let mut list = Command::new("git");
    list.current_dir(root).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let names = process::quiet(&mut list, "git ls-files")?;
    let sources =
        names.lines().filter(|name| [".rs", ".ts", ".css", ".toml", ".md"].iter().any(|end| name.ends_with(end)));
    // A file that is deleted but not yet committed is still listed.
    Ok(sources
        .filter_map(|name| Some(File { name: name.to_owned(), text: std::fs::read_to_string(root.join(name)).ok()? }))
        .collect())
}

impl File {
    pub fn is_in(&self, folder: &str) -> bool {
        self.name.starts_with(folder)
    }

    pub fn is_rust(&self) -> bool {
        self.name.ends_with(".rs")
    }

    /// `file:line: sentence` for each line of code that contains one of the words.
    pub fn lines_with(&self, words: &[&str], sentence: &str) -> Vec<String> {
        let code = self.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        code.filter(|(_, line)| words.iter().any(|word| line.contains(word)))
            .map(|(at, _)| format!("{}:{}: {sentence}", self.name, at + 1))
            .collect()
    }
}

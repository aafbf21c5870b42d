//! The rules of the house once more, over PostgreSQL: a private server, which lives as long as
//! the suite.

use super::{Context, Tally, native};
use crate::places::Places;
use crate::postgres::{self, Durable, Server};
use crate::{Done, cargo, process};
use std::path::PathBuf;
use std::process::Command;

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    let programs = match postgres::programs() {
        Ok(programs) => programs,
        Err(sentence) => {
            println!("  SKIPPED: {sentence}");
            return Ok(Tally { skipped: 1, ..Tally::default() });
        }
    };
    let tests = test_program(context.places)?;
    let server = Server::start(&programs, Durable::No)?;
    let mut test = Command::new(tests);
    test.current_dir(context.places.root.join("chat")).env("TEST_DATABASE_URL", server.url());
    native::counted(&mut test, "the tests of chat over PostgreSQL")
}

/// The test program of `chat`, with the features of all crates so that nothing is compiled twice.
fn test_program(places: &Places) -> Done<PathBuf> {
    let mut build = cargo::cargo(places);
    build.arg("test").args(cargo::NATIVE).args([
        "--test",
        "chat",
        "--no-run",
        "--message-format=json-render-diagnostics",
    ]);
    let mut found = None;
    process::lines(&mut build, "cargo test --no-run", |line| {
        if line.contains("/chat/tests/it/main.rs\"") {
            found = text_field(line, "executable").or(found.take());
        }
    })?;
    found.map(PathBuf::from).ok_or_else(|| "cargo built no tests of chat".to_owned())
}

/// `"name":"text"` in a line of JSON; paths of cargo need no unescaping on Unix.
fn text_field(line: &str, name: &str) -> Option<String> {
    let rest = line.split_once(&format!("\"{name}\":\""))?.1;
    Some(rest.split_once('"')?.0.to_owned())
}

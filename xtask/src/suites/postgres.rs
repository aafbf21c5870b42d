//! The rules of the house once more, over PostgreSQL, and several servers on one: a private server,
//! which lives as long as the suite.

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
    let [house, doors] = ["chat", "server"].map(|name| test_program(context.places, name));
    let (house, doors) = (house?, doors?);
    let server = Server::start(&programs, Durable::No)?;
    let run = |program: PathBuf, folder: &str, only: &[&str]| {
        let mut test = Command::new(program);
        test.current_dir(context.places.root.join(folder)).args(only).env("TEST_DATABASE_URL", server.url());
        native::counted(&mut test, &format!("the tests of {folder} over PostgreSQL"))
    };
    let mut tally = run(house, "chat", &[])?;
    tally.add(run(doors, "server", &["servers::"])?);
    Ok(tally)
}

/// The test program of a crate, with the features of all crates so that nothing is compiled twice.
fn test_program(places: &Places, name: &str) -> Done<PathBuf> {
    let mut build = cargo::cargo(places);
    build.arg("test").args(cargo::NATIVE).args([
        "--test",
        if name == "server" { "doors" } else { name },
        "--no-run",
        "--message-format=json-render-diagnostics",
    ]);
    let mut found = None;
    process::lines(&mut build, "cargo test --no-run", |line| {
        if line.contains(&format!("/{name}/tests/it/main.rs\"")) {
            found = text_field(line, "executable").or(found.take());
        }
    })?;
    found.map(PathBuf::from).ok_or_else(|| format!("cargo built no tests of {name}"))
}

/// `"name":"text"` in a line of JSON; paths of cargo need no unescaping on Unix.
fn text_field(line: &str, name: &str) -> Option<String> {
    let rest = line.split_once(&format!("\"{name}\":\""))?.1;
    Some(rest.split_once('"')?.0.to_owned())
}

//! The real program: it starts, tells, drains, and keeps what it has promised.

use crate::town::{Browser, PASSWORD, Socket, client, form};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Program {
    child: Child,
    pub base: String,
    /// The lines that it said before it listened.
    pub told: Vec<String>,
}

pub fn salon(args: &[&str], data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_salon"));
    command.args(args).arg("--data").arg(data).stderr(Stdio::null()).stdin(Stdio::null());
    command
}

fn start(data: &Path) -> Program {
    start_with(&[], data)
}

pub fn start_with(args: &[&str], data: &Path) -> Program {
    start_as(salon(&["serve", "--listen", "127.0.0.1:0"], data).args(args))
}

/// With its log, which ends with the program.
pub fn start_logging(args: &[&str], data: &Path) -> (Program, impl Iterator<Item = String> + use<>) {
    let mut command = salon(&["serve", "--listen", "127.0.0.1:0"], data);
    let mut program = start_as(command.args(args).stderr(Stdio::piped()));
    let log = program.child.stderr.take().unwrap();
    (program, BufReader::new(log).lines().map_while(Result::ok))
}

pub fn start_as(command: &mut Command) -> Program {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut told: Vec<String> = Vec::new();
    let mut program = Program { child, base: String::new(), told: Vec::new() };
    for line in lines {
        match line.strip_prefix("Salon listens on ") {
            Some(base) => {
                (program.base, program.told) = (base.to_owned(), told);
                return program;
            }
            None => told.push(line),
        }
    }
    panic!("it ended after {told:?}");
}

pub fn add_admin(data: &Path) {
    let mut add = salon(&["person", "add", "boss", "--role", "admin", "--password-stdin"], data);
    let mut child = add.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("boss"));
    let added = salon(&["room", "add", "hall", "--title", "Hall", "--host", "boss"], data).output().unwrap();
    assert!(added.status.success());
}

impl Program {
    pub async fn boss(&self) -> Browser {
        self.person("boss").await
    }

    /// Somebody signs in.
    pub async fn person(&self, name: &str) -> Browser {
        let mut browser = Browser { client: client(), base: self.base.clone(), cookie: None, who: None };
        let answer = browser.submit("sign-in", "/", &[("name", name), ("password", PASSWORD)]).await;
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        browser.cookie = Some(cookie);
        browser
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Its exit code, when it ends in time.
    pub async fn ended(&mut self, limit: Duration) -> Option<i32> {
        let begun = Instant::now();
        while begun.elapsed() < limit {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn room_of(socket: &mut Socket) -> i64 {
    socket.send("enter", json!({"room": 1, "place": null})).await;
    let entered = socket.hears("entered").await;
    entered["room"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_becomes_a_house_with_a_link_for_its_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let program = start(&folder.path().join("data"));
    let link = program.told[0].strip_prefix("Create the administrator at ").unwrap();
    assert!(link.starts_with(&format!("{}/setup/", program.base)));
    assert_eq!(client().get(link).send().await.unwrap().status(), 200);
    assert_eq!(client().get(format!("{}/readyz", program.base)).send().await.unwrap().status(), 200);
    assert_eq!(form(&[]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_tells_everybody_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    add_admin(&data);
    let mut program = start(&data);
    let boss = program.boss().await;
    let mut socket = boss.socket().await;
    let room = room_of(&mut socket).await;
    socket.send("post", json!({"room": room, "client_id": "last", "text": "last words"})).await;
    assert_eq!(socket.hears("posted").await["client_id"], "last");
    program.signal("-TERM");
    assert_eq!(socket.code().await, 4001);
    drop(socket);
    assert_eq!(program.ended(Duration::from_secs(30)).await, Some(0));
}

/// Killed in the middle of talk: what was acknowledged is there after the restart.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    add_admin(&data);
    let mut acknowledged: Vec<i64> = Vec::new();
    for round in 0..3 {
        let mut program = start(&data);
        let boss = program.boss().await;
        let mut socket = boss.socket().await;
        let room = room_of(&mut socket).await;
        for i in 0..15 {
            let id = format!("r{round}-{i}");
            socket.send("post", json!({"room": room, "client_id": id, "text": "kept"})).await;
            if i < 10 {
                let posted = socket.hears("posted").await;
                acknowledged.push(posted["seq"].as_i64().unwrap());
            }
        }
        program.signal("-KILL");
        program.ended(Duration::from_secs(10)).await;
    }
    let program = start(&data);
    let boss = program.boss().await;
    let mut socket = boss.socket().await;
    socket.send("enter", json!({"room": 1, "place": null})).await;
    let position = socket.hears("entered").await["position"].clone();
    let mut again = boss.socket().await;
    again.send("enter", json!({"room": 1, "place": {"epoch": position["epoch"], "seq": 0}})).await;
    let mut there = Vec::new();
    while there.last() != position["seq"].as_i64().as_ref() {
        there.push(again.hears("event").await["seq"].as_i64().unwrap());
    }
    assert_eq!(there, (1..=there.len() as i64).collect::<Vec<_>>(), "no gaps");
    assert!(acknowledged.iter().all(|seq| there.contains(seq)), "{acknowledged:?} in {there:?}");
}

#[test]
fn wrong_orders_are_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for args in [
        &["room", "add", "Bad Slug", "--title", "x"][..],
        &["room", "add", "hall", "--title", "x", "--host", "nobody"],
        &["serve", "--listen", "127.0.0.1:0", "--origin", "javascript:1"],
        &["serve", "--listen", "127.0.0.1:0", "--origin", "https://a,http://b"],
    ] {
        let output = salon(args, &data).stderr(Stdio::piped()).output().unwrap();
        assert!(!output.status.success(), "{args:?}");
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.lines().last().unwrap_or_default().starts_with("salon: "), "{args:?}: {words}");
    }
}

#[test]
fn keys_are_made_renewed_and_taken_away_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |args: &[&str]| {
        let output = salon(args, &data).stderr(Stdio::piped()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    };
    let (made, key, _) = run(&["key", "add", "shop", "--scope", "simple"]);
    assert!(made && key.starts_with("salon_") && key.trim().len() > 40, "{key}");
    let (listed, keys, _) = run(&["key", "list"]);
    assert!(listed && keys == "shop\tsimple\tnever used\n", "{keys}");
    let (renewed, other, _) = run(&["key", "rotate", "shop"]);
    assert!(renewed && other.starts_with("salon_") && other != key, "{other}");
    for (args, fault) in [
        (&["key", "add", "shop", "--scope", "simple"][..], "there is a key called “shop” already"),
        (&["key", "add", "bot", "--scope", "simple", "--as", "nobody"], "there is no person called “nobody”"),
        (&["key", "add", "bot", "--scope", "read,write"], "--as NAME"),
        (&["key", "add", "A b", "--scope", "simple"], "salon: "),
        (&["key", "add", "other", "--scope", "everything"], "invalid value"),
        (&["key", "rotate", "nobody"], "there is no key called “nobody”"),
    ] {
        let (done, _, said) = run(args);
        assert!(!done && said.contains(fault), "{args:?}: {said}");
    }
    assert!(run(&["key", "remove", "shop"]).0);
    assert_eq!(run(&["key", "list"]).1, "");
    assert!(!run(&["key", "remove", "shop"]).0);
}

#[test]
fn rooms_get_names_in_old_protocols_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |args: &[&str]| {
        let output = salon(args, &data).stderr(Stdio::piped()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    };
    for slug in ["lobby", "hall"] {
        assert!(run(&["room", "add", slug, "--title", "A room"]).0);
    }
    let (linked, said, _) = run(&["room", "link", "lobby", "ginchat", "1"]);
    assert!(linked && said == "ginchat calls /r/lobby “1”.\n", "{said}");
    assert_eq!(run(&["room", "links"]).1, "ginchat\t1\t/r/lobby\n");
    let (linked, said, _) = run(&["room", "link", "hall", "ginchat", "1"]);
    assert!(linked && said.ends_with("It was /r/lobby before.\n"), "{said}");
    for (args, fault) in [
        (&["room", "link", "nowhere", "ginchat", "2"][..], "there is no room /r/nowhere"),
        (&["room", "link", "hall", "ginchat", "2"], "ginchat has another name for /r/hall"),
        (&["room", "link", "hall", "gin chat", "2"], "salon: "),
        (&["room", "unlink", "ginchat", "2"], "ginchat calls no room “2”"),
    ] {
        let (done, _, said) = run(args);
        assert!(!done && said.contains(fault), "{args:?}: {said}");
    }
    assert!(run(&["room", "unlink", "ginchat", "1"]).0);
    assert_eq!(run(&["room", "links"]).1, "");
}

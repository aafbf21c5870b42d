//! Two real servers of one house, on a real PostgreSQL.

use crate::program::{Program, salon, start_as};
use crate::town::{Browser, PASSWORD, Socket};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long the room of these tests stays open without its host, in seconds.
const GRACE: u64 = 4;
/// What a server that has died said last is believed for so long.
const LEASE: Duration = Duration::from_secs(6);
/// For what nobody promises faster, on a busy machine.
const SLACK: Duration = Duration::from_secs(5);

/// A database of one's own on the server that `TEST_DATABASE_URL` names.
fn new_database() -> Option<String> {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        println!("SKIPPED: several servers need PostgreSQL (TEST_DATABASE_URL)");
        return None;
    };
    let name = format!("salon_{:016x}", rand::random::<u64>());
    let made = Command::new("psql").args(["-q", &server, "-c", &format!("CREATE DATABASE {name}")]).status();
    assert!(made.is_ok_and(|made| made.success()), "psql makes no database");
    Some(format!("{}/{name}", &server[..server.rfind('/').unwrap()]))
}

/// A command of Salon on that database.
fn on(database: &str, args: &[&str], data: &Path) -> Command {
    let mut command = salon(args, data);
    command.env("SALON_DATABASE", database);
    command
}

fn serve(database: &str, data: &Path) -> Program {
    start_as(&mut on(database, &["serve", "--listen", "127.0.0.1:0"], data))
}

/// A room of boss's, and eve.
fn furnish(database: &str, data: &Path) {
    for (name, role) in [("boss", "admin"), ("eve", "member")] {
        let mut add = on(database, &["person", "add", name, "--role", role, "--password-stdin"], data);
        let mut child = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }
    let made = on(database, &["room", "add", "hall", "--title", "Hall", "--host", "boss"], data).output().unwrap();
    assert!(made.status.success());
}

/// Enters the room and hears that it is so, whatever is told of its gate meanwhile.
async fn enter(socket: &mut Socket, answer: &str) {
    socket.send("enter", json!({"room": 1, "place": null})).await;
    socket.hears(answer).await;
}

/// How long it took until a page of eve's at this server is answered so.
async fn until_page_is(eve: &Browser, what: &str) -> Duration {
    let begun = Instant::now();
    loop {
        let page = eve.get("/r/hall").await.text().await.unwrap();
        // Those who wait are told so instead of the conversation.
        let is_open = page.contains("role=\"log\"");
        if is_open == (what == "open") {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < LEASE + Duration::from_secs(GRACE) + SLACK, "it does not become {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_at_one_server_opens_the_room_at_the_other() {
    let Some(database) = new_database() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    furnish(&database, &data);
    let (first, second) = (serve(&database, &data), serve(&database, &data));
    let boss = first.boss().await;
    let grace = GRACE.to_string();
    let fields = [("room", "1"), ("opening", "host"), ("grace", grace.as_str())];
    assert_eq!(boss.call("change-gate", &fields).await.0, 200);
    let (eve, here) = (second.person("eve").await, first.person("eve").await);
    until_page_is(&eve, "shut").await;
    let mut waits = eve.socket().await;
    enter(&mut waits, "waiting").await;

    let mut host = boss.socket().await;
    let begun = Instant::now();
    enter(&mut host, "entered").await;
    waits.hears("opened").await;
    let admitted = begun.elapsed();
    enter(&mut waits, "entered").await;
    println!("admitted at the other server after {} ms", admitted.as_millis());
    assert!(admitted < Duration::from_secs(2), "{admitted:?}");

    // The host leaves: the grace, then both shut.
    drop(host);
    let begun = Instant::now();
    assert_eq!(waits.hears("gone").await["problem"]["code"], "shut");
    let stayed = begun.elapsed();
    println!("sent out of the other server after {} ms of {GRACE} s", stayed.as_millis());
    assert!(stayed >= Duration::from_secs(GRACE), "{stayed:?}");
    until_page_is(&here, "shut").await;

    // At both, and one of the two is killed: the other goes on alone.
    let (mut host, there) = (boss.socket().await, second.boss().await);
    let mut also = there.socket().await;
    enter(&mut also, "entered").await;
    enter(&mut waits, "entered").await;
    enter(&mut host, "entered").await;
    until_page_is(&here, "open").await;
    drop(also);
    tokio::time::sleep(Duration::from_secs(GRACE + 2)).await;
    assert_eq!(until_page_is(&eve, "open").await.as_secs(), 0, "the host is still at the other server");

    first.signal("-KILL");
    let begun = Instant::now();
    assert_eq!(waits.hears("gone").await["problem"]["code"], "shut");
    let forgotten = begun.elapsed();
    println!("a killed server's host is forgotten after {} ms", forgotten.as_millis());
    assert!(forgotten >= Duration::from_secs(GRACE), "{forgotten:?}");
    assert!(forgotten < LEASE + Duration::from_secs(GRACE) + SLACK, "{forgotten:?}");
}

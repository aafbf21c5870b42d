//! Backups by the real program, beside the real program.

use crate::program::{Program, add_admin, salon, start_with};
use crate::town::{Browser, client};
use chat::{Keeper, Place};
use reqwest::header::ACCEPT;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

const ROUNDS: usize = 20;
const WRITERS: usize = 3;

/// What the server has said it keeps.
#[derive(Clone, Default)]
struct Kept {
    /// By place.
    messages: BTreeMap<i64, String>,
    /// By the name of their files.
    pictures: BTreeSet<String>,
}

type Shared = Arc<(Mutex<Kept>, AtomicBool)>;

/// Of some length, because nothing repeats.
fn noisy(side: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let noise =
        |x: u32, y: u32| image::Rgb([(x * y + x) as u8, (x ^ y.wrapping_mul(31)) as u8, (x * 7 + y * 13) as u8]);
    image::RgbImage::from_fn(side, side, noise).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Short, in two sizes.
fn plain(side: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(side, side).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(boss: &Browser, png: Vec<u8>) -> String {
    let form = Form::new().part("files", Part::bytes(png).file_name("a.png"));
    let request = boss.request(reqwest::Method::POST, "/upload/pictures/1").header(ACCEPT, "application/json");
    let outcome: Value = request.multipart(form).send().await.unwrap().json().await.unwrap();
    outcome["pictures"][0]["blob"].as_str().unwrap().to_owned()
}

async fn keep_writing(boss: Browser, writer: usize, kept: Shared) {
    let mut socket = boss.socket().await;
    socket.send("enter", json!({"room": 1, "place": null})).await;
    for n in 0.. {
        if kept.1.load(Ordering::Relaxed) {
            return;
        }
        let text = format!("writer {writer} says {n}");
        let id = format!("w{writer}-{n}");
        socket.send("post", json!({"room": 1, "client_id": id, "text": text})).await;
        let posted = loop {
            let posted = socket.hears("posted").await;
            if posted["client_id"] == id.as_str() {
                break posted;
            }
        };
        kept.0.lock().unwrap().messages.insert(posted["seq"].as_i64().unwrap(), text);
    }
}

async fn keep_hanging(boss: Browser, kept: Shared) {
    while !kept.1.load(Ordering::Relaxed) {
        let blob = upload(&boss, plain(330)).await;
        kept.0.lock().unwrap().pictures.insert(blob);
        // As fast as a person may be.
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn run(args: &[&str], data: &Path) -> Output {
    let mut command = salon(args, data);
    command.stderr(Stdio::piped());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn succeeds(args: &[&str], data: &Path) {
    let output = run(args, data).await;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{args:?}: {out}{err}");
}

/// Everything that a closed house holds of its first room.
async fn held(data: &Path) -> Kept {
    let keeper = Keeper::open(Place { data: data.to_owned(), database: None }).await.unwrap();
    let room = keeper.exported_room("hall").await.unwrap();
    let pictures = room.wall.pictures.iter().map(|picture| picture.blob.to_string()).collect();
    let mut held = Kept { pictures, messages: BTreeMap::new() };
    loop {
        let after = held.messages.keys().next_back().copied().unwrap_or_default();
        let messages = keeper.exported_messages(&room, after, 1_000).await.unwrap();
        if messages.is_empty() {
            break;
        }
        held.messages.extend(messages.into_iter().map(|said| (said.seq, domain::span::plain(&said.spans))));
    }
    keeper.close().await.unwrap();
    held
}

/// A house with an administrator and a room, and where its backup goes.
struct Yard {
    folder: TempDir,
    data: PathBuf,
    file: PathBuf,
}

impl Yard {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (data, file) = (folder.path().join("data"), folder.path().join("salon.tar"));
        add_admin(&data);
        Self { folder, data, file }
    }

    fn serve(&self) -> Program {
        start_with(&["--unlimited"], &self.data)
    }

    fn part(&self) -> PathBuf {
        self.folder.path().join("salon.tar.part")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_backups_of_a_busy_house_hold_all_that_was_acknowledged_before() {
    let yard = Yard::new();
    let program = yard.serve();
    let boss = program.boss().await;
    let kept = Shared::default();
    let mut busy: Vec<_> = (0..WRITERS).map(|i| tokio::spawn(keep_writing(boss.clone(), i, kept.clone()))).collect();
    busy.push(tokio::spawn(keep_hanging(boss.clone(), kept.clone())));
    let mut counts = Vec::new();
    let mut last = PathBuf::new();
    for round in 0..ROUNDS {
        let file = yard.folder.path().join(format!("{round}.tar"));
        let before = kept.0.lock().unwrap().clone();
        succeeds(&["backup", file.to_str().unwrap()], &yard.data).await;
        let restored = yard.folder.path().join(format!("restored-{round}"));
        succeeds(&["restore", file.to_str().unwrap()], &restored).await;
        // Without gaps, with the files of every picture.
        succeeds(&["doctor"], &restored).await;
        let held = held(&restored).await;
        for (seq, text) in &before.messages {
            assert_eq!(held.messages.get(seq), Some(text), "round {round}");
        }
        assert!(before.pictures.is_subset(&held.pictures), "round {round}");
        counts.push((before.messages.len(), held.messages.len()));
        last = restored;
    }
    kept.1.store(true, Ordering::Relaxed);
    for task in busy {
        task.await.unwrap();
    }
    assert!(counts[ROUNDS - 1].0 > counts[0].0 + ROUNDS, "they wrote all the while: {counts:?}");
    succeeds(&["doctor"], &yard.data).await;
    a_known_place_is_not_valid(&program, &last).await;
}

/// A page that followed the first house and now meets the restored one.
async fn a_known_place_is_not_valid(first: &Program, restored: &Path) {
    let enter = |place: Value| json!({"room": 1, "place": place});
    let guest = |base: &str| Browser { client: client(), base: base.to_owned(), cookie: None, who: None };
    let mut socket = guest(&first.base).socket().await;
    socket.send("enter", enter(Value::Null)).await;
    let epoch = socket.hears("entered").await["position"]["epoch"].clone();
    let second = start_with(&[], restored);
    for seq in [0, 1, 20] {
        let mut socket = guest(&second.base).socket().await;
        socket.send("enter", enter(json!({"epoch": epoch, "seq": seq}))).await;
        let answer = socket.frame().await;
        assert_eq!(answer["kind"], "reset", "{answer}");
        assert_ne!(answer["position"]["epoch"], epoch);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_killed_leaves_no_file_and_is_no_hindrance() {
    let yard = Yard::new();
    let program = yard.serve();
    let boss = program.boss().await;
    for _ in 0..3 {
        upload(&boss, noisy(1_000)).await;
    }
    let mut killed = 0;
    for _ in 0..10 {
        let mut child =
            salon(&["backup", yard.file.to_str().unwrap()], &yard.data).stdout(Stdio::null()).spawn().unwrap();
        while !yard.part().exists() && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        tokio::time::sleep(Duration::from_millis(killed)).await;
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            // It was quicker.
            std::fs::remove_file(&yard.file).unwrap();
        } else {
            assert!(!yard.file.exists());
            killed += 1;
        }
    }
    assert!(killed > 0);
    succeeds(&["backup", yard.file.to_str().unwrap()], &yard.data).await;
    assert!(yard.file.exists() && !yard.part().exists());
    succeeds(&["restore", yard.file.to_str().unwrap()], &yard.folder.path().join("again")).await;
    // The house did not notice.
    upload(&boss, plain(10)).await;
}

/// A limit of the shell on the length of files stands for a disk that is full.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_leaves_nothing() {
    let yard = Yard::new();
    let program = yard.serve();
    upload(&program.boss().await, noisy(300)).await;
    let full = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", full, "sh", env!("CARGO_BIN_EXE_salon"), "backup"]).arg(&yard.file).arg("--data").arg(&yard.data);
    let output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.starts_with("salon: ") && words.contains("could not be written"), "{words}");
    assert!(!yard.file.exists() && !yard.part().exists());
    succeeds(&["backup", yard.file.to_str().unwrap()], &yard.data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_told_by_the_exit_code() {
    let yard = Yard::new();
    let program = yard.serve();
    let blob = upload(&program.boss().await, plain(400)).await;
    std::fs::remove_file(yard.data.join(format!("files/1/{blob}/320"))).unwrap();
    for args in [&["doctor"][..], &["backup", yard.file.to_str().unwrap()]] {
        let output = run(args, &yard.data).await;
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let words = [output.stdout, output.stderr].concat();
        assert!(String::from_utf8(words).unwrap().contains(&format!("files/1/{blob}/320 is missing")), "{args:?}");
    }
    assert!(yard.file.exists(), "everything else is in it");
}

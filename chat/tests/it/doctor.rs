//! The doctor names damage, and only damage.

use crate::backup::{lived_in, new};
use crate::files::added;
use crate::town::{PASSWORD, Town, visit};
use chat::{Chat, Options, Place};
use domain::room::Visibility;
use domain::wall::Place as Spot;
use sea_orm::ConnectionTrait;
use std::path::{Path, PathBuf};
use std::time::Duration;

async fn execute(town: &Town, sql: &str) {
    let db = town.db().await;
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}

fn is_sqlite(town: &Town) -> bool {
    town.database().starts_with("sqlite:")
}

/// Some stored file, and where it is.
fn some_file(data: &Path, name: &str) -> PathBuf {
    let folders = std::fs::read_dir(data.join("files/1")).unwrap();
    let found = folders.map(|folder| folder.unwrap().path().join(name)).find(|file| file.exists());
    found.unwrap()
}

/// What is said of a house after something was done to it.
async fn complaints(sql: &str) -> Vec<String> {
    let town = lived_in().await;
    execute(&town, sql).await;
    named(&town).await
}

async fn named(town: &Town) -> Vec<String> {
    let report = town.examine().await;
    assert_eq!(report.damages, report.findings.iter().filter(|finding| finding.is_damage).count());
    report.findings.into_iter().filter(|finding| finding.is_damage).map(|finding| finding.what).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_works_is_whole() {
    let town = lived_in().await;
    let ana = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap().who;
    let host = town.chat.host(Some(&ana), domain::RoomId(1)).await.unwrap();
    // Until the numbers between two pictures run out and all are numbered anew.
    for _ in 0..24 {
        let picture = added(&town.chat, &ana, host.room().id).await;
        town.chat.move_picture(&host, picture.id, Spot::Down, None).await.unwrap();
    }
    let report = town.examine().await;
    assert_eq!(report.findings, []);
    assert_eq!((report.rooms, report.messages, report.pictures), (2, 8, 28));
    // Three of 4 × 3, two larger ones in their sizes, the new ones.
    assert_eq!(report.files, 2 + 3 + 4 + 24);
    let empty = Town::new().await;
    assert_eq!(empty.examine().await.findings, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_gone_or_odd_are_named() {
    let cases = [
        ("DELETE FROM message WHERE room_id = 1 AND seq = 5", "room hall: place 5 is missing"),
        ("DELETE FROM event WHERE room_id = 2 AND seq = 1", "room den: place 1 is missing"),
        ("UPDATE room SET last_seq = last_seq + 1 WHERE id = 2", "room den: place 5 is missing"),
        ("UPDATE room SET last_seq = last_seq - 1 WHERE id = 2", "room den: place 4 is beyond the last one, 3"),
        (
            "INSERT INTO event VALUES (1, 5, 0, '{\"left\":{\"person\":9}}', NULL)",
            "room hall: place 5 is taken 2 times",
        ),
        ("UPDATE message SET spans = '[{\"tex' WHERE id = 3", "message 3 in room 1: it cannot be shown"),
        ("UPDATE event SET body = '{}' WHERE room_id = 1 AND seq = 1", "room 1: the event at place 1 cannot be read"),
        ("UPDATE picture SET order_no = 5 WHERE id = 1", "room hall: its wall is not what its events tell"),
        ("UPDATE picture SET blob = '../../etc/passwd' WHERE id = 2", "picture 2: its row names no files"),
        ("UPDATE room SET visibility = 'secret' WHERE id = 1", "room hall: nobody can be \"secret\""),
        ("UPDATE room SET said = said + 1 WHERE id = 2", "room den: it counts 3 messages and has 2"),
        ("UPDATE member SET role = 'king' WHERE person_id = 1", "the people: "),
    ];
    for (sql, wanted) in cases {
        let found = complaints(sql).await;
        assert!(found.iter().any(|found| found.starts_with(wanted)), "{sql}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_missing_cut_or_changed_are_named() {
    let town = lived_in().await;
    std::fs::remove_file(some_file(town.data(), "1280")).unwrap();
    assert!(matches!(&named(&town).await[..], [one] if one.contains("/1280 is missing")));
    let town = lived_in().await;
    for (i, name) in ["full", "320"].into_iter().enumerate() {
        let file = some_file(town.data(), name);
        let mut bytes = std::fs::read(&file).unwrap();
        match i {
            0 => bytes.truncate(bytes.len() / 2),
            _ => *bytes.last_mut().unwrap() ^= 1,
        }
        std::fs::write(&file, bytes).unwrap();
    }
    let found = named(&town).await;
    assert!(!found.is_empty() && found.iter().all(|found| found.ends_with("is not what was stored")), "{found:?}");
    std::fs::write(some_file(town.data(), "320"), b"").unwrap();
    assert!(named(&town).await.iter().any(|found| found.ends_with("/320 is empty")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_nobody_is_a_leftover_and_no_damage() {
    let town = lived_in().await;
    let stray = town.data().join("files/1/0123456789abcdef0123456789abcdef");
    std::fs::create_dir_all(&stray).unwrap();
    std::fs::write(stray.join("full"), b"x").unwrap();
    assert_eq!(town.examine().await.findings, [], "somebody may just be uploading it");
    let old = std::fs::File::options().append(true).open(stray.join("full")).unwrap();
    old.set_modified(old.metadata().unwrap().modified().unwrap() - Duration::from_secs(3_700)).unwrap();
    let report = town.examine().await;
    assert_eq!((report.damages, report.findings.len()), (0, 1));
    assert!(report.findings[0].what.contains("0123456789abcdef0123456789abcdef/full belongs to no picture"));
}

/// An index tree, a table, a free page: whichever page is hit, either it is named or it does
/// not matter, and nobody is ever shown something else.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_page_of_the_database_is_named_and_never_answers_wrongly() {
    let town = lived_in().await;
    if !is_sqlite(&town) {
        return;
    }
    let hall = town.chat.reader_by_slug(None, "hall").await.unwrap();
    let truth = town.chat.room_state(&hall).await.unwrap();
    town.chat.close().await;
    let whole = std::fs::read(town.data().join("salon.db")).unwrap();
    let mut unnamed = Vec::new();
    for page in 0..whole.len() / 4_096 {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().to_owned(), database: None };
        copy_files(town.data(), folder.path());
        let mut bytes = whole.clone();
        bytes[page * 4_096] ^= 8;
        std::fs::write(folder.path().join("salon.db"), bytes).unwrap();
        let is_named = chat::examine(place).await.is_ok_and(|report| report.damages > 0);
        // A page of an index without entries has nothing to lose.
        let is_empty = page > 0 && whole[page * 4_096 + 3..][..2] == [0, 0];
        if !is_named && !is_empty {
            unnamed.push((page, whole[page * 4_096..][..16].to_vec()));
        }
        let options = Options { data: folder.path().to_owned(), ..town.options() };
        let Ok(chat) = Chat::open(options).await else { continue };
        if let Ok(hall) = chat.reader_by_slug(None, "hall").await
            && let Ok(seen) = chat.room_state(&hall).await
        {
            assert_eq!(
                (seen.history, seen.wall, seen.members),
                (truth.history.clone(), truth.wall.clone(), truth.members.clone())
            );
        }
        chat.close().await;
    }
    assert_eq!(unnamed, [], "of {} pages", whole.len() / 4_096);
}

fn copy_files(from: &Path, to: &Path) {
    let copied = std::process::Command::new("cp").arg("-r").arg(from.join("files")).arg(to).status().unwrap();
    assert!(copied.success());
}

/// Beside a house that is being used, there is no false alarm.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_house_is_whole_at_every_moment() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let busy = {
        let (chat, ana, room) = (town.chat.clone(), ana.clone(), hall.id);
        tokio::spawn(async move {
            let host = chat.host(Some(&ana), room).await.unwrap();
            loop {
                let (a, b) = (added(&chat, &ana, room).await, added(&chat, &ana, room).await);
                chat.move_picture(&host, a.id, Spot::First, None).await.unwrap();
                chat.replace_picture(&host, b.id, new(8, "b"), None).await.unwrap();
                chat.remove_picture(&host, a.id).await.unwrap();
                chat.restore_picture(&host, a.id).await.unwrap();
            }
        })
    };
    let mut pictures = 0;
    for _ in 0..10 {
        town.say(&ana, hall.id, 20).await;
        let report = town.examine().await;
        assert_eq!(report.findings, []);
        pictures = report.pictures;
    }
    busy.abort();
    assert!(pictures > 2);
}

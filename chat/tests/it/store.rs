//! What the store promises: everything is kept, in order, and only by a program that knows how.

use crate::town::{PASSWORD, Town, problem, visit};
use chat::{Chat, Error, Options, Problem};
use domain::ClientId;
use domain::room::Visibility;
use sea_orm::ConnectionTrait;

#[tokio::test]
async fn a_house_that_is_closed_and_opened_again_has_everything() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.say(&ana, hall.id, 5).await;
    let before = town.chat.room_state(&town.chat.reader(None, hall.id).await.unwrap()).await.unwrap();
    let closed = town.chat.clone();
    let town = town.reopen().await;
    let after = town.chat.room_state(&town.chat.reader(None, hall.id).await.unwrap()).await.unwrap();
    assert_eq!((before.history, before.position, before.members), (after.history, after.position, after.members));
    assert!(town.chat.ready().await);

    assert!(!closed.ready().await);
    assert_eq!(problem(closed.change_display(&ana, "Anna").await), Problem::Unavailable);
    assert_eq!(problem(closed.reader(None, hall.id).await), Problem::Unavailable);
}

#[tokio::test]
async fn places_have_no_gaps_whoever_writes_at_once() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let rooms = [town.room("hall", Visibility::Public, &ana).await, town.room("den", Visibility::Public, &ana).await];
    for room in &rooms {
        town.chat.enter(&bo, room.id).await.unwrap();
    }
    let writers = (0..50).map(|i| {
        let (chat, room) = (town.chat.clone(), rooms[i % 2].id);
        let who = if i % 3 == 0 { ana.clone() } else { bo.clone() };
        tokio::spawn(async move {
            let writer = chat.writer(Some(&who), room).await.unwrap();
            for n in 0..4 {
                let id = ClientId::parse(&format!("{i}-{n}")).unwrap();
                chat.post(&writer, &id, "word").await.unwrap();
            }
        })
    });
    for done in futures::future::join_all(writers).await {
        done.unwrap();
    }
    for room in &rooms {
        let reader = town.chat.reader(None, room.id).await.unwrap();
        let mut seqs = Vec::new();
        let mut before = None;
        loop {
            let page = town.chat.history(&reader, before).await.unwrap();
            seqs.splice(0..0, page.messages.iter().map(|message| message.seq));
            before = seqs.first().copied();
            if !page.has_more {
                break;
            }
        }
        assert!(seqs.iter().copied().eq(3..=102), "100 messages after two who joined: {seqs:?}");
    }
}

#[tokio::test]
async fn a_store_of_a_later_version_is_refused_with_a_sentence() {
    let town = Town::new().await;
    town.chat.close().await;
    let db = town.db().await;
    db.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)")
        .await
        .unwrap();
    for migrate in [false, true] {
        let error = Chat::open(Options { migrate, ..town.options() }).await.err().unwrap();
        assert!(matches!(error, Error::Schema { .. }), "{error}");
        assert!(error.to_string().contains("m9999_future"), "{error}");
    }
    db.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm9999_future'").await.unwrap();
    Chat::open(town.options()).await.unwrap().close().await;
}

/// Tables and columns that were not there at first.
pub const NEW: [(&str, &str); 48] = [
    ("kiosk", "by_id"),
    ("session", "door"),
    ("session", "ended_at"),
    ("member", "level"),
    ("member", "undo_seq"),
    ("picture", "digest"),
    ("room", "said"),
    ("member", "heard"),
    ("room", "opening"),
    ("room", "opens_at"),
    ("room", "closes_at"),
    ("room", "doors"),
    ("room", "grace"),
    ("room", "phase"),
    ("room", "cover"),
    ("room", "posting"),
    ("room", "slow"),
    ("room", "holds"),
    ("room", "recall"),
    ("room", "restricted"),
    ("member", "said_at"),
    ("invite", "room_id"),
    ("invite", "person_id"),
    ("person", "seen_at"),
    ("picture", "held_at"),
    ("event", "by_id"),
    ("room", "files"),
    ("message", "files"),
    ("message", "reply_to"),
    ("message", "origin"),
    ("message", "edited_at"),
    ("message", "reactions"),
    ("message", "ticked"),
    ("held", "reply_to"),
    ("held", "origin"),
    ("held", "edits"),
    ("room", "edit"),
    ("room", "hides"),
    ("session", "room_id"),
    ("person", "portrait"),
    ("room", "usual_gate"),
    ("member", "pinned"),
    ("person", "sort_key"),
    ("held", "declined_at"),
    ("picture", "tint"),
    ("room", "second"),
    ("upload", "alt"),
    ("picture", "file_name"),
];
/// Tables that were not there at first.
pub const NEW_TABLES: [&str; 40] = [
    "join_request",
    "lease",
    "deed",
    "delivery",
    "webhook",
    "embed",
    "embed_ticket",
    "link",
    "link_picture",
    "panel",
    "once",
    "identity",
    "alias",
    "original",
    "api_key",
    "contact",
    "block",
    "report",
    "privacy",
    "first_contact",
    "subscription",
    "push_key",
    "notice_rule",
    "audit",
    "restriction",
    "held",
    "word_list",
    "stage",
    "video",
    "search_message",
    "search_picture",
    "search_person",
    "draft",
    "upload",
    "account",
    "attempt",
    "portrait",
    "reaction",
    "mention",
    "hidden",
];

/// As the first version left it: pictures without a digest, nothing counted, rooms without a gate.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_an_older_version_is_refused_until_it_may_be_changed() {
    let town = crate::backup::lived_in().await;
    let seen = |chat: Chat| async move {
        let mut state = chat.room_state(&chat.reader_by_slug(None, "hall").await.unwrap()).await.unwrap();
        // The main colour of what hangs there is not counted again.
        state.wall.pictures.iter_mut().for_each(|picture| picture.tint.clear());
        let bo = chat.sign_in("bo", PASSWORD, &visit()).await.unwrap().who;
        let lists = (chat.rooms(Some(&bo)).await.unwrap(), chat.rooms(None).await.unwrap());
        (state.history, state.wall, state.members, state.position, lists)
    };
    let before = seen(town.chat.clone()).await;
    town.chat.close().await;
    let db = town.db().await;
    for index in ["person_sort_key_id", "session_address"] {
        db.execute_unprepared(&format!("DROP INDEX {index}")).await.unwrap();
    }
    for (table, column) in NEW {
        db.execute_unprepared(&format!("ALTER TABLE {table} DROP COLUMN {column}")).await.unwrap();
    }
    for table in NEW_TABLES {
        db.execute_unprepared(&format!("DROP TABLE {table}")).await.unwrap();
    }
    db.execute_unprepared("DROP TABLE kiosk").await.unwrap();
    db.execute_unprepared("DELETE FROM seaql_migrations WHERE version > 'm0002'").await.unwrap();
    db.close().await.unwrap();
    for refused in [Chat::open(town.options()).await.err().unwrap(), chat::examine(town.place()).await.unwrap_err()] {
        assert!(matches!(refused, Error::Schema { older: true, .. }), "{refused}");
        assert!(refused.to_string().contains("make a backup, then start once with --migrate"), "{refused}");
    }
    let chat = Chat::open(Options { migrate: true, ..town.options() }).await.unwrap();
    assert_eq!(seen(chat.clone()).await, before);
    chat.close().await;
    let report = chat::examine(town.place()).await.unwrap();
    assert_eq!((report.findings, report.pictures), (vec![], 4), "without a digest there is less to compare");
}

#[tokio::test]
async fn nobody_else_looks_into_the_data_folder() {
    use std::os::unix::fs::PermissionsExt;
    let town = Town::new().await;
    let mode = std::fs::metadata(town.data()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

//! The floor of the store: rows in groups, each group one durable transaction of SQLite.

use crate::{Done, db};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

/// Rooms of the store alone, with nobody to say which.
const ROOMS: usize = 64;

/// Opens the store in `file`, with every commit on disk before it is said to be done.
pub async fn open(file: &Path) -> Done<DatabaseConnection> {
    let db = db::connect(format!("sqlite:{}?mode=rwc", file.display())).await?;
    db.execute_unprepared("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").await?;
    db.execute_unprepared(
        "CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, room_id INTEGER, seq INTEGER, author_id INTEGER, \
         client_id TEXT, text TEXT, spans TEXT, at INTEGER, UNIQUE (author_id, client_id), UNIQUE (room_id, seq))",
    )
    .await?;
    Ok(db)
}

/// Inserts for so many seconds; prints how many rows were kept and how many seconds of a core
/// that took.
pub async fn insert(file: &Path, group: usize, seconds: f64) -> Done {
    let db = open(file).await?;
    let (began, mut rows) = (Instant::now(), 0);
    while began.elapsed().as_secs_f64() < seconds {
        let rooms = (rows..rows + group).map(|i| i % ROOMS);
        db.execute_unprepared(&statement(rows, rooms)).await?;
        rows += group;
    }
    println!("{rows} {}", crate::machine::usage(std::process::id())?.cpu);
    Ok(())
}

/// A row for each of these rooms, which has a speaker of its own. One statement: SQLite makes a transaction
/// of it. No names come twice and every room can be read in its order, as in any store that is asked for that.
pub fn statement(from: usize, rooms: impl Iterator<Item = usize>) -> String {
    let text = "a message of about a hundred bytes, as people write them: the harbour is grey, still and wide";
    let mut sql = String::from("INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at) VALUES ");
    for (i, room) in (from..).zip(rooms) {
        let comma = if i == from { "" } else { ", " };
        // A String takes everything.
        let _ = write!(sql, "{comma}({room}, {i}, {room}, 'c{i}', '{text}', '[{{\"text\":\"{text}\"}}]', {i})");
    }
    sql
}

//! The floor of the store: rows in groups, each group one durable transaction of SQLite.

use crate::{Done, db};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

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
        db.execute_unprepared(&statement(rows, group)).await?;
        rows += group;
    }
    println!("{rows} {}", crate::machine::usage(std::process::id())?.cpu);
    Ok(())
}

/// One statement: SQLite makes a transaction of it.
pub fn statement(from: usize, rows: usize) -> String {
    let text = "a message of about a hundred bytes, as people write them: the harbour is grey, still and wide";
    let mut sql = String::from("INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at) VALUES ");
    for i in from..from + rows {
        let comma = if i == from { "" } else { ", " };
        // A String takes everything.
        let _ = write!(sql, "{comma}({}, {i}, 1, 'c{i}', '{text}', '[{{\"text\":\"{text}\"}}]', {i})", i % 64);
    }
    sql
}

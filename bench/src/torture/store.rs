//! The SQLite file itself, read past the program; and locked, as another program would.

use crate::Done;
use crate::history::{History, Line, Op};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

const SAID: &str =
    "SELECT m.room_id, m.seq, r.epoch, m.client_id, m.text FROM message m JOIN room r ON r.id = m.room_id";
const HAPPENED: &str = "SELECT e.room_id, e.seq, r.epoch, e.body FROM event e JOIN room r ON r.id = e.room_id";
/// Rooms whose last place is not that of their newest row.
const BEHIND: &str = "SELECT r.slug FROM room r WHERE r.last_seq <> (SELECT COALESCE(MAX(seq), 0) FROM \
    (SELECT seq FROM message WHERE room_id = r.id UNION ALL SELECT seq FROM event WHERE room_id = r.id))";

/// Names of people and rooms, with their ids.
pub async fn names(file: &Path) -> Done<(HashMap<String, i64>, HashMap<String, i64>)> {
    let db = open(file).await?;
    let people = pairs(&db, "SELECT name, id FROM person").await.map_err(wrong)?;
    let rooms = pairs(&db, "SELECT slug, id FROM room").await.map_err(wrong)?;
    db.close().await.map_err(wrong)?;
    Ok((people, rooms))
}

/// Notes everything in the file as `read` by `file`; answers what is wrong with the file.
pub async fn read(file: &Path, history: &History) -> Done<Vec<String>> {
    let db = open(file).await?;
    let wrongs = inspect(&db, history).await.map_err(wrong)?;
    db.close().await.map_err(wrong)?;
    Ok(wrongs)
}

/// Rooms and blobs of all pictures.
pub async fn pictures(file: &Path) -> Done<Vec<(i64, String)>> {
    let db = open(file).await?;
    let rows = db.query_all_raw(query(&db, "SELECT room_id, blob FROM picture")).await.map_err(wrong)?;
    let pictures = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
    let pictures = pictures.collect::<Result<_, DbErr>>().map_err(wrong)?;
    db.close().await.map_err(wrong)?;
    Ok(pictures)
}

async fn inspect(db: &DatabaseConnection, history: &History) -> Result<Vec<String>, DbErr> {
    let mut wrongs = Vec::new();
    for (pragma, fine) in [("PRAGMA integrity_check", Some("ok")), ("PRAGMA foreign_key_check", None)] {
        let said: Vec<String> = texts(db, pragma).await?;
        if said.first().map(String::as_str) != fine {
            wrongs.push(format!("{pragma}: {}", said.join("; ")));
        }
    }
    let behind = texts(db, BEHIND).await?;
    if !behind.is_empty() {
        wrongs.push(format!("last_seq does not fit the rows of {}", behind.join(", ")));
    }
    for row in db.query_all_raw(query(db, SAID)).await? {
        let (client_id, text): (String, String) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
        history.note(placed(&row)?.cmid(&client_id).body(&text));
    }
    for row in db.query_all_raw(query(db, HAPPENED)).await? {
        let body: String = row.try_get_by_index(3)?;
        history.note(placed(&row)?.body(&canonical(&body)));
    }
    Ok(wrongs)
}

fn placed(row: &sea_orm::QueryResult) -> Result<Line, DbErr> {
    let (room, seq, epoch): (i64, i64, i64) =
        (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    Ok(Line::new("file", Op::Read, room).at(epoch, seq))
}

/// JSON with its fields in one order, whoever wrote it.
pub fn canonical(json: &str) -> String {
    serde_json::from_str::<serde_json::Value>(json).map_or_else(|_| json.to_owned(), |value| value.to_string())
}

/// Holds the write lock for so long; says `locked` on standard output when it has it.
pub async fn hold_lock(file: &Path, time: Duration) -> Done {
    let db = open(file).await?;
    db.execute_unprepared("BEGIN IMMEDIATE").await.map_err(wrong)?;
    println!("locked");
    tokio::time::sleep(time).await;
    db.execute_unprepared("ROLLBACK").await.map_err(wrong)?;
    db.close().await.map_err(wrong)
}

/// As if nobody had been there for an hour: their next visit is noted.
pub async fn age_sessions(file: &Path) -> Done {
    let db = open(file).await?;
    db.execute_unprepared("UPDATE session SET seen_at = seen_at - 3600000").await.map_err(wrong)?;
    db.close().await.map_err(wrong)
}

async fn open(file: &Path) -> Done<DatabaseConnection> {
    let mut options = ConnectOptions::new(format!("sqlite:{}", file.display()));
    // It never ages: see `as_everywhere` in `chat/src/store/open.rs`.
    options.max_connections(1).sqlx_logging(false).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    Database::connect(options).await.map_err(|e| format!("{}: {e}", file.display()))
}

async fn pairs(db: &DatabaseConnection, sql: &str) -> Result<HashMap<String, i64>, DbErr> {
    let rows = db.query_all_raw(query(db, sql)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(query(db, sql)).await?;
    rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect()
}

fn query(db: &DatabaseConnection, sql: &str) -> Statement {
    Statement::from_string(db.get_database_backend(), sql)
}

fn wrong(cause: DbErr) -> String {
    format!("the store: {cause}")
}

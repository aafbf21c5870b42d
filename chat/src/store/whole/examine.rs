//! What the database can say about itself.

use super::super::DbErr;
use domain::RoomId;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

type Found<T> = Result<T, DbErr>;

/// Most complaints of the database that are passed on.
const COMPLAINTS: usize = 100;

/// What the database finds wrong with its own file, in its words. PostgreSQL has no such
/// question; there only reading everything tells.
pub async fn examine(db: &impl ConnectionTrait) -> Found<Vec<String>> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let mut complaints = Vec::new();
    for row in ask(db, &format!("PRAGMA integrity_check({COMPLAINTS})")).await? {
        let words: String = row.try_get_by(0)?;
        complaints.extend(words.lines().filter(|line| *line != "ok").map(str::to_owned));
    }
    for row in ask(db, "PRAGMA foreign_key_check").await?.into_iter().take(COMPLAINTS) {
        let (from, id): (String, Option<i64>) = (row.try_get_by(0)?, row.try_get_by(1)?);
        let to: String = row.try_get_by(2)?;
        complaints.push(format!("row {} of {from} refers to a {to} that is not there", id.unwrap_or_default()));
    }
    Ok(complaints)
}

/// The first of the places 1 to `last` of a room that is taken by nothing or by two, or a
/// taken one beyond: with how many rows have it.
pub async fn find_stray_place(db: &impl ConnectionTrait, room: RoomId, last: i64) -> Found<Option<(i64, i64)>> {
    let places = format!(
        "SELECT seq FROM message WHERE room_id = {room} UNION ALL SELECT seq FROM event WHERE room_id = {room}"
    );
    let sums = format!(
        "SELECT COUNT(*) AS rows, COUNT(DISTINCT seq) AS places, MIN(seq) AS low, MAX(seq) AS high FROM ({places}) AS p"
    );
    let Some(row) = ask(db, &sums).await?.pop() else { return Ok(None) };
    let count = |name: &str| row.try_get::<i64>("", name);
    let end = |name: &str| row.try_get::<Option<i64>>("", name);
    let (low, high) = (end("low")?.unwrap_or(1), end("high")?.unwrap_or(0));
    if count("rows")? == last && count("places")? == last && low == 1 && high == last {
        return Ok(None);
    }
    for stray in [
        format!(
            "SELECT seq, COUNT(*) AS rows FROM ({places}) AS p GROUP BY seq HAVING COUNT(*) > 1 ORDER BY seq LIMIT 1"
        ),
        format!("SELECT seq, 1 AS rows FROM ({places}) AS p WHERE seq < 1 OR seq > {last} ORDER BY seq LIMIT 1"),
        format!(
            "SELECT seq + 1 AS seq, 0 AS rows FROM ({places} UNION ALL SELECT 0) AS p \
             WHERE seq < {last} AND seq + 1 NOT IN ({places}) ORDER BY 1 LIMIT 1"
        ),
    ] {
        if let Some(row) = ask(db, &stray).await?.pop() {
            let seq = row.try_get_by::<i64, _>(0)?;
            let rows = row.try_get_by::<i64, _>(1).or_else(|_| row.try_get_by::<i32, _>(1).map(i64::from))?;
            return Ok(Some((seq, rows)));
        }
    }
    Ok(None)
}

async fn ask(db: &impl ConnectionTrait, sql: &str) -> Found<Vec<sea_orm::QueryResult>> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await
}

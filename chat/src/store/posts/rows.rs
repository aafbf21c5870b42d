//! The statements that keep messages: one for what they change in rooms and members, one for
//! their rows.

use super::super::rows::json;
use super::super::{DatabaseTransaction, DbErr};
use super::{NewPost, Post};
use domain::RoomId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

type Found<T> = Result<T, DbErr>;

/// The first of the places that each room gives to its messages; rooms that do not exist
/// are missing. One's own words are no news: authors who are members have heard them.
pub(super) async fn take_places(db: &DatabaseTransaction, posts: &[Post], now: i64) -> Found<HashMap<RoomId, i64>> {
    // In order of their ids, as every process locks them.
    let (mut rooms, mut authors) = (BTreeMap::<i64, i64>::new(), BTreeMap::<(i64, i64), i64>::new());
    for NewPost { room, author, .. } in posts.iter().map(|post| &post.new) {
        *rooms.entry(room.0).or_default() += 1;
        *authors.entry((room.0, author.id.0)).or_default() += 1;
    }
    let wanted = list(rooms.iter())?;
    lock(db, wanted.clone()).await?;
    let values = [now.into(), wanted, list(authors.iter().map(|((room, author), n)| (room, author, n)))?];
    let backend = db.get_database_backend();
    let moved = Statement::from_sql_and_values(backend, move_on(backend), values);
    let row = db.query_all_raw(moved).await?.into_iter().next().ok_or(DbErr::RecordNotUpdated)?;
    let last: Option<String> = row.try_get_by_index(0)?;
    let last: Vec<(i64, i64)> = serde_json::from_str(last.as_deref().unwrap_or("[]")).map_err(json)?;
    let count = |room| rooms.get(&room).copied().unwrap_or_default();
    Ok(last.into_iter().map(|(room, last)| (RoomId(room), last - count(room) + 1)).collect())
}

/// As one value: SQLite looks for each numbered one among all the others.
fn list<T: Serialize>(rows: impl Iterator<Item = T>) -> Found<Value> {
    Ok(serde_json::to_string(&rows.collect::<Vec<T>>()).map_err(json)?.into())
}

/// Moves rooms on by as many places as they have messages, and says where they are then.
/// `$1` is the time, `$2` the rooms, `$3` their authors, each with how many messages.
fn move_on(backend: DbBackend) -> String {
    let (first, second, third) = (number(0), number(1), number(2));
    let rooms = format!(
        "UPDATE room SET last_seq = last_seq + {second}, said = said + {second}, last_at = $1 FROM {} \
         WHERE room.id = {first}",
        each(backend, 2)
    );
    let authors = format!(
        "UPDATE member SET heard = heard + {third} FROM {} WHERE room_id = {first} AND person_id = {second}",
        each(backend, 3)
    );
    match backend {
        DbBackend::Postgres => format!(
            "WITH own AS ({authors}), moved AS ({rooms} RETURNING room.id, room.last_seq) \
             SELECT CAST(json_agg(json_build_array(id, last_seq)) AS TEXT) FROM moved"
        ),
        // SQLite cannot gather what an UPDATE returns; three statements are one errand to its thread.
        _ => format!(
            "{authors}; {rooms}; SELECT json_group_array(json_array(id, last_seq)) FROM room \
             WHERE id IN (SELECT {first} FROM {})",
            each(backend, 2)
        ),
    }
}

/// PostgreSQL would lock the rows in any order, and two processes could wait for each other.
async fn lock(db: &DatabaseTransaction, rooms: Value) -> Found<()> {
    let backend = db.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(());
    }
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT id FROM room WHERE id IN (SELECT {} FROM {}) ORDER BY id FOR UPDATE) AS locked",
        number(0),
        each(backend, 1)
    );
    db.query_one_raw(Statement::from_sql_and_values(backend, sql, [rooms])).await.map(drop)
}

/// The rows of a list.
fn each(backend: DbBackend, value: usize) -> String {
    match backend {
        DbBackend::Postgres => format!("json_array_elements(CAST(${value} AS JSON)) AS v(value)"),
        _ => format!("json_each(${value}) AS v"),
    }
}

/// A number of such a row.
fn number(at: usize) -> String {
    format!("CAST(v.value ->> {at} AS BIGINT)")
}

/// The ids by room and place.
pub(super) async fn insert(
    db: &DatabaseTransaction,
    posts: &[(&mut Post, i64)],
    now: i64,
) -> Found<HashMap<(i64, i64), i64>> {
    let mut values: Vec<Value> = Vec::with_capacity(posts.len() * COLUMNS);
    for (Post { new, .. }, seq) in posts {
        let spans = serde_json::to_string(&new.spans).map_err(json)?;
        values.extend([new.room.0.into(), (*seq).into(), new.author.id.0.into()]);
        values.extend([new.client_id.as_str().into(), new.text.as_str().into(), spans.into(), now.into()]);
    }
    let backend = db.get_database_backend();
    let insert = Statement::from_sql_and_values(backend, rows(backend, posts.len()), values);
    if backend == DbBackend::Postgres {
        let inserted = db.query_all_raw(insert).await?;
        let place = |row: &sea_orm::QueryResult| {
            Ok(((row.try_get_by_index(1)?, row.try_get_by_index(2)?), row.try_get_by_index(0)?))
        };
        return inserted.iter().map(place).collect();
    }
    // SQLite's one writer numbers the rows of a statement one after the other.
    let last = db.execute_raw(insert).await?.last_insert_id();
    let first = i64::try_from(last).map_err(|_| DbErr::RecordNotInserted)? + 1 - posts.len() as i64;
    Ok((first..).zip(posts).map(|(id, (post, seq))| ((post.new.room.0, *seq), id)).collect())
}

/// Values of a message's row.
const COLUMNS: usize = 7;

fn rows(backend: DbBackend, count: usize) -> String {
    let mut sql = String::from("INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at) VALUES ");
    for row in 0..count {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=COLUMNS {
            let comma = if column == 1 { "" } else { ", " };
            // A String takes everything.
            let _ = match backend {
                DbBackend::Postgres => write!(sql, "{comma}${}", row * COLUMNS + column),
                // Those without a number are not looked for.
                _ => write!(sql, "{comma}?"),
            };
        }
        sql.push(')');
    }
    if backend == DbBackend::Postgres {
        sql.push_str(" RETURNING id, room_id, seq");
    }
    sql
}

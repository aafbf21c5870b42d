//! The statements that keep messages: one for the places of their rooms, one for their rows.

use super::super::{DatabaseTransaction, DbErr};
use super::Post;
use domain::RoomId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

type Found<T> = Result<T, DbErr>;

/// The first of the places that each room gives to its messages; rooms that do not exist
/// are missing.
pub(super) async fn take_places(db: &DatabaseTransaction, posts: &[Post], now: i64) -> Found<HashMap<RoomId, i64>> {
    // In order of their ids, as every process locks them.
    let mut wanted: BTreeMap<RoomId, i64> = BTreeMap::new();
    posts.iter().for_each(|post| *wanted.entry(post.new.room).or_default() += 1);
    let wanted: Vec<(RoomId, i64)> = wanted.into_iter().collect();
    lock(db, &wanted).await?;
    let mut places = HashMap::with_capacity(wanted.len());
    let mut rest = wanted.as_slice();
    while let Some(size) = super::SIZES.into_iter().find(|size| *size <= rest.len()) {
        let (some, after) = rest.split_at(size);
        let pairs = some.iter().flat_map(|(room, count)| [Value::from(room.0), Value::from(*count)]);
        let values = std::iter::once(Value::from(now)).chain(pairs);
        let backend = db.get_database_backend();
        let moved = Statement::from_sql_and_values(backend, move_on(backend, size), values);
        // The last place of each room, as JSON: see `store/rows.rs`.
        let row = db.query_all_raw(moved).await?.into_iter().next().ok_or(DbErr::RecordNotUpdated)?;
        let last: Option<String> = row.try_get_by_index(0)?;
        let last: Vec<(i64, i64)> =
            serde_json::from_str(last.as_deref().unwrap_or("[]")).map_err(super::super::rows::json)?;
        for (room, last) in last {
            let room = RoomId(room);
            let count = some.iter().find(|(other, _)| *other == room).map_or(0, |(_, count)| *count);
            places.insert(room, last - count + 1);
        }
        rest = after;
    }
    Ok(places)
}

/// Moves rooms on by as many places as they have messages, and says where they are then.
fn move_on(backend: DbBackend, rooms: usize) -> String {
    let mut update = String::from(
        "UPDATE room SET last_seq = last_seq + v.column2, said = said + v.column2, last_at = $1 FROM (VALUES ",
    );
    rows(&mut update, rooms, 2, 2, |n| format!("CAST(${n} AS BIGINT)"));
    update.push_str(") AS v WHERE room.id = v.column1");
    if backend == DbBackend::Postgres {
        return format!(
            "WITH moved AS ({update} RETURNING room.id, room.last_seq) \
             SELECT CAST(json_agg(json_build_array(id, last_seq)) AS TEXT) FROM moved"
        );
    }
    // SQLite cannot gather what an UPDATE returns; two statements are one errand to its thread.
    let ids: Vec<String> = (0..rooms).map(|row| format!("${}", 2 + 2 * row)).collect();
    format!("{update}; SELECT json_group_array(json_array(id, last_seq)) FROM room WHERE id IN ({})", ids.join(", "))
}

/// PostgreSQL would lock the rows in any order, and two processes could wait for each other.
async fn lock(db: &DatabaseTransaction, rooms: &[(RoomId, i64)]) -> Found<()> {
    if db.get_database_backend() != DbBackend::Postgres || rooms.len() < 2 {
        return Ok(());
    }
    let ids: Vec<String> = rooms.iter().map(|(room, _)| room.0.to_string()).collect();
    let sql = format!("SELECT id FROM room WHERE id IN ({}) ORDER BY id FOR UPDATE", ids.join(", "));
    db.execute_unprepared(&sql).await.map(drop)
}

/// Values of a message's row.
const COLUMNS: usize = 7;

/// The ids by room and place.
pub(super) async fn insert(
    db: &DatabaseTransaction,
    posts: &[(&mut Post, i64)],
    now: i64,
) -> Found<HashMap<(i64, i64), i64>> {
    let mut values: Vec<Value> = Vec::with_capacity(posts.len() * COLUMNS);
    for (Post { new, .. }, seq) in posts {
        let spans = serde_json::to_string(&new.spans).map_err(super::super::rows::json)?;
        values.extend([new.room.0.into(), new.author.id.0.into(), (*seq).into()]);
        values.extend([new.client_id.as_str().into(), new.text.as_str().into(), spans.into(), now.into()]);
    }
    let backend = db.get_database_backend();
    let heard = heard(posts.len());
    let mut rows_of = String::from("INSERT INTO message (room_id, author_id, seq, client_id, text, spans, at) VALUES ");
    rows(&mut rows_of, posts.len(), COLUMNS, 1, |n| format!("${n}"));
    if backend == DbBackend::Postgres {
        let sql = format!("WITH own AS ({heard}) {rows_of} RETURNING id, room_id, seq");
        let inserted = db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        let place = |row: &sea_orm::QueryResult| {
            Ok(((row.try_get_by_index(1)?, row.try_get_by_index(2)?), row.try_get_by_index(0)?))
        };
        return inserted.iter().map(place).collect();
    }
    // SQLite's one writer numbers the rows of a statement one after the other.
    let sql = format!("{heard}; {rows_of}");
    let done = db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let last = i64::try_from(done.last_insert_id()).map_err(|_| DbErr::RecordNotInserted)?;
    let ids = (last - posts.len() as i64 + 1..=last).zip(posts);
    Ok(ids.map(|(id, (post, seq))| ((post.new.room.0, *seq), id)).collect())
}

/// One's own words are no news: authors who are members have heard them. Takes the room and the
/// author from the values of the rows.
fn heard(posts: usize) -> String {
    let mut sql = String::from(
        "UPDATE member SET heard = heard + own.said FROM (\
         SELECT column1 AS room, column2 AS person, COUNT(*) AS said FROM (VALUES ",
    );
    for row in 0..posts {
        let comma = if row == 0 { "" } else { ", " };
        let first = row * COLUMNS + 1;
        // A String takes everything.
        let _ = write!(sql, "{comma}(CAST(${first} AS BIGINT), CAST(${} AS BIGINT))", first + 1);
    }
    sql.push_str(
        ") AS v GROUP BY column1, column2) AS own WHERE member.room_id = own.room AND member.person_id = own.person",
    );
    sql
}

/// `count` rows of `columns` placeholders, numbered from `first`.
fn rows(sql: &mut String, count: usize, columns: usize, first: usize, placeholder: impl Fn(usize) -> String) {
    for row in 0..count {
        let begin = first + row * columns;
        let cells: Vec<String> = (begin..begin + columns).map(&placeholder).collect();
        let comma = if row == 0 { "" } else { ", " };
        // A String takes everything.
        let _ = write!(sql, "{comma}({})", cells.join(", "));
    }
}

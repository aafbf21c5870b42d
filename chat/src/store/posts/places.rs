//! The places that messages take in their rooms, in one statement for all of them.

use super::super::rows::json;
use super::super::{DatabaseTransaction, DbErr};
use super::{NewPost, Post};
use domain::RoomId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

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
    let moved = Statement::from_sql_and_values(backend, move_on(backend, rooms.len() <= FEW), values);
    let mut places = HashMap::with_capacity(rooms.len());
    for row in db.query_all_raw(moved).await? {
        let last: Option<String> = row.try_get_by_index(0)?;
        let last: Vec<(i64, i64)> = serde_json::from_str(last.as_deref().unwrap_or("[]")).map_err(json)?;
        let count = |room| rooms.get(&room).copied().unwrap_or_default();
        places.extend(last.into_iter().map(|(room, last)| (RoomId(room), last - count(room) + 1)));
    }
    Ok(places)
}

/// Rooms whose places come from SQLite as a row each: that is one answer less on the way.
const FEW: usize = 2;

/// As one value: SQLite looks for each numbered one among all the others.
fn list<T: Serialize>(rows: impl Iterator<Item = T>) -> Found<Value> {
    Ok(serde_json::to_string(&rows.collect::<Vec<T>>()).map_err(json)?.into())
}

/// Moves rooms on by as many places as they have messages, and says where they are then.
/// `$1` is the time, `$2` the rooms, `$3` their authors, each with how many messages.
fn move_on(backend: DbBackend, few: bool) -> String {
    let (first, second, third) = (number(0), number(1), number(2));
    let rooms = format!(
        "UPDATE room SET last_seq = last_seq + {second}, said = said + {second}, last_at = $1 FROM {} \
         WHERE room.id = {first}",
        each(backend, 2)
    );
    let authors = format!(
        "UPDATE member SET heard = heard + {third}, said_at = $1 FROM {} WHERE room_id = {first} AND person_id = {second}",
        each(backend, 3)
    );
    match backend {
        DbBackend::Postgres => format!(
            "WITH own AS ({authors}), moved AS ({rooms} RETURNING room.id, room.last_seq) \
             SELECT CAST(json_agg(json_build_array(id, last_seq)) AS TEXT) FROM moved"
        ),
        _ if few => format!("{authors}; {rooms} RETURNING json_array(json_array(room.id, room.last_seq))"),
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

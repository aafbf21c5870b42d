//! The rows of messages.

use super::super::rows::json;
use super::super::{DatabaseTransaction, DbErr};
use super::Post;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// Rows of one statement of SQLite: few sizes, so that the statements stay prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Keeps them at their places. The ids by room and place.
///
/// # Errors
/// A unique violation if one of them was kept before.
pub(super) async fn insert(
    db: &DatabaseTransaction,
    posts: &[(&mut Post, i64)],
    now: i64,
) -> Found<HashMap<(i64, i64), i64>> {
    if db.get_database_backend() == DbBackend::Postgres {
        return insert_all(db, posts, now).await;
    }
    let mut ids = HashMap::with_capacity(posts.len());
    let mut rest = posts;
    while let Some(size) = SIZES.into_iter().find(|size| *size <= rest.len()) {
        let (some, after) = rest.split_at(size);
        let places = some.iter().map(|(post, seq)| (post.new.room.0, *seq));
        ids.extend(places.zip(insert_some(db, some, now).await?..));
        rest = after;
    }
    Ok(ids)
}

/// The first one's id: SQLite's one writer numbers the rows of a statement one after the other.
async fn insert_some(db: &DatabaseTransaction, posts: &[(&mut Post, i64)], now: i64) -> Found<i64> {
    let mut values: Vec<Value> = Vec::with_capacity(posts.len() * 9);
    for (Post { new, .. }, seq) in posts {
        let spans = serde_json::to_string(&new.spans).map_err(json)?;
        values.extend([new.room.0.into(), (*seq).into(), new.author.id.0.into()]);
        values.extend([new.client_id.as_str().into(), new.text.as_str().into(), spans.into(), now.into()]);
        values.extend([new.reply, new.origin].map(|id| id.map(|id| id.0).into()));
    }
    // Values without a number: sqlx and SQLite would look for each numbered one among all others.
    let sql = format!(
        "INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at, reply_to, origin) VALUES {}",
        vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?)"; posts.len()].join(", ")
    );
    let done = db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let last = i64::try_from(done.last_insert_id()).map_err(|_| DbErr::RecordNotInserted)?;
    Ok(last + 1 - posts.len() as i64)
}

/// PostgreSQL, where every errand costs a commit's time, takes all as one value.
async fn insert_all(db: &DatabaseTransaction, posts: &[(&mut Post, i64)], now: i64) -> Found<HashMap<(i64, i64), i64>> {
    let row = |(Post { new, .. }, seq): &(&mut Post, i64)| {
        Ok(serde_json::json!({
            "room_id": new.room, "seq": seq, "author_id": new.author.id, "client_id": new.client_id,
            "text": new.text, "spans": serde_json::to_string(&new.spans).map_err(json)?, "at": now,
            "reply_to": new.reply, "origin": new.origin,
        }))
    };
    let rows: Vec<serde_json::Value> = posts.iter().map(row).collect::<Found<_>>()?;
    let sql = "INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at, reply_to, origin) \
               SELECT * FROM json_to_recordset(CAST($1 AS JSON)) AS v(room_id BIGINT, seq BIGINT, author_id BIGINT, \
               client_id TEXT, text TEXT, spans TEXT, at BIGINT, reply_to BIGINT, origin BIGINT) RETURNING id, room_id, seq";
    let rows = serde_json::to_string(&rows).map_err(json)?;
    let inserted =
        db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [rows.into()])).await?;
    let place =
        |row: &QueryResult| Ok(((row.try_get_by_index(1)?, row.try_get_by_index(2)?), row.try_get_by_index(0)?));
    inserted.iter().map(place).collect()
}

//! The message that nothing else waits with: one errand to SQLite's thread instead of four.

use super::super::mentions::means_nobody;
use super::super::rows::json;
use super::super::{DatabaseConnection, DbErr};
use super::NewPost;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// What `places` and `rows` do for many, and the transaction around it.
const KEEP: &str = "BEGIN IMMEDIATE; \
     UPDATE member SET heard = heard + 1, said_at = $1 WHERE room_id = $2 AND person_id = $3; \
     UPDATE room SET last_seq = last_seq + 1, said = said + 1, last_at = $1 WHERE id = $2; \
     INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at, origin) \
     SELECT id, last_seq, $3, $4, $5, $6, $1, $7 FROM room WHERE id = $2 RETURNING id, seq; \
     COMMIT";

/// Whether it needs nothing else in its transaction.
pub(super) fn is_plain(db: &DatabaseConnection, new: &NewPost) -> bool {
    db.get_database_backend() == DbBackend::Sqlite
        && new.reply.is_none()
        && new.files.is_empty()
        && means_nobody(&new.spans)
}

/// Keeps it at the next place of its room: its id and that place; `None` if there is no such room.
///
/// # Errors
/// A unique violation if it was kept before.
pub(super) async fn keep(db: &DatabaseConnection, new: &NewPost, now: i64) -> Result<Option<(i64, i64)>, DbErr> {
    let spans = serde_json::to_string(&new.spans).map_err(json)?;
    let values = [
        now.into(),
        new.room.0.into(),
        new.author.id.0.into(),
        new.client_id.as_str().into(),
        new.text.as_str().into(),
        spans.into(),
        new.origin.map(|id| id.0).into(),
    ];
    // All rows, or the statements after the first one would not be run.
    match db.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, KEEP, values)).await {
        Ok(rows) => rows.first().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose(),
        Err(cause) => {
            // Where SQLite has ended the transaction by itself, there is nothing to end.
            let _ = db.execute_unprepared("ROLLBACK").await;
            Err(cause)
        }
    }
}

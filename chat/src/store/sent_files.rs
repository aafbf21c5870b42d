//! Queries about files by the names that clients gave them.

use super::DbErr;
use super::entities::original;
use super::messages::list;
use crate::outside::{Original, SentFile};
use domain::message::Message;
use domain::{MessageId, PersonId, RoomId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};
use std::cmp::Reverse;
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// A message of any room, and where it is.
pub async fn find_message(db: &impl ConnectionTrait, id: MessageId) -> Found<Option<(RoomId, Message)>> {
    Ok(list(db, "m.id = $1", [id.0.into()]).await?.pop())
}

/// The last messages of a room in whose files these letters stand, newest first.
pub async fn list_with_file(db: &impl ConnectionTrait, room: RoomId, name: &str, limit: u64) -> Found<Vec<Message>> {
    // As it stands in the JSON of the files.
    let name = serde_json::to_string(name).map_err(super::rows::json)?;
    let escaped = name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let which = format!(
        "m.room_id = $1 AND m.files LIKE $2 ESCAPE '\\' ORDER BY m.seq DESC LIMIT {}",
        i64::try_from(limit).unwrap_or(i64::MAX)
    );
    let found = list(db, &which, [room.0.into(), format!("%{escaped}%").into()]).await?;
    let mut messages: Vec<Message> = found.into_iter().map(|(_, message)| message).collect();
    messages.sort_unstable_by_key(|message| Reverse(message.seq));
    Ok(messages)
}

const SENT: &str = "FROM original o JOIN message m ON m.id = o.message_id \
                    WHERE o.system = $1 AND m.author_id = $2 AND m.files <> ''";

pub async fn count_sent(db: &impl ConnectionTrait, (system, person): (&str, PersonId)) -> Found<u64> {
    let values = [system.into(), person.0.into()];
    let sql = format!("SELECT COUNT(*) {SENT}");
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(count.unsigned_abs())
}

pub async fn list_sent(
    db: &impl ConnectionTrait,
    (system, person): (&str, PersonId),
    descending: bool,
    offset: u64,
    limit: u64,
) -> Found<Vec<SentFile>> {
    let order = if descending { "DESC" } else { "ASC" };
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (limit, offset) = (number(limit), number(offset));
    let sql = format!("SELECT m.id {SENT} ORDER BY m.id {order} LIMIT {limit} OFFSET {offset}");
    let values = [system.into(), person.0.into()];
    let found = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let ids = found.iter().map(|row| row.try_get_by_index(0)).collect::<Found<Vec<i64>>>()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let originals = original::Entity::find()
        .filter(original::Column::System.eq(system))
        .filter(original::Column::MessageId.is_in(ids.iter().copied()));
    let rows = originals.all(db).await?;
    let mut originals: HashMap<i64, Original> =
        rows.into_iter().map(|row| (row.message_id, Original { name: row.name, body: row.body })).collect();
    let named = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let messages = list(db, &format!("m.id IN ({named})"), []).await?;
    let mut sent: Vec<SentFile> = messages
        .into_iter()
        .filter_map(|(room, message)| {
            let original = originals.remove(&message.id.0)?;
            Some(SentFile { room, message, original })
        })
        .collect();
    sent.sort_unstable_by_key(|sent| sent.message.id);
    if descending {
        sent.reverse();
    }
    Ok(sent)
}

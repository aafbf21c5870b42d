//! Queries about numbered pages of messages.

use super::DbErr;
use super::messages::list;
use crate::message_pages::{MessagesOrder, MessagesQuery};
use domain::message::Message;
use domain::{PersonId, RoomId};
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// Most of a page.
const LIMIT: u64 = 1_000;

pub async fn list_messages(
    db: &impl ConnectionTrait,
    room: RoomId,
    reader: Option<PersonId>,
    query: &MessagesQuery,
) -> Found<Vec<Message>> {
    let order = match query.order {
        MessagesOrder::Newest => "m.seq DESC",
        MessagesOrder::Oldest => "m.seq",
        MessagesOrder::Author => "p.name_key, m.seq",
        MessagesOrder::AuthorDown => "p.name_key DESC, m.seq",
    };
    let (which, values) = condition(room, reader, query);
    let (limit, offset) = (query.limit.min(LIMIT), query.offset.min(i64::MAX as u64));
    let sql = format!(
        "SELECT m.id FROM message m JOIN person p ON p.id = m.author_id WHERE {which} \
         ORDER BY {order} LIMIT {limit} OFFSET {offset}"
    );
    let found = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let ids = found.iter().map(|row| row.try_get_by_index(0)).collect::<Found<Vec<i64>>>()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers stand in the statement itself: a database takes only so many values beside it.
    let named = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let messages = list(db, &format!("m.id IN ({named})"), []).await?;
    let mut messages: HashMap<i64, Message> =
        messages.into_iter().map(|(_, message)| (message.id.0, message)).collect();
    Ok(ids.into_iter().filter_map(|id| messages.remove(&id)).collect())
}

pub async fn count_messages(
    db: &impl ConnectionTrait,
    room: RoomId,
    reader: Option<PersonId>,
    query: &MessagesQuery,
) -> Found<u64> {
    let (which, values) = condition(room, reader, query);
    let sql = format!("SELECT COUNT(*) FROM message m WHERE {which}");
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(count.unsigned_abs())
}

fn condition(room: RoomId, reader: Option<PersonId>, query: &MessagesQuery) -> (String, Vec<Value>) {
    let (mut which, mut values) = ("m.room_id = $1".to_owned(), vec![room.0.into()]);
    let mut and = |condition: &str, value: Value| {
        values.push(value);
        which.push_str(" AND ");
        which.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(author) = query.author {
        and("m.author_id = ?", author.0.into());
    }
    if let Some(reader) = reader {
        let hidden = "NOT EXISTS (SELECT 1 FROM hidden h WHERE h.person_id = ? AND h.message_id = m.id)";
        and(hidden, reader.0.into());
    }
    if !query.except.is_empty() {
        and("m.client_id NOT LIKE ?", format!("{}%", query.except).into());
    }
    if query.words {
        which.push_str(" AND m.text <> '' AND m.files = ''");
    }
    (which, values)
}

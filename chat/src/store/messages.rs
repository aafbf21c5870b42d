//! Queries about messages.

use super::DbErr;
use super::entities::{member, message, person};
use super::rows::{self, json};
use domain::message::Message;
use domain::person::Person;
use domain::{ClientId, MessageId, PersonId, RoomId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Value};

type Found<T> = Result<T, DbErr>;

/// What its author called by this id, and the room it is in.
pub async fn find_by_client_id(
    db: &impl ConnectionTrait,
    author: PersonId,
    client_id: &ClientId,
) -> Found<Option<(RoomId, Message)>> {
    let found = message::Entity::find()
        .filter(message::Column::AuthorId.eq(author.0))
        .filter(message::Column::ClientId.eq(client_id.as_str()))
        .find_also_related(person::Entity)
        .one(db)
        .await?;
    found.map(|(row, author)| Ok((RoomId(row.room_id), message_of(row, author)?))).transpose()
}

/// The last `limit` messages before a place, or of all; newest first.
pub async fn list_before(
    db: &impl ConnectionTrait,
    room: RoomId,
    before: Option<i64>,
    limit: usize,
) -> Found<Vec<Message>> {
    let before = before.unwrap_or(i64::MAX);
    let mut messages = list(db, "m.seq < $2 ORDER BY m.seq DESC", [room.0, before], limit).await?;
    messages.sort_unstable_by_key(|message| std::cmp::Reverse(message.seq));
    Ok(messages)
}

/// The first `limit` messages after a place; oldest first.
pub async fn list_after(db: &impl ConnectionTrait, room: RoomId, mut after: i64, limit: usize) -> Found<Vec<Message>> {
    let mut messages = Vec::new();
    while messages.len() < limit {
        let wanted = AT_ONCE.min(limit - messages.len());
        let mut some = list(db, "m.seq > $2 ORDER BY m.seq", [room.0, after], wanted).await?;
        some.sort_unstable_by_key(|message| message.seq);
        let is_last = some.len() < wanted;
        after = some.last().map_or(after, |message| message.seq);
        messages.append(&mut some);
        if is_last {
            break;
        }
    }
    Ok(messages)
}

/// Messages that [`list_after`] has in memory as JSON too.
const AT_ONCE: usize = 256;

/// A message's id, place, client id, spans and time; its author's id, name and display name.
type Line = (i64, i64, String, String, i64, i64, String, String);

async fn list(db: &impl ConnectionTrait, which: &str, values: [i64; 2], limit: usize) -> Found<Vec<Message>> {
    let columns = ["id", "seq", "client_id", "spans", "at", "author", "name", "display"];
    let query = format!(
        "SELECT m.id, m.seq, m.client_id, m.spans, m.at, p.id AS author, p.name, p.display \
         FROM message m JOIN person p ON p.id = m.author_id WHERE m.room_id = $1 AND {which} LIMIT $3"
    );
    let values = values.into_iter().chain([i64::try_from(limit).unwrap_or(i64::MAX)]).map(Value::from);
    rows::list::<Line>(db, &columns, &query, values).await?.into_iter().map(message_of_line).collect()
}

fn message_of_line((id, seq, client_id, spans, at, author, name, display): Line) -> Found<Message> {
    Ok(Message {
        id: MessageId(id),
        seq,
        client_id: ClientId::parse(&client_id).map_err(|_| DbErr::Type(format!("client id of message {id}")))?,
        author: Person { id: PersonId(author), name, display },
        spans: serde_json::from_str(&spans).map_err(json)?,
        at,
    })
}

/// How many there are up to a place.
pub async fn count_up_to(db: &impl ConnectionTrait, room: RoomId, last: i64) -> Found<u64> {
    let said = message::Entity::find().filter(message::Column::RoomId.eq(room.0));
    said.filter(message::Column::Seq.lte(last)).count(db).await
}

/// Those members of a room who bear one of these names, with their name keys.
pub async fn find_mentioned(
    db: &impl ConnectionTrait,
    room: RoomId,
    name_keys: Vec<String>,
) -> Found<Vec<(String, Person)>> {
    let rows = member::Entity::find()
        .filter(member::Column::RoomId.eq(room.0))
        .filter(person::Column::NameKey.is_in(name_keys))
        .find_also_related(person::Entity);
    let people = rows.all(db).await?.into_iter().filter_map(|(_, person)| person);
    Ok(people.map(|row| (row.name_key.clone(), row.into())).collect())
}

fn message_of(row: message::Model, author: Option<person::Model>) -> Found<Message> {
    let author = author.ok_or_else(|| DbErr::RecordNotFound(format!("author {} of a message", row.author_id)))?;
    Ok(Message {
        id: MessageId(row.id),
        seq: row.seq,
        client_id: ClientId::parse(&row.client_id)
            .map_err(|_| DbErr::Type(format!("client id of message {}", row.id)))?,
        author: author.into(),
        spans: serde_json::from_str(&row.spans).map_err(json)?,
        at: row.at,
    })
}

//! Queries about messages.

use super::DbErr;
use super::entities::{member, message, person};
use domain::message::Message;
use domain::person::Person;
use domain::span::Span;
use domain::{ClientId, MessageId, PersonId, RoomId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

type Found<T> = Result<T, DbErr>;

/// A message that is about to be kept.
pub struct NewMessage<'a> {
    pub room: RoomId,
    pub seq: i64,
    pub author: &'a Person,
    pub client_id: &'a ClientId,
    pub text: &'a str,
    pub spans: &'a [Span],
    pub at: i64,
}

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

pub async fn create_message(db: &impl ConnectionTrait, new: NewMessage<'_>) -> Found<Message> {
    let row = message::ActiveModel {
        id: NotSet,
        room_id: Set(new.room.0),
        seq: Set(new.seq),
        author_id: Set(new.author.id.0),
        client_id: Set(new.client_id.to_string()),
        text: Set(new.text.to_owned()),
        spans: Set(serde_json::to_string(new.spans).map_err(json)?),
        at: Set(new.at),
    };
    let inserted = message::Entity::insert(row).exec(db).await?;
    Ok(Message {
        id: MessageId(inserted.last_insert_id),
        seq: new.seq,
        client_id: new.client_id.clone(),
        author: new.author.clone(),
        spans: new.spans.to_vec(),
        at: new.at,
    })
}

/// The last `limit` messages before a place, or of all; newest first.
pub async fn list_before(
    db: &impl ConnectionTrait,
    room: RoomId,
    before: Option<i64>,
    limit: usize,
) -> Found<Vec<Message>> {
    let mut query = lines(room).order_by_desc(message::Column::Seq).limit(limit as u64);
    if let Some(before) = before {
        query = query.filter(message::Column::Seq.lt(before));
    }
    query.into_tuple::<Line>().all(db).await?.into_iter().map(message_of_line).collect()
}

/// The first `limit` messages after a place; oldest first.
pub async fn list_after(db: &impl ConnectionTrait, room: RoomId, after: i64, limit: usize) -> Found<Vec<Message>> {
    let query = lines(room).filter(message::Column::Seq.gt(after)).order_by_asc(message::Column::Seq);
    query.limit(limit as u64).into_tuple::<Line>().all(db).await?.into_iter().map(message_of_line).collect()
}

/// A message's id, place, client id, spans and time; its author's id, name and display name.
/// Half of what the two rows hold: each value of a page costs.
type Line = (i64, i64, String, String, i64, i64, String, String);

fn lines(room: RoomId) -> Select<message::Entity> {
    message::Entity::find()
        .select_only()
        .columns([
            message::Column::Id,
            message::Column::Seq,
            message::Column::ClientId,
            message::Column::Spans,
            message::Column::At,
        ])
        .columns([person::Column::Id, person::Column::Name, person::Column::Display])
        .inner_join(person::Entity)
        .filter(message::Column::RoomId.eq(room.0))
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

fn json(cause: serde_json::Error) -> DbErr {
    DbErr::Json(cause.to_string())
}

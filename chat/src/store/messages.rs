//! Queries about messages.

use super::DbErr;
use super::entities::{member, message, person, room};
use super::rows::{self, json};
use super::search::{self, Kind};
use super::uploads;
use domain::attachment::Attachment;
use domain::message::Message;
use domain::person::Person;
use domain::span::Span;
use domain::{ClientId, MessageId, PersonId, RoomId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Value};

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

/// The place of the first message that is not older than a time, by halves: messages are in the order
/// of their times, give or take a clock that was set. `None` if all are older.
pub async fn find_first_since(db: &impl ConnectionTrait, room: RoomId, since: i64) -> Found<Option<i64>> {
    let Some(row) = room::Entity::find_by_id(room.0).one(db).await? else { return Ok(None) };
    let (mut low, mut high, mut found) = (1, row.last_seq, None);
    while low <= high {
        let middle = low + (high - low) / 2;
        let next = message::Entity::find()
            .select_only()
            .columns([message::Column::Seq, message::Column::At])
            .filter(message::Column::RoomId.eq(room.0))
            .filter(message::Column::Seq.gte(middle))
            .order_by_asc(message::Column::Seq)
            .into_tuple::<(i64, i64)>()
            .one(db)
            .await?;
        match next {
            Some((seq, at)) if at >= since => {
                found = Some(seq);
                high = middle - 1;
            }
            Some((seq, _)) => low = seq + 1,
            None => high = middle - 1,
        }
    }
    Ok(found)
}

/// Messages that [`list_after`] has in memory as JSON too.
const AT_ONCE: usize = 256;

/// A message's id, place, client id, spans, files and time; its author's id, name and display name.
type Line = (i64, i64, String, String, String, i64, i64, String, String);

async fn list(db: &impl ConnectionTrait, which: &str, values: [i64; 2], limit: usize) -> Found<Vec<Message>> {
    let columns = ["id", "seq", "client_id", "spans", "files", "at", "author", "name", "display"];
    let query = format!(
        "SELECT m.id, m.seq, m.client_id, m.spans, m.files, m.at, p.id AS author, p.name, p.display \
         FROM message m JOIN person p ON p.id = m.author_id WHERE m.room_id = $1 AND {which} LIMIT $3"
    );
    let values = values.into_iter().chain([i64::try_from(limit).unwrap_or(i64::MAX)]).map(Value::from);
    rows::list::<Line>(db, &columns, &query, values).await?.into_iter().map(message_of_line).collect()
}

fn message_of_line((id, seq, client_id, spans, files, at, author, name, display): Line) -> Found<Message> {
    Ok(Message {
        id: MessageId(id),
        seq,
        client_id: ClientId::parse(&client_id).map_err(|_| DbErr::Type(format!("client id of message {id}")))?,
        author: Person { id: PersonId(author), name, display },
        spans: serde_json::from_str(&spans).map_err(json)?,
        files: uploads::read(&files)?,
        at,
    })
}

pub async fn find_message(db: &impl ConnectionTrait, room: RoomId, id: MessageId) -> Found<Option<Message>> {
    let one = message::Entity::find_by_id(id.0).filter(message::Column::RoomId.eq(room.0));
    let found = one.find_also_related(person::Entity).one(db).await?;
    found.map(|(row, author)| message_of(row, author)).transpose()
}

/// Who wrote a message and when, and whether it was taken back.
pub struct Written {
    pub author: PersonId,
    pub at: i64,
    pub recalled: bool,
}

pub async fn find_written(db: &impl ConnectionTrait, room: RoomId, id: MessageId) -> Found<Option<Written>> {
    let row = message::Entity::find_by_id(id.0).filter(message::Column::RoomId.eq(room.0)).one(db).await?;
    Ok(row.map(|row| Written {
        author: PersonId(row.author_id),
        at: row.at,
        recalled: row.text.is_empty() && row.files.is_empty(),
    }))
}

/// How far back [`list_written_since`] looks, in places: the clock may have been set, so it cannot
/// stop at the first older message.
const LOOKED_THROUGH: i64 = 50_000;

/// What somebody said in a room since a time, and did not take back; oldest first.
pub async fn list_written_since(
    db: &impl ConnectionTrait,
    room: RoomId,
    author: PersonId,
    since: i64,
) -> Found<Vec<MessageId>> {
    let Some(row) = room::Entity::find_by_id(room.0).one(db).await? else { return Ok(Vec::new()) };
    let ids: Vec<i64> = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(message::Column::RoomId.eq(room.0))
        .filter(message::Column::Seq.gt(row.last_seq - LOOKED_THROUGH))
        .filter(message::Column::AuthorId.eq(author.0))
        .filter(message::Column::At.gte(since))
        .filter(message::Column::Text.ne("").or(message::Column::Files.ne("")))
        .order_by_asc(message::Column::Seq)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(MessageId).collect())
}

/// Puts `spans` in the place of what these messages said.
pub async fn change_recalled(db: &impl ConnectionTrait, ids: &[MessageId], spans: &[Span]) -> Found<()> {
    // Nobody finds them by what they said either.
    for id in ids {
        search::put(db, Kind::Message, id.0, &[]).await?;
    }
    let spans = serde_json::to_string(spans).map_err(json)?;
    message::Entity::update_many()
        .col_expr(message::Column::Text, Expr::value(""))
        .col_expr(message::Column::Files, Expr::value(""))
        .col_expr(message::Column::Spans, Expr::value(spans))
        .filter(message::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec(db)
        .await
        .map(drop)
}

/// Names the files of a message.
pub async fn change_files(db: &impl ConnectionTrait, id: MessageId, files: &[Attachment]) -> Found<()> {
    let change = message::Entity::update_many().col_expr(message::Column::Files, Expr::value(uploads::written(files)?));
    change.filter(message::Column::Id.eq(id.0)).exec(db).await.map(drop)
}

/// One of somebody's own messages, wherever it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    pub id: i64,
    /// The room's address and name.
    pub slug: String,
    pub room: String,
    pub at: i64,
    /// As typed.
    pub text: String,
}

/// What somebody said and did not take back, after one of their messages; oldest first.
pub async fn list_own(db: &impl ConnectionTrait, author: PersonId, after: i64, limit: u64) -> Found<Vec<Own>> {
    let sql = "SELECT m.id, r.slug, r.title, m.at, m.text FROM message m JOIN room r ON r.id = m.room_id \
               WHERE m.author_id = $1 AND m.id > $2 AND m.text <> '' ORDER BY m.id LIMIT $3";
    let values = [author.0.into(), after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let columns = ["id", "slug", "title", "at", "text"];
    let mut own: Vec<Own> = rows::list::<(i64, String, String, i64, String)>(db, &columns, sql, values)
        .await?
        .into_iter()
        .map(|(id, slug, room, at, text)| Own { id, slug, room, at, text })
        .collect();
    own.sort_unstable_by_key(|message| message.id);
    Ok(own)
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
        files: uploads::read(&row.files)?,
        at: row.at,
    })
}

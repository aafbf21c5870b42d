//! Queries about messages.

use super::entities::{member, message, person, room};
use super::rows::{self, json};
use super::search::{self, Kind};
use super::{DbErr, held, mentions, reactions, uploads};
use domain::attachment::Attachment;
use domain::message::{Message, Quote};
use domain::person::Person;
use domain::span::{self, Span};
use domain::{ClientId, MessageId, PersonId, RoomId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Value};
use serde::Deserialize;
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// What its author called by this id, and the room it is in.
pub async fn find_by_client_id(
    db: &impl ConnectionTrait,
    author: PersonId,
    client_id: &ClientId,
) -> Found<Option<(RoomId, Message)>> {
    let which = "m.author_id = $1 AND m.client_id = $2";
    Ok(list(db, which, [author.0.into(), client_id.as_str().into()]).await?.pop())
}

/// The last `limit` messages before a place, or of all; newest first.
pub async fn list_before(
    db: &impl ConnectionTrait,
    room: RoomId,
    before: Option<i64>,
    limit: usize,
) -> Found<Vec<Message>> {
    list_seen_before(db, room, None, before, limit).await
}

/// The same without what somebody has hidden from themselves.
pub async fn list_seen_before(
    db: &impl ConnectionTrait,
    room: RoomId,
    reader: Option<PersonId>,
    before: Option<i64>,
    limit: usize,
) -> Found<Vec<Message>> {
    let which = format!("m.room_id = $1 AND m.seq < $2 {} ORDER BY m.seq DESC LIMIT $3", seen_by(reader));
    let mut messages = in_room(db, &which, [room.0, before.unwrap_or(i64::MAX), most(limit)]).await?;
    messages.sort_unstable_by_key(|message| std::cmp::Reverse(message.seq));
    Ok(messages)
}

pub(super) fn seen_by(reader: Option<PersonId>) -> String {
    let hidden =
        |id| format!("AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.person_id = {id} AND h.message_id = m.id)");
    reader.map(hidden).unwrap_or_default()
}

pub(super) fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// The first `limit` messages after a place; oldest first.
pub async fn list_after(db: &impl ConnectionTrait, room: RoomId, after: i64, limit: usize) -> Found<Vec<Message>> {
    list_seen_after(db, room, None, after, limit).await
}

/// The same without what somebody has hidden from themselves.
pub async fn list_seen_after(
    db: &impl ConnectionTrait,
    room: RoomId,
    reader: Option<PersonId>,
    mut after: i64,
    limit: usize,
) -> Found<Vec<Message>> {
    let which = format!("m.room_id = $1 AND m.seq > $2 {} ORDER BY m.seq LIMIT $3", seen_by(reader));
    let mut messages = Vec::new();
    while messages.len() < limit {
        let wanted = AT_ONCE.min(limit - messages.len());
        let mut some = in_room(db, &which, [room.0, after, most(wanted)]).await?;
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

pub(super) async fn in_room(db: &impl ConnectionTrait, which: &str, values: [i64; 3]) -> Found<Vec<Message>> {
    let messages = list(db, which, values.map(Value::from)).await?;
    Ok(messages.into_iter().map(|(_, message)| message).collect())
}

/// Those of a condition, with their rooms; what they answer as it is now.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    which: &str,
    values: impl IntoIterator<Item = Value>,
) -> Found<Vec<(RoomId, Message)>> {
    let query = format!(
        "SELECT m.room_id, m.id, m.seq, m.client_id, m.spans, m.files, m.at, m.edited_at, m.reactions, p.id AS author, p.name, \
         p.display, p.portrait, q.id AS quoted, q.seq AS quoted_seq, q.spans AS quoted_spans, a.id AS quoted_author, \
         a.name AS quoted_name, a.display AS quoted_display FROM message m JOIN person p ON p.id = m.author_id \
         LEFT JOIN message q ON q.id = m.reply_to LEFT JOIN person a ON a.id = q.author_id WHERE {which}"
    );
    rows::list::<Line>(db, &COLUMNS, &query, values).await?.into_iter().map(Line::message).collect()
}

pub async fn find_message(db: &impl ConnectionTrait, room: RoomId, id: MessageId) -> Found<Option<Message>> {
    let found = list(db, "m.id = $1 AND m.room_id = $2", [id.0.into(), room.0.into()]).await?.pop();
    Ok(found.map(|(_, message)| message))
}

/// What is quoted of these messages now.
pub async fn list_quotes(db: &impl ConnectionTrait, ids: &[MessageId]) -> Found<HashMap<MessageId, Quote>> {
    let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let messages = list(db, &format!("m.id IN ({ids})"), []).await?;
    let quote = |(_, message): (RoomId, Message)| {
        let Message { id, seq, author, spans, .. } = message;
        (id, Quote { id, seq, author, line: Quote::line_of(&spans) })
    };
    Ok(messages.into_iter().map(quote).collect())
}

/// What these messages say now.
pub async fn list_spans(db: &impl ConnectionTrait, ids: &[MessageId]) -> Found<HashMap<MessageId, Vec<Span>>> {
    let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let query = format!("SELECT m.id, m.spans FROM message m WHERE m.id IN ({ids})");
    let lines: Vec<(i64, String)> = rows::list(db, &["id", "spans"], &query, []).await?;
    lines.into_iter().map(|(id, spans)| Ok((MessageId(id), serde_json::from_str(&spans).map_err(json)?))).collect()
}

/// Who wrote a message and when, and whether it was taken back.
pub struct Written {
    pub author: PersonId,
    pub seq: i64,
    pub at: i64,
    pub recalled: bool,
    /// As typed.
    pub text: String,
    pub has_files: bool,
    /// The message that was forwarded by it.
    pub origin: Option<MessageId>,
}

pub async fn find_written(db: &impl ConnectionTrait, room: RoomId, id: MessageId) -> Found<Option<Written>> {
    let row = message::Entity::find_by_id(id.0).filter(message::Column::RoomId.eq(room.0)).one(db).await?;
    let written = |row: message::Model| {
        let spans: Vec<Span> = serde_json::from_str(&row.spans).map_err(json)?;
        Ok(Written {
            author: PersonId(row.author_id),
            seq: row.seq,
            at: row.at,
            recalled: span::recalled(&spans).is_some(),
            text: row.text,
            has_files: !row.files.is_empty(),
            origin: row.origin.map(MessageId),
        })
    };
    row.map(written).transpose()
}

/// A message of any room, who wrote it, and where.
pub async fn find_origin(db: &impl ConnectionTrait, id: MessageId) -> Found<Option<(RoomId, Message)>> {
    Ok(list(db, "m.id = $1", [id.0.into()]).await?.pop())
}

/// Puts another text in the place of what a message said.
pub async fn change_text(db: &impl ConnectionTrait, id: MessageId, text: &str, spans: &[Span], at: i64) -> Found<()> {
    let spans = serde_json::to_string(spans).map_err(json)?;
    message::Entity::update_many()
        .col_expr(message::Column::Text, Expr::value(text))
        .col_expr(message::Column::Spans, Expr::value(spans))
        .col_expr(message::Column::EditedAt, Expr::value(at))
        .filter(message::Column::Id.eq(id.0))
        .exec(db)
        .await
        .map(drop)
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
        search::renew(db, Kind::Message, id.0, &[]).await?;
    }
    reactions::remove_reactions(db, ids).await?;
    mentions::remove_mentions(db, ids).await?;
    held::remove_edits(db, ids).await?;
    let spans = serde_json::to_string(spans).map_err(json)?;
    message::Entity::update_many()
        .col_expr(message::Column::Text, Expr::value(""))
        .col_expr(message::Column::Files, Expr::value(""))
        .col_expr(message::Column::Spans, Expr::value(spans))
        .col_expr(message::Column::Reactions, Expr::value(None::<String>))
        .col_expr(message::Column::EditedAt, Expr::value(None::<i64>))
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

/// In the order of [`Line`].
const COLUMNS: [&str; 19] = [
    "room_id",
    "id",
    "seq",
    "client_id",
    "spans",
    "files",
    "at",
    "edited_at",
    "reactions",
    "author",
    "name",
    "display",
    "portrait",
    "quoted",
    "quoted_seq",
    "quoted_spans",
    "quoted_author",
    "quoted_name",
    "quoted_display",
];

#[derive(Deserialize)]
struct Line {
    room_id: i64,
    id: i64,
    seq: i64,
    client_id: String,
    spans: String,
    files: String,
    at: i64,
    edited_at: Option<i64>,
    reactions: Option<String>,
    author: i64,
    name: String,
    display: String,
    portrait: String,
    quoted: Option<i64>,
    quoted_seq: Option<i64>,
    quoted_spans: Option<String>,
    quoted_author: Option<i64>,
    quoted_name: Option<String>,
    quoted_display: Option<String>,
}

impl Line {
    fn message(mut self) -> Found<(RoomId, Message)> {
        let reply = self.quote().transpose()?.map(Box::new);
        let message = Message {
            id: MessageId(self.id),
            seq: self.seq,
            client_id: ClientId::parse(&self.client_id)
                .map_err(|_| DbErr::Type(format!("client id of message {}", self.id)))?,
            author: Person {
                id: PersonId(self.author),
                name: self.name,
                display: self.display,
                portrait: self.portrait,
            },
            spans: serde_json::from_str(&self.spans).map_err(json)?,
            files: uploads::read(&self.files)?,
            at: self.at,
            edited: self.edited_at,
            reply,
            reactions: reactions::counts_of(self.reactions.as_deref())?,
        };
        Ok((RoomId(self.room_id), message))
    }

    fn quote(&mut self) -> Option<Found<Quote>> {
        let id = MessageId(self.quoted?);
        let (seq, spans) = (self.quoted_seq?, self.quoted_spans.take()?);
        let (name, display) = (self.quoted_name.take()?, self.quoted_display.take()?);
        let author = Person::named(PersonId(self.quoted_author?), name, display);
        let spans = serde_json::from_str::<Vec<Span>>(&spans).map_err(json);
        Some(spans.map(|spans| Quote { id, seq, author, line: Quote::line_of(&spans) }))
    }
}

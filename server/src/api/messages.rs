//! What is said.

use super::caller::{Caller, Read, Write};
use super::fault::{Answer, Details};
use super::list::{List, Start};
use super::object::{Body, Object};
use super::once::client_id;
use super::wire::PersonJson;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use chat::Enclosed;
use chat::RoomReader;
use domain::attachment::Attachment;
use domain::message::Message;
use domain::span::{Span, recalled};
use domain::{BlobId, MessageId, Problem, RoomId, Thing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageJson {
    id: i64,
    /// Its place in the room.
    seq: i64,
    author: PersonJson,
    /// What is said, without formatting; empty once it was taken back.
    text: String,
    files: Vec<FileJson>,
    /// Milliseconds since 1970 UTC.
    at: i64,
    edited_at: Option<i64>,
    recalled: bool,
    /// The message that it answers.
    reply_to: Option<i64>,
    reactions: Vec<ReactionJson>,
}

/// A file of a message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = File)]
pub struct FileJson {
    /// For `GET /rooms/{room}/files/{file}`.
    id: String,
    name: String,
    bytes: u64,
    /// What it shows, for those who cannot see it; often empty.
    alt: String,
}

impl From<&Attachment> for FileJson {
    fn from(file: &Attachment) -> Self {
        Self { id: file.blob.to_string(), name: file.name.clone(), bytes: file.bytes, alt: file.alt.clone() }
    }
}

/// How many reacted how.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reaction)]
pub struct ReactionJson {
    emoji: String,
    count: u32,
    /// Whether the asker is one of them.
    mine: bool,
}

impl From<&Message> for MessageJson {
    fn from(message: &Message) -> Self {
        let reactions = message.reactions.iter();
        let reactions = reactions.map(|r| ReactionJson { emoji: r.emoji.clone(), count: r.count, mine: r.mine });
        Self {
            id: message.id.0,
            seq: message.seq,
            author: (&message.author).into(),
            text: text(&message.spans),
            files: message.files.iter().map(FileJson::from).collect(),
            at: message.at,
            edited_at: message.edited,
            recalled: recalled(&message.spans).is_some(),
            reply_to: message.reply.as_ref().map(|reply| reply.id.0),
            reactions: reactions.collect(),
        }
    }
}

/// What is to be said. Text, files, or both.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMessage {
    /// `**bold**`, `_emphasis_`, code and links are understood.
    #[serde(default)]
    #[schema(max_length = 4000)]
    text: String,
    /// What was sent to `POST /rooms/{room}/files`.
    #[serde(default)]
    #[schema(max_items = 10)]
    files: Vec<String>,
    /// What they show, in the same order, for those who cannot see it; at most 300 characters each.
    #[serde(default)]
    #[schema(max_items = 10)]
    alts: Vec<String>,
    /// The message that it answers.
    reply_to: Option<i64>,
}

/// Another text for a message.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewText {
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
}

/// List messages
///
/// Newest first, 40 at a time.
#[utoipa::path(get, path = "/rooms/{room}/messages", tag = "Messages",
    params(("room" = String, Path, description = "The room's slug"), Start),
    responses((status = 200, body = List<MessageJson>), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn list(
    State(house): State<House>,
    caller: Caller<Read>,
    slug: Result<Path<String>, PathRejection>,
    start: Result<Query<Start>, QueryRejection>,
) -> Answer<Json<List<MessageJson>>> {
    let (Path(slug), Query(start)) = (slug?, start?);
    let before = start.at()?;
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug).await?;
    let history = house.chat.history(&reader, before).await?;
    let next = history.messages.first().filter(|_| history.has_more).map(|first| first.seq);
    Ok(Json(List::of(history.messages.iter().rev().map(MessageJson::from).collect(), next)))
}

/// Say something
///
/// With the header `Idempotency-Key`, the same request sent again says it once. A message that
/// waits for a host's approval is answered with the problem `held`, status 202. In a private chat the
/// room is `@` and the other one's name; the first message begins it.
#[utoipa::path(post, path = "/rooms/{room}/messages", tag = "Messages",
    params(("room" = String, Path, description = "The room's slug"), ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,200}$")),
    request_body = NewMessage,
    responses((status = 201, body = MessageJson), (status = 202, body = Details, content_type = "application/problem+json"),
        (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn post(
    State(house): State<House>,
    caller: Caller<Write>,
    slug: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body<NewMessage>,
) -> Answer<(StatusCode, Json<MessageJson>)> {
    let (Path(slug), Json(Object(new))) = (slug?, body?);
    let room = begun(&house, &caller, &slug).await?;
    let writer = house.chat.writer(Some(&caller.who), room).await?;
    let blobs = new.files.iter().map(|id| BlobId::parse(id).map_err(|_| Problem::not_found(Thing::File)));
    let blobs: Vec<BlobId> = blobs.collect::<Result<_, _>>()?;
    let (reply, files) = (new.reply_to.map(MessageId), Enclosed { files: &blobs, alts: &new.alts });
    let posted = house.chat.reply_with(&writer, &client_id(&headers)?, &new.text, files, reply).await?;
    Ok((StatusCode::CREATED, Json((&posted.message).into())))
}

/// One message
#[utoipa::path(get, path = "/rooms/{room}/messages/{message}", tag = "Messages",
    params(("room" = String, Path, description = "The room's slug"), ("message" = i64, Path)),
    responses((status = 200, body = MessageJson), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn show(
    State(house): State<House>,
    caller: Caller<Read>,
    place: Result<Path<(String, i64)>, PathRejection>,
) -> Answer<Json<MessageJson>> {
    let Path((slug, message)) = place?;
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug).await?;
    Ok(Json((&house.chat.message(&reader, MessageId(message)).await?).into()))
}

/// Change one's own message
#[utoipa::path(patch, path = "/rooms/{room}/messages/{message}", tag = "Messages",
    params(("room" = String, Path, description = "The room's slug"), ("message" = i64, Path)),
    request_body = NewText,
    responses((status = 200, body = MessageJson), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn change(
    State(house): State<House>,
    caller: Caller<Write>,
    place: Result<Path<(String, i64)>, PathRejection>,
    body: Body<NewText>,
) -> Answer<Json<MessageJson>> {
    let (Path((slug, message)), Json(Object(new))) = (place?, body?);
    let reader = known(&house, &caller, &slug, message).await?;
    let writer = house.chat.writer(Some(&caller.who), reader.room().id).await?;
    house.chat.edit(&writer, MessageId(message), &new.text).await?;
    Ok(Json((&house.chat.message(&reader, MessageId(message)).await?).into()))
}

/// Take a message back
///
/// One's own, for as long as the room allows; a host any.
#[utoipa::path(delete, path = "/rooms/{room}/messages/{message}", tag = "Messages",
    params(("room" = String, Path, description = "The room's slug"), ("message" = i64, Path)),
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn recall(
    State(house): State<House>,
    caller: Caller<Write>,
    place: Result<Path<(String, i64)>, PathRejection>,
) -> Answer<StatusCode> {
    let Path((slug, message)) = place?;
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug).await?;
    house.chat.recall(&reader, MessageId(message)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// React
#[utoipa::path(put, path = "/rooms/{room}/messages/{message}/reactions/{emoji}", tag = "Messages",
    params(("room" = String, Path, description = "The room's slug"), ("message" = i64, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn react(
    State(house): State<House>,
    caller: Caller<Write>,
    place: Result<Path<(String, i64, String)>, PathRejection>,
) -> Answer<StatusCode> {
    set_reaction(&house, &caller, place?.0, true).await
}

/// Take a reaction back
#[utoipa::path(delete, path = "/rooms/{room}/messages/{message}/reactions/{emoji}", tag = "Messages",
    params(("room" = String, Path, description = "The room's slug"), ("message" = i64, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn unreact(
    State(house): State<House>,
    caller: Caller<Write>,
    place: Result<Path<(String, i64, String)>, PathRejection>,
) -> Answer<StatusCode> {
    set_reaction(&house, &caller, place?.0, false).await
}

async fn set_reaction(
    house: &House,
    caller: &Caller<Write>,
    (slug, message, emoji): (String, i64, String),
    on: bool,
) -> Answer<StatusCode> {
    let reader = known(house, caller, &slug, message).await?;
    let writer = house.chat.writer(Some(&caller.who), reader.room().id).await?;
    house.chat.react(&writer, MessageId(message), &emoji, on).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The room of a message that is there: nobody becomes a member by asking for one that is not.
async fn known(house: &House, caller: &Caller<Write>, slug: &str, message: i64) -> Answer<RoomReader> {
    let reader = house.chat.reader_by_slug(Some(&caller.who), slug).await?;
    house.chat.message(&reader, MessageId(message)).await?;
    Ok(reader)
}

/// A room by its address; a private chat begins when it is written to.
pub async fn begun<S>(house: &House, caller: &Caller<S>, slug: &str) -> Answer<RoomId> {
    match domain::contact::name_in(slug) {
        Some(name) => Ok(house.chat.start_private(&caller.who, &name).await?.id),
        None => Ok(house.chat.reader_by_slug(Some(&caller.who), slug).await?.room().id),
    }
}

/// What is said, lines kept.
fn text(spans: &[Span]) -> String {
    let mut out = String::new();
    for span in spans {
        match span {
            Span::Break => out.push('\n'),
            span => out.push_str(&domain::span::plain(std::slice::from_ref(span))),
        }
    }
    out
}

//! Search.

use super::caller::{Caller, Read};
use super::fault::Answer;
use super::list::Start;
use super::messages::FileJson;
use super::wire::{PersonJson, RoomJson};
use crate::house::House;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use chat::Question;
use domain::search::{FileHit, Found, Kind, MessageHit, PictureHit};
use domain::{Problem, Rule};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Words and filters, as on the page: `from:ana in:hall after:2026-01-01 hello`.
    q: String,
    /// `messages`, `files`, `pictures`, `people` or `rooms`; everything by default, where messages
    /// are found by their files' names as well.
    #[param(pattern = "^(messages|files|pictures|people|rooms)$")]
    kind: Option<String>,
}

/// What was found; only what the asker may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hits {
    rooms: Vec<RoomJson>,
    people: Vec<PersonJson>,
    pictures: Vec<PictureHitJson>,
    /// Newest first, 20 at a time.
    messages: Vec<MessageHitJson>,
    /// If `kind` is `files`: newest first, those of 20 messages at a time.
    files: Vec<FileHitJson>,
    /// To be sent as `cursor` for older messages or files.
    next: Option<String>,
}

/// A picture that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureHitJson {
    room: RoomJson,
    id: i64,
    caption: String,
}

/// A message that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageHitJson {
    room: RoomJson,
    author: PersonJson,
    /// Its place in the room.
    seq: i64,
    at: i64,
    text: String,
}

/// A file that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileHitJson {
    room: RoomJson,
    author: PersonJson,
    /// Its message's place in the room.
    seq: i64,
    at: i64,
    file: FileJson,
}

fn file(found: &Found, hit: &FileHit) -> Option<FileHitJson> {
    let (room, author) = (found.place(hit.room)?.into(), (&hit.author).into());
    Some(FileHitJson { room, author, seq: hit.seq, at: hit.at, file: (&hit.file).into() })
}

fn message(found: &Found, hit: &MessageHit) -> Option<MessageHitJson> {
    let text = hit.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let (room, author) = (found.place(hit.room)?.into(), (&hit.author).into());
    Some(MessageHitJson { room, author, seq: hit.seq, at: hit.at, text })
}

fn picture(found: &Found, hit: &PictureHit) -> Option<PictureHitJson> {
    let room = found.place(hit.room)?.into();
    Some(PictureHitJson { room, id: hit.picture.id.0, caption: hit.picture.caption.clone() })
}

/// Search
#[utoipa::path(get, path = "/search", tag = "Search", params(Asked, Start), responses((status = 200, body = Hits)))]
pub async fn search(
    State(house): State<House>,
    caller: Caller<Read>,
    asked: Result<Query<Asked>, QueryRejection>,
    start: Result<Query<Start>, QueryRejection>,
) -> Answer<Json<Hits>> {
    let (Query(asked), Query(start)) = (asked?, start?);
    let kind = match asked.kind.as_deref() {
        Some(word) => Some(Kind::parse(word).ok_or_else(|| Problem::invalid("kind", Rule::Shape))?),
        None => None,
    };
    let address = caller.visit.address;
    let question = Question { asked: &asked.q, address, tz: 0, kind, older_than: start.at()? };
    let found = house.chat.search(Some(&caller.who), question).await?;
    Ok(Json(Hits {
        rooms: found.rooms.iter().map(RoomJson::from).collect(),
        people: found.people.iter().map(PersonJson::from).collect(),
        pictures: found.pictures.iter().filter_map(|hit| picture(&found, hit)).collect(),
        messages: found.messages.iter().filter_map(|hit| message(&found, hit)).collect(),
        files: found.files.iter().filter_map(|hit| file(&found, hit)).collect(),
        next: found.older.map(super::list::cursor),
    }))
}

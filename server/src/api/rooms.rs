//! Rooms.

use super::caller::{Caller, Manage, Read};
use super::fault::{Answer, Details};
use super::list::List;
use super::object::{Body, Object};
use super::wire::RoomJson;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::room::{RoomLine, RoomWords, Visibility};
use domain::{Problem, Rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A room as its reader finds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed {
    #[serde(flatten)]
    room: RoomJson,
    /// `host` or `member`; `null` for those who do not belong to it.
    role: Option<&'static str>,
    /// Messages by others that the reader has not seen.
    unread: u32,
    /// How many of them mention the reader.
    mentions: u32,
    /// Who is there now, guests included.
    present: u32,
    /// Whether it may be entered now.
    is_open: bool,
}

impl From<&RoomLine> for Listed {
    fn from(line: &RoomLine) -> Self {
        Self {
            room: (&line.room).into(),
            role: line.role.map(|role| role.as_str()),
            unread: line.unread,
            mentions: line.mentions,
            present: line.present,
            is_open: line.phase.is_open(),
        }
    }
}

/// A new room.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRoom {
    #[schema(pattern = "^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$")]
    slug: String,
    #[schema(min_length = 1, max_length = 80)]
    title: String,
    #[serde(default)]
    #[schema(max_length = 300)]
    about: String,
    /// `public`, `open` or `private`.
    #[schema(pattern = "^(public|open|private)$")]
    visibility: String,
    /// Name of the person who runs it; by default who asks.
    host: Option<String>,
}

/// What is changed; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RoomChange {
    slug: Option<String>,
    title: Option<String>,
    about: Option<String>,
    visibility: Option<String>,
}

/// List rooms
///
/// All that the asker may see, last activity first; at most 500.
#[utoipa::path(get, path = "/rooms", tag = "Rooms", responses((status = 200, body = List<Listed>)))]
pub async fn list(State(house): State<House>, caller: Caller<Read>) -> Answer<Json<List<Listed>>> {
    let rooms = house.chat.rooms(Some(&caller.who)).await?;
    Ok(Json(List::of(rooms.iter().map(Listed::from).collect(), None)))
}

/// Create a room
///
/// For administrators.
#[utoipa::path(post, path = "/rooms", tag = "Rooms", request_body = NewRoom, responses(
    (status = 201, body = RoomJson),
    (status = 409, description = "The slug is taken", body = Details, content_type = "application/problem+json"),
))]
pub async fn create(
    State(house): State<House>,
    caller: Caller<Manage>,
    body: Body<NewRoom>,
) -> Answer<(StatusCode, Json<RoomJson>)> {
    let admin = house.chat.admin(Some(&caller.who))?;
    let Json(Object(new)) = body?;
    let words = RoomWords::parse(&new.slug, &new.title, &new.about, visibility(&new.visibility)?)?;
    let host = match new.host {
        Some(name) => Some(super::members::person(&house, &name).await?.id),
        None => None,
    };
    let room = house.chat.create_room(&admin, words, host).await?;
    Ok((StatusCode::CREATED, Json((&room).into())))
}

/// One room
#[utoipa::path(get, path = "/rooms/{room}", tag = "Rooms", params(("room" = String, Path, description = "Its slug")), responses(
    (status = 200, body = RoomJson),
    (status = 404, body = Details, content_type = "application/problem+json"),
))]
pub async fn show(
    State(house): State<House>,
    caller: Caller<Read>,
    slug: Result<Path<String>, PathRejection>,
) -> Answer<Json<RoomJson>> {
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug?).await?;
    Ok(Json(reader.room().into()))
}

/// Change a room
///
/// For its hosts and administrators.
#[utoipa::path(patch, path = "/rooms/{room}", tag = "Rooms", params(("room" = String, Path, description = "Its slug")),
    request_body = RoomChange, responses((status = 200, body = RoomJson)))]
pub async fn change(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
    body: Body<RoomChange>,
) -> Answer<Json<RoomJson>> {
    let host = super::members::host(&house, &caller, &slug?).await?;
    let (Json(Object(change)), room) = (body?, host.room().clone());
    let seen = match change.visibility.as_deref() {
        Some(word) => visibility(word)?,
        None => room.visibility,
    };
    let text = |new: Option<String>, old: String| new.unwrap_or(old);
    let words = RoomWords::parse(
        &text(change.slug, room.slug),
        &text(change.title, room.title),
        &text(change.about, room.about),
        seen,
    )?;
    Ok(Json((&house.chat.change_room(&host, words).await?).into()))
}

/// Remove a room
///
/// For good, with everything in it. For administrators.
#[utoipa::path(delete, path = "/rooms/{room}", tag = "Rooms", params(("room" = String, Path, description = "Its slug")),
    responses((status = 204)))]
pub async fn remove(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
) -> Answer<StatusCode> {
    let admin = house.chat.admin(Some(&caller.who))?;
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug?).await?;
    house.chat.remove_room(&admin, reader.room().id, &reader.room().title).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn visibility(word: &str) -> Result<Visibility, Problem> {
    let known = Visibility::ALL.into_iter().find(|visibility| visibility.as_str() == word);
    known.ok_or_else(|| Problem::invalid("visibility", Rule::Shape))
}

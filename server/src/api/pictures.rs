//! A room's wall. Every change raises its revision, which is its `ETag`: with `If-Match` a change is
//! refused if somebody else was faster.

use super::caller::{Caller, Manage, Read};
use super::fault::{Answer, Details};
use super::members::host;
use super::wire::PersonJson;
use crate::house::House;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chat::NewPicture;
use domain::picture::{MAX_BYTES, Picture, Size};
use domain::{Problem, RoomId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A picture on a wall.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Picture)]
pub struct PictureJson {
    id: i64,
    /// Where it hangs: the larger, the nearer to the front.
    order: i64,
    width: u32,
    height: u32,
    caption: String,
    /// What it shows, for those who cannot see it.
    alt: String,
    by: PersonJson,
    /// Milliseconds since 1970 UTC.
    at: i64,
    /// Where its bytes are; for those who may read the room.
    url: String,
    /// What a program calls it that has put it: `PUT /rooms/{room}/pictures/own/{own_id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    own_id: Option<String>,
}

impl PictureJson {
    pub fn of(house: &House, room: RoomId, picture: &Picture) -> Self {
        Self {
            id: picture.id.0,
            order: picture.order,
            width: picture.width,
            height: picture.height,
            caption: picture.caption.clone(),
            alt: picture.alt.clone(),
            by: (&picture.by).into(),
            at: picture.at,
            url: format!("{}{}", house.origin, picture.url(room, Size::Full)),
            own_id: None,
        }
    }

    /// With the name that a program gave it.
    pub fn named(self, own_id: Option<String>) -> Self {
        Self { own_id, ..self }
    }
}

/// A wall, front first.
#[derive(Debug, Serialize, ToSchema)]
pub struct WallJson {
    rev: i64,
    pictures: Vec<PictureJson>,
}

/// About a new picture.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct About {
    #[serde(default)]
    caption: String,
    #[serde(default)]
    alt: String,
    /// Where it hangs; by default in front of all others.
    #[param(minimum = -1_000_000_000_000i64, maximum = 1_000_000_000_000i64)]
    order: Option<i64>,
    /// Where the house fetches it, instead of a body.
    url: Option<String>,
    /// Kept from viewers until a host shows it.
    #[serde(default)]
    held: bool,
}

/// The wall
#[utoipa::path(get, path = "/rooms/{room}/pictures", tag = "Pictures",
    params(("room" = String, Path, description = "The room's slug"), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, body = WallJson, headers(("ETag" = String))), (status = 304),
        (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn wall(
    State(house): State<House>,
    caller: Caller<Read>,
    slug: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Answer<Response> {
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug?).await?;
    let (room, wall) = (reader.room().id, house.chat.wall(&reader).await?);
    let tag = tag(wall.rev);
    if headers.get(IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let mut names = house.chat.own_names(&reader).await?;
    let pictures = wall.pictures.iter();
    let pictures = pictures.map(|picture| PictureJson::of(&house, room, picture).named(names.remove(&picture.id)));
    let pictures = pictures.collect();
    Ok(([(ETAG, tag)], Json(WallJson { rev: wall.rev, pictures })).into_response())
}

/// Hang a picture
///
/// The body is the picture (JPEG, PNG, WebP, GIF, AVIF; at most 20 MB), or empty when `url` says
/// where to fetch it. Everybody in the room sees it at once.
#[utoipa::path(post, path = "/rooms/{room}/pictures", tag = "Pictures",
    params(("room" = String, Path, description = "The room's slug"), About, ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,200}$")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = PictureJson), (status = 422, body = Details, content_type = "application/problem+json")))]
pub async fn add(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
    about: Result<Query<About>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Answer<(StatusCode, Json<PictureJson>)> {
    let (Path(slug), Query(about)) = (slug?, about?);
    let host = host(&house, &caller, &slug).await?;
    let bytes = body.map_err(|_| Problem::TooLarge { limit: MAX_BYTES })?;
    let About { caption, alt, order, url, held } = about;
    let new = NewPicture { bytes, caption, alt, order, held, file_name: None };
    let picture = match url {
        Some(url) => house.chat.add_picture_from(&host, &url, new).await?,
        None => house.chat.add_picture(&host, new).await?,
    };
    Ok((StatusCode::CREATED, Json(PictureJson::of(&house, host.room().id, &picture))))
}

/// A wall's revision as its `ETag`.
pub fn tag(rev: i64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{rev}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

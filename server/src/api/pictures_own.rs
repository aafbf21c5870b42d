//! Pictures under a name that the program gives them: put again, it is the same picture.

use super::caller::{Caller, Manage, Read};
use super::fault::{Answer, Details};
use super::members::host;
use super::pictures::{PictureJson, tag};
use super::pictures_change::if_match;
use crate::house::House;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::ETAG;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chat::{OwnPicture, OwnPut};
use domain::Problem;
use domain::picture::MAX_BYTES;
use serde::Deserialize;
use utoipa::IntoParams;

/// About the picture; of one that hangs, what is left out stays.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct About {
    caption: Option<String>,
    alt: Option<String>,
    /// Where it hangs; a new one by default in front of all others.
    #[param(minimum = -1_000_000_000_000i64, maximum = 1_000_000_000_000i64)]
    order: Option<i64>,
    /// Where the house fetches it, instead of a body.
    url: Option<String>,
    /// Whether a new one is kept from viewers until a host shows it.
    #[serde(default)]
    held: bool,
}

/// Put a picture
///
/// Hangs it under a name of your own, or changes the one that has this name in this room. The body
/// is the picture (JPEG, PNG, WebP, GIF, AVIF; at most 20 MB), or empty when `url` says where to
/// fetch it or the picture that hangs is to stay. The same bytes are not stored again. Everybody in the
/// room sees it at once.
#[utoipa::path(put, path = "/rooms/{room}/pictures/own/{own_id}", tag = "Pictures",
    params(("room" = String, Path, description = "The room's slug"),
        ("own_id" = String, Path, description = "Your own name for the picture: 1 to 100 characters that can be seen", min_length = 1, max_length = 100),
        About, ("If-Match" = Option<String>, Header, description = "The revision that the wall has to have: its `ETag`", pattern = "^\"?[0-9]{1,18}\"?$"), ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,200}$")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "Changed, or as it was", body = PictureJson, headers(("ETag" = String))),
        (status = 201, description = "New", body = PictureJson, headers(("ETag" = String))),
        (status = 409, description = "The wall was changed meanwhile", body = Details, content_type = "application/problem+json")))]
pub async fn put(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, String)>, PathRejection>,
    about: Result<Query<About>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Response> {
    let (Path((slug, name)), Query(about)) = (place?, about?);
    let host = host(&house, &caller, &slug).await?;
    let bytes = body.map_err(|_| Problem::TooLarge { limit: MAX_BYTES })?;
    let About { caption, alt, order, url, held } = about;
    let new = OwnPicture { bytes, url, caption, alt, order, held };
    let OwnPut { picture, is_new, rev } = house.chat.put_own_picture(&host, &name, new, if_match(&headers)?).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let json = PictureJson::of(&house, host.room().id, &picture).named(Some(name.trim().to_owned()));
    Ok((status, [(ETAG, tag(rev))], Json(json)).into_response())
}

/// A picture by its own name
#[utoipa::path(get, path = "/rooms/{room}/pictures/own/{own_id}", tag = "Pictures",
    params(("room" = String, Path, description = "The room's slug"),
        ("own_id" = String, Path, description = "Your own name for the picture", min_length = 1, max_length = 100)),
    responses((status = 200, body = PictureJson), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn show(
    State(house): State<House>,
    caller: Caller<Read>,
    place: Result<Path<(String, String)>, PathRejection>,
) -> Answer<Json<PictureJson>> {
    let Path((slug, name)) = place?;
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug).await?;
    let picture = house.chat.own_picture(&reader, &name).await?;
    Ok(Json(PictureJson::of(&house, reader.room().id, &picture).named(Some(name.trim().to_owned()))))
}

/// Take a picture down by its own name
///
/// The name is free then.
#[utoipa::path(delete, path = "/rooms/{room}/pictures/own/{own_id}", tag = "Pictures",
    params(("room" = String, Path, description = "The room's slug"),
        ("own_id" = String, Path, description = "Your own name for the picture", min_length = 1, max_length = 100),
        ("If-Match" = Option<String>, Header, description = "The revision that the wall has to have: its `ETag`", pattern = "^\"?[0-9]{1,18}\"?$")),
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json"),
        (status = 409, description = "The wall was changed meanwhile", body = Details, content_type = "application/problem+json")))]
pub async fn remove(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Answer<StatusCode> {
    let Path((slug, name)) = place?;
    let host = host(&house, &caller, &slug).await?;
    house.chat.remove_own_picture(&host, &name, if_match(&headers)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Changing and taking down a picture.

use super::caller::{Caller, Manage};
use super::fault::{Answer, Details};
use super::members::host;
use super::object::{Body, Object};
use super::pictures::PictureJson;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, StatusCode};
use chat::{RoomHost, Seen};
use domain::picture::Picture;
use domain::wall::Place;
use domain::{PictureId, Problem, Rule, Thing};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is changed; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PictureChange {
    caption: Option<String>,
    alt: Option<String>,
    /// The larger, the nearer to the front.
    #[schema(minimum = -1_000_000_000_000i64, maximum = 1_000_000_000_000i64)]
    order: Option<i64>,
    /// Its place, counted from 1 at the front; instead of `order`.
    place: Option<u32>,
}

/// Change a picture
#[utoipa::path(patch, path = "/rooms/{room}/pictures/{picture}", tag = "Pictures",
    params(("room" = String, Path, description = "The room's slug"), ("picture" = i64, Path), ("If-Match" = Option<String>, Header, description = "The revision that the wall has to have: its `ETag`", pattern = "^\"?[0-9]{1,18}\"?$")),
    request_body = PictureChange,
    responses((status = 200, body = PictureJson),
        (status = 409, description = "The wall was changed meanwhile", body = Details, content_type = "application/problem+json")))]
pub async fn change(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
    headers: HeaderMap,
    body: Body<PictureChange>,
) -> Answer<Json<PictureJson>> {
    let Path((slug, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    let Json(Object(change)) = body?;
    let id = PictureId(id);
    let was = find(&house, &host, id).await?;
    let rev = expected(&house, &host, &headers).await?;
    if let Some(place) = change.place {
        house.chat.move_picture(&host, id, Place::Nth(place), rev).await?;
    } else if let Some(order) = change.order {
        house.chat.set_picture_order(&host, id, order, rev.map_or(Seen::Nothing, Seen::Wall)).await?;
    }
    if change.caption.is_some() || change.alt.is_some() {
        let seen = (was.caption.clone(), was.alt.clone());
        let (caption, alt) = (change.caption.unwrap_or(was.caption), change.alt.unwrap_or(was.alt));
        let words = (&*caption, &*alt);
        match rev {
            Some(_) => house.chat.describe_picture_anew(&host, id, words, (&seen.0, &seen.1)).await?,
            None => house.chat.describe_picture(&host, id, words.0, words.1).await?,
        };
    }
    let own_id = house.chat.own_names(host.reader()).await?.remove(&id);
    Ok(Json(PictureJson::of(&house, host.room().id, &find(&house, &host, id).await?).named(own_id)))
}

/// Take a picture down
///
/// It can be put back for an hour on the page of the room's pictures.
#[utoipa::path(delete, path = "/rooms/{room}/pictures/{picture}", tag = "Pictures",
    params(("room" = String, Path, description = "The room's slug"), ("picture" = i64, Path), ("If-Match" = Option<String>, Header, description = "The revision that the wall has to have: its `ETag`", pattern = "^\"?[0-9]{1,18}\"?$")),
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn remove(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
    headers: HeaderMap,
) -> Answer<StatusCode> {
    let Path((slug, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    find(&house, &host, PictureId(id)).await?;
    expected(&house, &host, &headers).await?;
    house.chat.remove_picture(&host, PictureId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(house: &House, host: &RoomHost, id: PictureId) -> Answer<Picture> {
    let wall = house.chat.wall(host.reader()).await?;
    let held = house.chat.held_pictures(host).await?;
    let found = wall.pictures.into_iter().chain(held).find(|picture| picture.id == id);
    Ok(found.ok_or(Problem::not_found(Thing::Picture))?)
}

/// The revision that a request names.
pub fn if_match(headers: &HeaderMap) -> Answer<Option<i64>> {
    let Some(tag) = headers.get(IF_MATCH) else { return Ok(None) };
    let rev = tag.to_str().ok().and_then(|tag| tag.trim_matches('"').parse().ok());
    Ok(Some(rev.ok_or_else(|| Problem::invalid("if-match", Rule::Shape))?))
}

/// The revision that the wall has to have, if the request names one.
async fn expected(house: &House, host: &RoomHost, headers: &HeaderMap) -> Answer<Option<i64>> {
    let Some(rev) = if_match(headers)? else { return Ok(None) };
    let now = house.chat.wall(host.reader()).await?.rev;
    if now != rev {
        return Err(Problem::changed(now).into());
    }
    Ok(Some(rev))
}

//! What the pages show, as data.

use super::history::Shown;
use super::translate::{self, ROOMS, done, failed, refused};
use super::users::{Known, known, user_info};
use super::wire::{Home, Online, Pagination, PrivatePage, RoomCount, RoomPage};
use crate::compat::base::{Base, Named, in_query};
use crate::house::House;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use chat::{Error, Who};
use domain::PersonId;
use serde::Serialize;

/// The rooms for those who are logged in; for others how many there are.
pub async fn index(State(house): State<House>, headers: HeaderMap) -> Response {
    match known(&house, &headers).await {
        Some(Known { who, .. }) => answer(rooms(&house, &who).await),
        None => {
            let count = house.compat.ginchat.floor.at(|place| place.number() > 0).len();
            Json(done(Online { count })).into_response()
        }
    }
}

pub async fn home(State(house): State<House>, Known { who, .. }: Known) -> Response {
    answer(rooms(&house, &who).await)
}

async fn rooms(house: &House, who: &Who) -> chat::Result<Home> {
    let count = |id| house.compat.ginchat.floor.at(|place| place.number() == id).len();
    let rooms = ROOMS.map(|id| RoomCount { id, num: count(id) }).collect();
    Ok(Home { rooms, user_info: user_info(house, who).await? })
}

/// A room with its newest messages.
pub async fn room(
    State(house): State<House>,
    base: Base,
    Known { who, .. }: Known,
    Named(number): Named<String>,
) -> Response {
    let Some(number) = translate::room(&number) else { return base.redirect("/room/1") };
    let shown = Shown { house: &house, base: &base, who: &who };
    let page = async {
        let mut msg_list = shown.public(number, 0).await?;
        msg_list.reverse();
        let (msg_list_count, room_id) = (msg_list.len(), number.to_string());
        Ok(RoomPage { msg_list, msg_list_count, room_id, user_info: user_info(&house, &who).await? })
    };
    answer(page.await)
}

/// The newest messages in private with somebody; with nobody named, one's own in the rooms.
pub async fn private(State(house): State<House>, base: Base, Known { who, .. }: Known, uri: Uri) -> Response {
    let query = |name| in_query(uri.query().unwrap_or_default(), name).filter(|value| !value.is_empty());
    let shown = Shown { house: &house, base: &base, who: &who };
    let page = async {
        let mut msg_list = match query("uid") {
            Some(uid) => shown.private(uid.trim().parse().map_or(PersonId(0), PersonId), 0).await?,
            None => shown.own().await?,
        };
        msg_list.reverse();
        let room_id = query("room_id").unwrap_or_default();
        Ok(PrivatePage { msg_list, room_id, user_info: user_info(&house, &who).await? })
    };
    answer(page.await)
}

/// Older messages: the next hundred after so many of the newest.
pub async fn pagination(State(house): State<House>, base: Base, Known { who, .. }: Known, uri: Uri) -> Response {
    let query = |name| in_query(uri.query().unwrap_or_default(), name).filter(|value| !value.is_empty());
    let (room, uid) = (query("room_id"), query("uid"));
    let number = room.as_deref().map(translate::room);
    if number == Some(None) || room.is_none() && uid.is_none() {
        return Json(failed("错误房间号")).into_response();
    }
    let offset = query("offset").and_then(|offset| offset.trim().parse::<i64>().ok()).unwrap_or_default();
    let skip = u32::try_from(offset.max(0)).unwrap_or(u32::MAX);
    let shown = Shown { house: &house, base: &base, who: &who };
    let page = async {
        let mut list = match (uid, number.flatten()) {
            (Some(uid), _) => shown.private(uid.trim().parse().map_or(PersonId(0), PersonId), skip).await?,
            (None, Some(number)) => shown.public(number, skip).await?,
            (None, None) => Vec::new(),
        };
        if skip == 0 {
            list.reverse();
        }
        Ok(Pagination { count: list.len(), list: (!list.is_empty()).then_some(list) })
    };
    answer(page.await)
}

fn answer<T: Serialize>(data: Result<T, Error>) -> Response {
    match data {
        Ok(data) => Json(done(data)).into_response(),
        Err(error) => Json(refused(&error.into_problem())).into_response(),
    }
}

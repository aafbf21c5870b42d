//! All rooms, for administrators; new passwords by link.

use super::{Answer, PageAnswer};
use domain::RoomId;
use domain::gate::Phase;
use domain::person::Person;
use domain::room::Room;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land, page_end, page_word, refused, say_status};
#[cfg(feature = "ssr")]
use chat::{RoomsOrder, RoomsQuery};
#[cfg(feature = "ssr")]
use domain::Problem;
#[cfg(feature = "ssr")]
use domain::room::Visibility;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomsPage {
    pub rooms: Vec<RoomRow>,
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomRow {
    pub room: Room,
    pub members: u64,
    pub last_at: i64,
    pub present: u32,
    pub phase: Phase,
}

/// `state`: `archived` or `living`; `sort`: `title`, `active` or `since`, downwards with `-`.
#[server(prefix = "/call", endpoint = "load-admin-rooms")]
pub async fn load_admin_rooms(
    #[server(default)] query: String,
    #[server(default)] visibility: String,
    #[server(default)] state: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> PageAnswer<RoomsPage> {
    let house = house()?;
    let order = match sort.trim_start_matches('-') {
        "active" => RoomsOrder::Active,
        "since" => RoomsOrder::Since,
        _ => RoomsOrder::Title,
    };
    let asked = RoomsQuery {
        words: query,
        visibility: Visibility::parse(&visibility).ok(),
        archived: [("archived", true), ("living", false)]
            .into_iter()
            .find_map(|(word, is)| (word == state).then_some(is)),
        order,
        descending: sort.starts_with('-'),
        after: page_end(&after),
    };
    let body = rooms_page(&house, &asked).await;
    house.page(body)
}

/// `room_name`: its name, typed once more.
#[server(prefix = "/call", endpoint = "remove-room")]
pub async fn remove_room(room: RoomId, room_name: String) -> Answer<()> {
    let house = house()?;
    house.chat.remove_room(&house.admin()?, room, &room_name).await?;
    land("/admin/rooms");
    Ok(())
}

/// Whose password the link sets. `None` for one that does not work, whatever the reason; the
/// page's status is 410 then.
#[server(prefix = "/call", endpoint = "load-reset")]
pub async fn load_reset(token: String) -> PageAnswer<Option<Person>> {
    let house = house()?;
    let body = match house.chat.reset_person(&token).await.map_err(chat::Error::into_problem) {
        Ok(person) => Ok(Some(person)),
        Err(Problem::Gone) => {
            say_status(Problem::Gone.status());
            Ok(None)
        }
        Err(problem) => Err(problem.into()),
    };
    house.page(body)
}

/// Lands where one signs in.
#[server(prefix = "/call", endpoint = "reset-password")]
pub async fn reset_password(token: String, new: String, again: String) -> Answer<()> {
    let house = house()?;
    if new != again {
        return Err(refused(Problem::invalid("again", domain::Rule::Mismatch)));
    }
    house.chat.reset_password(&token, &new, &house.visitor.visit).await?;
    land("/sign-in");
    Ok(())
}

#[cfg(feature = "ssr")]
async fn rooms_page(house: &House, asked: &RoomsQuery) -> Answer<RoomsPage> {
    house.signed_in()?;
    let page = house.chat.rooms_page(&house.admin()?, asked).await?;
    let row = |entry: chat::RoomEntry| {
        let chat::RoomEntry { room, members, last_at, present, phase } = entry;
        RoomRow { room, members, last_at, present, phase }
    };
    Ok(RoomsPage { rooms: page.lines.into_iter().map(row).collect(), next: page.next.map(page_word) })
}

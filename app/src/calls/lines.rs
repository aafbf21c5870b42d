//! The list of rooms, and the way into one by what somebody was given.

use super::{Answer, PageAnswer};
use domain::room::RoomLine;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, host, house, land, refused, typed_room};
#[cfg(feature = "ssr")]
use chat::{LinesEnd, LinesQuery};
#[cfg(feature = "ssr")]
use domain::Problem;
#[cfg(feature = "ssr")]
use domain::given::Given;

/// A page of the list of rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomsData {
    pub rooms: Vec<RoomLine>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// What was typed a moment ago and led nowhere.
    pub typed: String,
}

/// A page of the list of rooms. `query`: what stands in their names; `after`: where the last page ended.
#[server(prefix = "/call", endpoint = "load-rooms")]
pub async fn load_rooms(#[server(default)] query: String, #[server(default)] after: String) -> PageAnswer<RoomsData> {
    let house = house()?;
    let body = rooms_data(&house, query, &after).await;
    house.page(body)
}

/// Leads to what somebody was given: an invitation, by its code or link, or a room, by its address.
#[server(prefix = "/call", endpoint = "find-room")]
pub async fn find_room(invitation: String) -> Answer<()> {
    let house = house()?;
    way_in(&house, &invitation).await.inspect_err(|_| house.keep_typed_room(&invitation))
}

#[cfg(feature = "ssr")]
async fn way_in(house: &House, invitation: &str) -> Answer<()> {
    let given = Given::parse(invitation, &host().unwrap_or_default())?;
    if let Some(token) = given.token
        && house.chat.invitation(house.who(), &token).await.is_ok()
    {
        land(&crate::paths::join(&token));
        return Ok(());
    }
    if let Some(slug) = given.slug {
        match house.chat.reader_by_slug(house.who(), &slug).await.map_err(chat::Error::into_problem) {
            Ok(_) | Err(Problem::Shut) => {
                land(&crate::paths::room(&slug));
                return Ok(());
            }
            Err(Problem::NotFound { .. }) => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    Err(refused(Problem::invalid("invitation", domain::Rule::Shape)))
}

#[cfg(feature = "ssr")]
async fn rooms_data(house: &House, words: String, after: &str) -> Answer<RoomsData> {
    let query = LinesQuery { words, after: lines_end(after) };
    let (rooms, next) = house.chat.lines_page(house.who(), &query).await?;
    let next = next.map(|LinesEnd { rank, at, id }| format!("{rank}.{at}.{id}"));
    Ok(RoomsData { rooms, next, typed: typed_room() })
}

/// Where a page of the list ends, as its address says it; `None` for anything else.
#[cfg(feature = "ssr")]
fn lines_end(word: &str) -> Option<LinesEnd> {
    let numbers: Vec<i64> = word.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let [rank, at, id] = numbers.try_into().ok()?;
    Some(LinesEnd { rank, at, id })
}

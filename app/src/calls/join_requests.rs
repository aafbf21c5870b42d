//! Asking to join where only members write; deciding about it, for hosts.

use super::Answer;
use domain::{PersonId, RoomId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::house::house;

/// `words`: what the visitor says to it.
#[server(prefix = "/call", endpoint = "ask-to-join")]
pub async fn ask_to_join(room: RoomId, #[server(default)] words: String) -> Answer<()> {
    let house = house()?;
    let reader = house.reader(room).await?;
    Ok(house.chat.ask_to_join(&reader, &words).await?)
}

#[server(prefix = "/call", endpoint = "approve-join-request")]
pub async fn approve_join_request(room: RoomId, person: PersonId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.approve_join_request(&host, person).await?)
}

#[server(prefix = "/call", endpoint = "decline-join-request")]
pub async fn decline_join_request(room: RoomId, person: PersonId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.decline_join_request(&host, person).await?)
}

//! What is unread, and what one wants to hear of a room.

use super::Answer;
use domain::RoomId;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::house::{house, land};
#[cfg(feature = "ssr")]
use domain::unread::Level;

/// Everything in a room was seen, or (with `unread`) the last message by somebody else was not.
#[server(prefix = "/call", endpoint = "mark-room")]
pub async fn mark_room(room: RoomId, #[server(default)] unread: bool) -> Answer<()> {
    let house = house()?;
    let who = house.signed_in()?;
    match unread {
        false => house.chat.mark_read(who, room).await?,
        true => house.chat.mark_unread(who, room).await?,
    }
    Ok(())
}

/// Everything in all rooms was seen; lands where that can be undone. With `undo`, it was not.
#[server(prefix = "/call", endpoint = "mark-all-read")]
pub async fn mark_all_read(#[server(default)] undo: bool) -> Answer<()> {
    let house = house()?;
    let who = house.signed_in()?;
    match undo {
        false => {
            house.chat.mark_all_read(who).await?;
            land(crate::paths::ALL_READ);
        }
        true => {
            house.chat.undo_all_read(who).await?;
            land("/");
        }
    }
    Ok(())
}

/// `level`: `everything`, `mentions`, `nothing` or `hidden`.
#[server(prefix = "/call", endpoint = "choose-level")]
pub async fn choose_level(room: RoomId, level: String) -> Answer<()> {
    let house = house()?;
    let who = house.signed_in()?;
    Ok(house.chat.change_level(who, room, Level::parse(&level)?).await?)
}

/// Keeps a room at the top of the list, or no longer.
#[server(prefix = "/call", endpoint = "pin-room")]
pub async fn pin_room(room: RoomId, on: bool) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.pin(house.signed_in()?, room, on).await?)
}

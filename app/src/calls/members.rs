//! Members of a room, for its hosts.

use super::Answer;
use domain::{PersonId, RoomId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::house::{house, refused};
#[cfg(feature = "ssr")]
use domain::member::Role;

/// Adds a person by their user name; `role` is `host` or `member`.
#[server(prefix = "/call", endpoint = "add-member")]
pub async fn add_member(room: RoomId, name: String, role: String) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let person = house.chat.find_person(name.trim().trim_start_matches('@')).await?;
    let person = person.ok_or_else(|| refused(domain::Problem::not_found(domain::Thing::Person)))?;
    Ok(house.chat.add_member(&host, person.id, parse_role(&role)).await?)
}

#[server(prefix = "/call", endpoint = "change-role")]
pub async fn change_role(room: RoomId, person: PersonId, role: String) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.add_member(&host, person, parse_role(&role)).await?)
}

/// Lands where it can be undone, if it can.
#[server(prefix = "/call", endpoint = "remove-member")]
pub async fn remove_member(room: RoomId, person: PersonId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let deed = house.chat.remove_member(&host, person).await?;
    house.land_undoable(&crate::paths::room_people(&host.room().slug), deed, "kick", person).await
}

/// Anything but `host` is a member: the lesser right.
#[cfg(feature = "ssr")]
fn parse_role(word: &str) -> Role {
    if word == "host" { Role::Host } else { Role::Member }
}

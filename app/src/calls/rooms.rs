//! Rooms: the list, a room with all that is in it, its settings.

use super::{Answer, PageAnswer};
use domain::live::Position;
use domain::member::{Member, Role};
use domain::message::History;
use domain::person::Person;
use domain::room::{Room, RoomLine};
use domain::wall::Wall;
use domain::{ClientId, RoomId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land};
#[cfg(feature = "ssr")]
use domain::room::{RoomWords, Visibility};

/// Everything a room's page shows, from one consistent read: `position` belongs to the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPageData {
    pub room: Room,
    /// `None` for guests and for readers who have not joined.
    pub role: Option<Role>,
    /// Whether the visitor may change the room and its wall: its hosts and administrators.
    pub may_host: bool,
    pub members: Vec<Member>,
    /// The latest messages, or those before the asked-for place.
    pub history: History,
    pub wall: Wall,
    pub position: Position,
    /// The last message seen; 0 for guests.
    pub last_read: i64,
    pub present: Vec<Person>,
    pub guests: u32,
    /// How many people are here, if they are too many to be named.
    pub unnamed: u32,
    /// Names the message that the form without JavaScript will post.
    pub client_id: ClientId,
}

/// A room's settings page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomSettings {
    pub room: Room,
    pub members: Vec<Member>,
}

#[server(prefix = "/call", endpoint = "load-rooms")]
pub async fn load_rooms() -> PageAnswer<Vec<RoomLine>> {
    let house = house()?;
    let body = house.chat.rooms(house.who()).await.map_err(Into::into);
    house.page(body)
}

/// `before`: show the page of history that ends there instead of the latest.
#[server(prefix = "/call", endpoint = "open-room")]
pub async fn open_room(slug: String, #[server(default)] before: Option<i64>) -> PageAnswer<RoomPageData> {
    let house = house()?;
    let body = room_page(&house, &slug, before).await;
    house.page(body)
}

/// The same for those who run the room; `NotAllowed` for others.
#[server(prefix = "/call", endpoint = "open-pictures")]
pub async fn open_pictures(slug: String) -> PageAnswer<RoomPageData> {
    let house = house()?;
    let body = pictures_page(&house, &slug).await;
    house.page(body)
}

#[server(prefix = "/call", endpoint = "load-admin-rooms")]
pub async fn load_admin_rooms() -> PageAnswer<Vec<RoomLine>> {
    let house = house()?;
    let body = admin_rooms(&house).await;
    house.page(body)
}

/// Whether the visitor may create rooms.
#[server(prefix = "/call", endpoint = "load-new-room")]
pub async fn load_new_room() -> PageAnswer<()> {
    let house = house()?;
    let body = signed_in_admin(&house);
    house.page(body)
}

#[server(prefix = "/call", endpoint = "load-room-settings")]
pub async fn load_room_settings(slug: String) -> PageAnswer<RoomSettings> {
    let house = house()?;
    let body = room_settings(&house, &slug).await;
    house.page(body)
}

/// Without a `slug` the address is made from the title.
#[server(prefix = "/call", endpoint = "create-room")]
pub async fn create_room(
    title: String,
    #[server(default)] slug: String,
    #[server(default)] about: String,
    #[server(default)] visibility: String,
) -> Answer<()> {
    let house = house()?;
    let admin = house.admin()?;
    let visibility = if visibility.is_empty() { Visibility::default() } else { Visibility::parse(&visibility)? };
    let room = new_room(&house, &admin, &title, &slug, &about, visibility).await?;
    land(&crate::paths::room_admin(&room.slug));
    Ok(())
}

/// Lands on the settings page, whose address may have changed with the room's.
#[server(prefix = "/call", endpoint = "change-room")]
pub async fn change_room(room: RoomId, title: String, slug: String, about: String, visibility: String) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let words = RoomWords::parse(&slug, &title, &about, Visibility::parse(&visibility)?)?;
    let old = host.reader().room().slug.clone();
    let room = house.chat.change_room(&host, words).await?;
    if room.slug != old {
        land(&crate::paths::room_admin(&room.slug));
    }
    Ok(())
}

#[server(prefix = "/call", endpoint = "archive-room")]
pub async fn archive_room(room: RoomId, archived: bool) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.archive_room(&host, archived).await?)
}

/// Becomes a member of a public or open room.
#[server(prefix = "/call", endpoint = "enter-room")]
pub async fn enter_room(room: RoomId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.enter(house.signed_in()?, room).await?)
}

#[server(prefix = "/call", endpoint = "leave-room")]
pub async fn leave_room(room: RoomId) -> Answer<()> {
    let house = house()?;
    house.chat.leave(house.signed_in()?, room).await?;
    land("/");
    Ok(())
}

/// Everything up to `seq` was looked at.
#[server(prefix = "/call", endpoint = "mark-seen")]
pub async fn mark_seen(room: RoomId, seq: i64) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.seen(house.signed_in()?, room, seq).await?)
}

#[cfg(feature = "ssr")]
async fn room_page(house: &House, slug: &str, before: Option<i64>) -> Answer<RoomPageData> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let state = house.chat.room_state(&reader).await?;
    let history = match before {
        Some(_) => house.chat.history(&reader, before).await?,
        None => state.history,
    };
    Ok(RoomPageData {
        may_host: house.chat.host(house.who(), state.room.id).await.is_ok(),
        client_id: plain_client_id(house, state.room.id)?,
        role: state.role,
        members: state.members,
        history,
        wall: state.wall,
        position: state.position,
        last_read: state.last_read,
        present: state.present,
        guests: state.guests,
        unnamed: state.unnamed,
        room: state.room,
    })
}

/// A client id for the form without JavaScript: nobody posts twice from the same page of
/// the same millisecond.
#[cfg(feature = "ssr")]
fn plain_client_id(house: &House, room: RoomId) -> Answer<ClientId> {
    let person = house.who().map_or(0, |who| who.person.id.0);
    Ok(ClientId::parse(&format!("form-{person}-{room}-{}", house.chat.now()))?)
}

#[cfg(feature = "ssr")]
async fn pictures_page(house: &House, slug: &str) -> Answer<RoomPageData> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    house.host(reader.room().id).await?;
    room_page(house, slug, None).await
}

#[cfg(feature = "ssr")]
async fn room_settings(house: &House, slug: &str) -> Answer<RoomSettings> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let members = house.chat.members(host.reader()).await?;
    Ok(RoomSettings { room: host.reader().room().clone(), members })
}

#[cfg(feature = "ssr")]
fn signed_in_admin(house: &House) -> Answer<()> {
    house.signed_in()?;
    house.admin().map(|_| ())
}

#[cfg(feature = "ssr")]
async fn admin_rooms(house: &House) -> Answer<Vec<RoomLine>> {
    signed_in_admin(house)?;
    Ok(house.chat.rooms(house.who()).await?)
}

#[cfg(feature = "ssr")]
async fn new_room(
    house: &House,
    admin: &chat::Admin,
    title: &str,
    slug: &str,
    about: &str,
    visibility: Visibility,
) -> Answer<Room> {
    if !slug.trim().is_empty() {
        let words = RoomWords::parse(slug, title, about, visibility)?;
        return Ok(house.chat.create_room(admin, words, None).await?);
    }
    let base = crate::paths::slug_of(title);
    for n in 1..=50 {
        let slug = if n == 1 { base.clone() } else { format!("{base}-{n}") };
        let words = RoomWords::parse(&slug, title, about, visibility)?;
        match house.chat.create_room(admin, words, None).await.map_err(chat::Error::into_problem) {
            Err(domain::Problem::Taken { .. }) => {}
            answer => return answer.map_err(super::house::refused),
        }
    }
    Err(super::house::refused(domain::Problem::Taken { thing: domain::Thing::Room }))
}

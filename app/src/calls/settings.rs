//! What can be set, of the site, of a room and on the command line, for those who look for it.

use super::PageAnswer;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[cfg(feature = "ssr")]
use super::Answer;
#[cfg(feature = "ssr")]
use super::house::{House, house};
#[cfg(feature = "ssr")]
use crate::settings::{self, RoomValues};
#[cfg(feature = "ssr")]
use crate::text::text;
#[cfg(feature = "ssr")]
use domain::Problem;
#[cfg(feature = "ssr")]
use domain::contact::FirstContact;
#[cfg(feature = "ssr")]
use domain::moderation::WordList;

/// A setting, in the visitor's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub part: Part,
    pub name: String,
    /// What follows from it.
    pub hint: String,
    /// As it is now; `None` for what is secret, or is not shown in a line.
    pub value: Option<String>,
    /// Whether it is as it was made; `None` where nothing is usual.
    pub is_usual: Option<bool>,
    /// Its field; `None` on the command line.
    pub href: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Room,
    Site,
    /// Given to `salon serve`.
    Server,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingsPage {
    pub found: Vec<Setting>,
    /// Whose settings those of a room are: its address.
    pub room: Option<String>,
    /// Rooms to choose from, by their addresses and names.
    pub rooms: Vec<(String, String)>,
}

/// A setting of `salon serve` as this server was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSetting {
    /// `file-limit`, of `--file-limit`.
    pub flag: String,
    /// `SALON_FILE_LIMIT`
    pub env: String,
    /// As it was written, empty for nothing; `None` for what is secret.
    pub value: Option<String>,
    pub is_usual: bool,
}

/// The server puts them into the contexts of every page.
#[derive(Clone, Debug, Default)]
pub struct ServerSettings(pub Arc<[ServerSetting]>);

/// Those that the words are found in; `room` is an address. Hosts see the settings of their rooms,
/// administrators all; without a room those of the one where something happened last.
#[server(prefix = "/call", endpoint = "load-settings")]
pub async fn load_settings(
    #[server(default)] query: String,
    #[server(default)] room: String,
) -> PageAnswer<SettingsPage> {
    let house = house()?;
    let body = settings_page(&house, query.trim(), room).await;
    house.page(body)
}

#[cfg(feature = "ssr")]
async fn settings_page(house: &House, query: &str, room: String) -> Answer<SettingsPage> {
    house.signed_in()?;
    // Not `House::admin`, whose refusal would be the page's.
    let admin = house.chat.admin(house.who()).ok();
    let rooms = match &admin {
        Some(admin) => latest_rooms(house, admin).await?,
        None => Vec::new(),
    };
    let room = if room.is_empty() { rooms.first().map(|(slug, _)| slug.clone()) } else { Some(room) };
    let values = match &room {
        Some(slug) => Some(room_values(house, slug, admin.is_some()).await?),
        None if admin.is_none() => return Err(super::house::refused(Problem::NotAllowed)),
        None => None,
    };
    let site = match &admin {
        Some(admin) => Some((house.chat.site_words(admin).await?, house.chat.first_contact(admin).await?)),
        None => None,
    };
    let found = found(house, query, values.as_ref(), site);
    let rooms = with_present(rooms, values);
    Ok(SettingsPage { found, room, rooms })
}

#[cfg(feature = "ssr")]
fn found(
    house: &House,
    query: &str,
    room: Option<&RoomValues>,
    site: Option<(WordList, FirstContact)>,
) -> Vec<Setting> {
    let mut all = room.map(settings::of_room).unwrap_or_default();
    if let Some((words, first)) = site {
        all.extend(settings::of_site(&words, first));
        all.extend(settings::of_server(&use_context::<ServerSettings>().unwrap_or_default().0));
    }
    let t = text(house.visitor.lang);
    all.iter().filter(|draft| draft.is_found(query)).map(|draft| draft.in_words(t)).collect()
}

#[cfg(feature = "ssr")]
async fn latest_rooms(house: &House, admin: &chat::Admin) -> Answer<Vec<(String, String)>> {
    let latest = chat::RoomsQuery { order: chat::RoomsOrder::Active, descending: true, ..Default::default() };
    let page = house.chat.rooms_page(admin, &latest).await?;
    Ok(page.lines.into_iter().map(|entry| (entry.room.slug, entry.room.title)).collect())
}

/// The room that was asked for may be an old one.
#[cfg(feature = "ssr")]
fn with_present(mut rooms: Vec<(String, String)>, values: Option<RoomValues>) -> Vec<(String, String)> {
    let Some(RoomValues { room, .. }) = values else { return rooms };
    if rooms.iter().all(|(slug, _)| *slug != room.slug) {
        rooms.insert(0, (room.slug, room.title));
    }
    rooms
}

#[cfg(feature = "ssr")]
async fn room_values(house: &House, slug: &str, may_remove: bool) -> Answer<RoomValues> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    Ok(RoomValues {
        room: host.reader().room().clone(),
        rule: house.chat.gate(&host).rule,
        policy: *host.reader().policy(),
        words: house.chat.room_words(&host).await?,
        origins: house.chat.embed_origins(host.reader().room().id).await?,
        tz: house.visitor.tz,
        may_remove,
    })
}

//! The audit trail, for administrators and for hosts.

use super::PageAnswer;
use domain::audit::AuditPage;
use domain::room::Room;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::Answer;
#[cfg(feature = "ssr")]
use super::house::{House, house};
#[cfg(feature = "ssr")]
use chat::Sought;

/// A page of the trail of one room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomAudit {
    pub room: Room,
    pub page: AuditPage,
}

/// The whole site's. `room` is an address, `person` a user name, `act` a word of
/// [`domain::audit::Act`]; empty for all. `sort`: `-at` (also when empty) or `at`, the oldest first.
#[server(prefix = "/call", endpoint = "load-audit")]
pub async fn load_audit(
    #[server(default)] room: String,
    #[server(default)] person: String,
    #[server(default)] act: String,
    #[server(default)] sort: String,
    #[server(default)] after: Option<i64>,
) -> PageAnswer<AuditPage> {
    let house = house()?;
    let body = site_audit(&house, Sought { room, person, act, after, oldest_first: sort == "at" }).await;
    house.page(body)
}

/// The trail of a room, for its hosts.
#[server(prefix = "/call", endpoint = "load-room-audit")]
pub async fn load_room_audit(
    slug: String,
    #[server(default)] person: String,
    #[server(default)] act: String,
    #[server(default)] sort: String,
    #[server(default)] after: Option<i64>,
) -> PageAnswer<RoomAudit> {
    let house = house()?;
    let body =
        room_audit(&house, &slug, Sought { room: String::new(), person, act, after, oldest_first: sort == "at" }).await;
    house.page(body)
}

#[cfg(feature = "ssr")]
async fn site_audit(house: &House, sought: Sought) -> Answer<AuditPage> {
    Ok(house.chat.audit(&house.admin()?, &sought).await?)
}

#[cfg(feature = "ssr")]
async fn room_audit(house: &House, slug: &str, sought: Sought) -> Answer<RoomAudit> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let page = house.chat.room_audit(&host, &sought).await?;
    Ok(RoomAudit { room: reader.room().clone(), page })
}

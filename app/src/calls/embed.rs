//! Which other sites may show a room, for those who run it.

use super::{Answer, PageAnswer};
use domain::RoomId;
use domain::room::Room;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntegrationPage {
    pub room: Room,
    /// The sites whose pages may show the room.
    pub origins: Vec<String>,
    /// This site's own address.
    pub origin: String,
}

#[server(prefix = "/call", endpoint = "load-integration")]
pub async fn load_integration(slug: String) -> PageAnswer<IntegrationPage> {
    let house = house()?;
    let body = integration_page(&house, &slug).await;
    house.page(body)
}

/// One origin per line.
#[server(prefix = "/call", endpoint = "change-embed")]
pub async fn change_embed(room: RoomId, #[server(default)] origins: String) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    house.chat.change_embed(&host, &origins.lines().collect::<Vec<_>>()).await?;
    land(&crate::paths::integration(&host.reader().room().slug));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn integration_page(house: &House, slug: &str) -> Answer<IntegrationPage> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let origins = house.chat.embed_origins(host.reader().room().id).await?;
    Ok(IntegrationPage { room: host.reader().room().clone(), origins, origin: house.visitor.origin.to_string() })
}

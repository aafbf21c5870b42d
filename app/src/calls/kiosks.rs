//! Projectors' links of a room, for those who run it.

use super::{Answer, PageAnswer};
use domain::kiosk::Kiosk;
use domain::room::Room;
use domain::{KioskId, RoomId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land};
#[cfg(feature = "ssr")]
use domain::kiosk::{Fit, KioskRule, Sequence};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KiosksPage {
    pub room: Room,
    pub kiosks: Vec<Kiosk>,
    /// This site's own address.
    pub origin: String,
}

#[server(prefix = "/call", endpoint = "load-kiosks")]
pub async fn load_kiosks(slug: String) -> PageAnswer<KiosksPage> {
    let house = house()?;
    let body = kiosks_page(&house, &slug).await;
    house.page(body)
}

/// Lands on the page of the links, which shows the new one this once.
#[server(prefix = "/call", endpoint = "create-kiosk")]
pub async fn create_kiosk(
    room: RoomId,
    seconds: u32,
    #[server(default)] name: String,
    #[server(default)] sequence: String,
    #[server(default)] fit: String,
    #[server(default)] code: String,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let sequence = if sequence.is_empty() { Sequence::default() } else { Sequence::parse(&sequence)? };
    let fit = if fit.is_empty() { Fit::default() } else { Fit::parse(&fit)? };
    let rule = KioskRule { name, sequence, seconds, fit, code: !code.is_empty() };
    let token = house.chat.create_kiosk(&host, rule).await?;
    land(&format!("{}?made={token}", crate::paths::kiosks(&host.reader().room().slug)));
    Ok(())
}

#[server(prefix = "/call", endpoint = "remove-kiosk")]
pub async fn remove_kiosk(room: RoomId, kiosk: KioskId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.remove_kiosk(&host, kiosk).await?)
}

#[cfg(feature = "ssr")]
async fn kiosks_page(house: &House, slug: &str) -> Answer<KiosksPage> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let kiosks = house.chat.kiosks(&host).await?;
    Ok(KiosksPage { room: host.reader().room().clone(), kiosks, origin: house.visitor.origin.to_string() })
}

//! Webhooks of a room, for those who run it.

use super::{Answer, PageAnswer};
use domain::room::Room;
use domain::webhook::{DeliveryPage, Webhook};
use domain::{DeliveryId, RoomId, WebhookId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use chat::{RoomHost, WebhookChange};
#[cfg(feature = "ssr")]
use domain::webhook::{NewSecret, Target};

/// How many deliveries are shown of each webhook in the list.
#[cfg(feature = "ssr")]
const FEW: usize = 5;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhooksPage {
    pub room: Room,
    /// All of the room's, or the one that was chosen.
    pub webhooks: Vec<WebhookLog>,
    /// Whether one was chosen, whose log is shown in pages.
    pub is_one: bool,
    /// Of a webhook that has just got it, this once.
    pub secret: Option<(WebhookId, String)>,
}

/// A webhook and what was sent to it lately.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookLog {
    pub webhook: Webhook,
    pub log: DeliveryPage,
}

/// `webhook`: the one that is to be shown alone, with what was sent to it before `before`.
#[server(prefix = "/call", endpoint = "load-webhooks")]
pub async fn load_webhooks(
    slug: String,
    #[server(default)] webhook: Option<WebhookId>,
    #[server(default)] before: Option<DeliveryId>,
) -> PageAnswer<WebhooksPage> {
    let house = house()?;
    let body = webhooks_page(&house, &slug, webhook, before).await;
    house.page(body)
}

/// Lands on the page of the webhooks, which shows the secret this once.
#[server(prefix = "/call", endpoint = "create-webhook")]
pub async fn create_webhook(room: RoomId, url: String, #[server(default)] events: Vec<String>) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let made = house.chat.add_webhook(&host, Target { url, events }).await?;
    show_once(&house, &host, made);
    Ok(())
}

#[server(prefix = "/call", endpoint = "change-webhook")]
pub async fn change_webhook(
    room: RoomId,
    webhook: WebhookId,
    url: String,
    #[server(default)] events: Vec<String>,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let change = WebhookChange { url: Some(url), events: Some(events), paused: None };
    house.chat.change_webhook(&host, webhook, change).await?;
    Ok(())
}

#[server(prefix = "/call", endpoint = "pause-webhook")]
pub async fn pause_webhook(room: RoomId, webhook: WebhookId, paused: bool) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let change = WebhookChange { paused: Some(paused), ..WebhookChange::default() };
    house.chat.change_webhook(&host, webhook, change).await?;
    Ok(())
}

/// Lands like [`create_webhook`].
#[server(prefix = "/call", endpoint = "rotate-webhook")]
pub async fn rotate_webhook(room: RoomId, webhook: WebhookId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let made = house.chat.rotate_webhook(&host, webhook).await?;
    show_once(&house, &host, made);
    Ok(())
}

#[server(prefix = "/call", endpoint = "remove-webhook")]
pub async fn remove_webhook(room: RoomId, webhook: WebhookId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    house.chat.remove_webhook(&host, webhook).await?;
    land(&paths::webhooks(&host.reader().room().slug));
    Ok(())
}

/// Comes back when it was answered, or after a moment.
#[server(prefix = "/call", endpoint = "test-webhook")]
pub async fn test_webhook(room: RoomId, webhook: WebhookId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let sent = house.chat.test_webhook(&host, webhook).await?;
    Ok(house.chat.await_delivery(&host, webhook, sent.id).await?)
}

/// Comes back like [`test_webhook`].
#[server(prefix = "/call", endpoint = "replay-delivery")]
pub async fn replay_delivery(room: RoomId, webhook: WebhookId, delivery: DeliveryId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    house.chat.replay_delivery(&host, webhook, delivery).await?;
    Ok(house.chat.await_delivery(&host, webhook, delivery).await?)
}

#[cfg(feature = "ssr")]
fn show_once(house: &House, host: &RoomHost, made: NewSecret) {
    house.keep_secret(made.webhook.id, &made.secret);
    land(&paths::webhooks(&host.reader().room().slug));
}

#[cfg(feature = "ssr")]
async fn webhooks_page(
    house: &House,
    slug: &str,
    chosen: Option<WebhookId>,
    before: Option<DeliveryId>,
) -> Answer<WebhooksPage> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let shown = match chosen {
        Some(id) => vec![house.chat.webhook(&host, id).await?],
        None => house.chat.webhooks(&host).await?,
    };
    let mut webhooks = Vec::with_capacity(shown.len());
    for webhook in shown {
        let mut log = house.chat.deliveries(&host, webhook.id, before).await?;
        if chosen.is_none() && log.deliveries.len() > FEW {
            log.deliveries.truncate(FEW);
            log.has_more = true;
        }
        webhooks.push(WebhookLog { webhook, log });
    }
    let (room, is_one) = (host.reader().room().clone(), chosen.is_some());
    Ok(WebhooksPage { room, webhooks, is_one, secret: house.take_secret() })
}

//! Notices: on which devices, and when not.

use super::{Answer, PageAnswer};
use domain::push::{NoticeRule, Subscription};
use domain::room::Room;
use domain::{ClientId, SubscriptionId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house};
#[cfg(feature = "ssr")]
use domain::RoomId;
#[cfg(feature = "ssr")]
use domain::member::Role;
#[cfg(feature = "ssr")]
use domain::push::NewSubscription;
#[cfg(feature = "ssr")]
use domain::unread::Level;

/// The page of one's notices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticesPage {
    /// What browsers subscribe with, in base64url.
    pub key: String,
    pub devices: Vec<Subscription>,
    pub rule: NoticeRule,
}

#[server(prefix = "/call", endpoint = "load-notices")]
pub async fn load_notices() -> PageAnswer<NoticesPage> {
    let house = house()?;
    let body = notices_page(&house).await;
    house.page(body)
}

/// Where what is shared from elsewhere on the device can go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharePage {
    pub rooms: Vec<ShareRoom>,
    /// Names the message that is made of it.
    pub client_id: ClientId,
}

/// A room for what is shared: as a message, on its wall, or either.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShareRoom {
    pub room: Room,
    pub talks: bool,
    pub hangs: bool,
}

/// The rooms that take what is shared.
#[server(prefix = "/call", endpoint = "load-share")]
pub async fn load_share() -> PageAnswer<SharePage> {
    let house = house()?;
    let body = share_page(&house).await;
    house.page(body)
}

/// Times as `<input type="time">` sends them, in the visitor's zone; both empty for none.
#[server(prefix = "/call", endpoint = "change-notices")]
pub async fn change_notices(
    #[server(default)] quiet_from: String,
    #[server(default)] quiet_to: String,
    #[server(default)] hides: bool,
) -> Answer<()> {
    let house = house()?;
    let who = house.signed_in()?;
    let rule = NoticeRule::parse(&quiet_from, &quiet_to, house.visitor.tz, hides)?;
    Ok(house.chat.change_notice_rule(who, rule).await?)
}

/// Notices are pushed to this browser from now on; what it says of itself, in base64url.
#[server(prefix = "/call", endpoint = "add-subscription")]
pub async fn add_subscription(endpoint: String, p256dh: String, auth: String) -> Answer<()> {
    let house = house()?;
    let lang = house.visitor.lang.as_str().to_owned();
    Ok(house.chat.subscribe(house.signed_in()?, NewSubscription { endpoint, p256dh, auth, lang }).await?)
}

#[server(prefix = "/call", endpoint = "end-subscription")]
pub async fn end_subscription(subscription: SubscriptionId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.unsubscribe(house.signed_in()?, subscription).await?)
}

#[cfg(feature = "ssr")]
async fn notices_page(house: &House) -> Answer<NoticesPage> {
    let who = house.signed_in()?;
    Ok(NoticesPage {
        key: house.chat.push_key().await?,
        devices: house.chat.subscriptions(who).await?,
        rule: house.chat.notice_rule(who).await?,
    })
}

#[cfg(feature = "ssr")]
async fn share_page(house: &House) -> Answer<SharePage> {
    let who = house.signed_in()?;
    let runs_all = house.chat.admin(Some(who)).is_ok();
    let lines = house.chat.rooms(Some(who)).await?.into_iter();
    let mut rooms = Vec::new();
    for line in lines.filter(|line| !line.room.archived && line.level != Level::Hidden) {
        let hangs = !line.room.is_direct() && (runs_all || line.role == Some(Role::Host));
        // What one only looks into now and then is not offered.
        let talks = line.role.is_some() && house.chat.takes_files(who, line.room.id).await?;
        if hangs || talks {
            rooms.push(ShareRoom { room: line.room, talks, hangs });
        }
    }
    Ok(SharePage { rooms, client_id: super::rooms::plain_client_id(house, RoomId(0))? })
}

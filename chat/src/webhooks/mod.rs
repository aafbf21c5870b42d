//! Webhooks: addresses outside that are told what happens in a room. The log of the room is the queue:
//! each webhook has a place in it, which a follower behind the commits moves on; nobody who says
//! something waits, and nothing is lost.

mod attempt;
mod body;
mod deliveries;
mod follower;
mod hooks;
mod lanes;
mod patience;
mod sender;
mod signature;

pub(crate) use follower::{start, tidy};
pub(crate) use hooks::Hooks;

use crate::audit::{Entry, note};
use crate::store::members::lock_room;
use crate::store::webhooks::{self as rows, NewWebhook};
use crate::store::{Tx, rooms};
use crate::{Chat, Problem, Result, RoomHost, Rule, Thing};
use domain::audit::Act;
use domain::webhook::{MAX, NewSecret, Pause, Target, Webhook};
use domain::{RoomId, WebhookId};
use signature::new_secret;
use url::Url;

/// So long what is sent is signed with the secret before the last one too.
const OLD_SECRET_MS: i64 = 86_400_000;

/// What is to be changed of a webhook; the rest stays.
#[derive(Clone, Debug, Default)]
pub struct WebhookChange {
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    /// One that goes on does so where it stood, in the name of whoever says so.
    pub paused: Option<bool>,
}

impl Chat {
    /// Makes an address hear what happens in a room from now on. The secret with which it is signed is
    /// returned this once. It reads the room in the host's name, and ends when they do not run it any more.
    ///
    /// # Errors
    /// As [`Target::checked`]; `Invalid { field: "url", .. }` for an address that is none of the web's
    /// or leads into a private network; `Invalid { field: "webhook", .. }` when the room has [`MAX`].
    pub async fn add_webhook(&self, host: &RoomHost, target: Target) -> Result<NewSecret> {
        let (room, by, target) = (host.room().id, host.who().person.id, target.checked()?);
        self.0.hooks.check(&target.url)?;
        let secret = new_secret();
        let line = entry(host, Act::WebhookAdded).saying(server_of(&target.url));
        let new = NewWebhook { room, by, target, secret: secret.clone() };
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                lock_room(tx.db(), room).await?;
                if rows::count_webhooks(tx.db(), room).await? >= MAX as u64 {
                    return Err(Problem::invalid("webhook", Rule::TooMany { max: MAX as u32 }).into());
                }
                let at = rooms::find_room(tx.db(), room).await?.ok_or(Problem::not_found(Thing::Room))?.last_seq;
                let id = rows::create_webhook(tx.db(), new, at, tx.now()).await?;
                note(tx, line.on(id.0)).await?;
                find(tx, room, id).await
            })
        });
        let webhook = write.await?;
        self.0.hooks.wake();
        Ok(NewSecret { webhook, secret })
    }

    /// The room's webhooks, newest first.
    pub async fn webhooks(&self, host: &RoomHost) -> Result<Vec<Webhook>> {
        Ok(rows::list_webhooks(self.store().read(), host.room().id, self.now()).await?)
    }

    /// # Errors
    /// [`Problem::NotFound`] also for those of other rooms.
    pub async fn webhook(&self, host: &RoomHost, id: WebhookId) -> Result<Webhook> {
        let found = rows::find_webhook(self.store().read(), host.room().id, id, self.now()).await?;
        Ok(found.ok_or(Problem::not_found(Thing::Webhook))?)
    }

    /// # Errors
    /// As [`Chat::webhook`] and [`Chat::add_webhook`].
    pub async fn change_webhook(&self, host: &RoomHost, id: WebhookId, change: WebhookChange) -> Result<Webhook> {
        let WebhookChange { url, events, paused } = change;
        let before = self.webhook(host, id).await?.target;
        let target = Target { url: url.unwrap_or(before.url), events: events.unwrap_or(before.events) }.checked()?;
        self.0.hooks.check(&target.url)?;
        let (room, by) = (host.room().id, host.who().person.id);
        let how = match paused {
            Some(true) => " paused",
            Some(false) => " resumed",
            None => "",
        };
        let line = entry(host, Act::WebhookChanged).on(id.0).saying(format!("{}{how}", server_of(&target.url)));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                find(tx, room, id).await?;
                rows::change_target(tx.db(), id, &target).await?;
                match paused {
                    Some(true) => rows::pause(tx.db(), id, Pause::Host).await?,
                    Some(false) => rows::resume(tx.db(), id, by).await?,
                    None => {}
                }
                note(tx, line).await?;
                find(tx, room, id).await
            })
        });
        let webhook = write.await?;
        self.0.hooks.wake();
        Ok(webhook)
    }

    /// Gives a webhook another secret, which is returned this once. For a day what is sent is signed
    /// with both.
    ///
    /// # Errors
    /// As [`Chat::webhook`].
    pub async fn rotate_webhook(&self, host: &RoomHost, id: WebhookId) -> Result<NewSecret> {
        let (room, secret) = (host.room().id, new_secret());
        let line = entry(host, Act::WebhookChanged).on(id.0).saying("secret");
        let new = secret.clone();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                find(tx, room, id).await?;
                rows::change_secret(tx.db(), id, new, tx.now() + OLD_SECRET_MS).await?;
                note(tx, line).await?;
                find(tx, room, id).await
            })
        });
        Ok(NewSecret { webhook: write.await?, secret })
    }

    /// Forgets a webhook, with all that was and was to be sent to it.
    ///
    /// # Errors
    /// As [`Chat::webhook`].
    pub async fn remove_webhook(&self, host: &RoomHost, id: WebhookId) -> Result<()> {
        let room = host.room().id;
        let line = entry(host, Act::WebhookRemoved).on(id.0);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let target = find(tx, room, id).await?.target;
                rows::remove_webhook(tx.db(), room, id).await?;
                note(tx, line.saying(server_of(&target.url))).await
            })
        });
        write.await
    }
}

async fn find(tx: &Tx, room: RoomId, id: WebhookId) -> Result<Webhook> {
    let found = rows::find_webhook(tx.db(), room, id, tx.now()).await?;
    Ok(found.ok_or(Problem::not_found(Thing::Webhook))?)
}

fn entry(host: &RoomHost, act: Act) -> Entry {
    Entry::new(act, host.who()).in_room(host.room().id)
}

/// What the trail says of an address: what comes after its server may be secret.
fn server_of(url: &str) -> String {
    Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

//! Projectors: links that show a room's wall without anybody being signed in. A link opens
//! what viewers see of one wall and nothing else; the room's gate holds for it as well.

use crate::access::RoomHost;
use crate::audit::{Entry, note};
use crate::sessions::new_token;
use crate::store::events::find_standing;
use crate::store::{kiosks, pictures};
use crate::wall::no_picture;
use crate::{Chat, Problem, Result, Rule};
use bytes::Bytes;
use domain::audit::Act;
use domain::kiosk::{Kiosk, KioskRule, MAX};
use domain::picture::Size;
use domain::role::Action;
use domain::room::Room;
use domain::wall::Wall;
use domain::{BlobId, KioskId};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A projector that has a link to a room's wall: it sees what hangs there and nothing else,
/// whoever may read the room.
#[derive(Clone, Debug)]
pub struct RoomKiosk {
    room: Room,
    kiosk: Kiosk,
    is_open: bool,
}

impl RoomKiosk {
    pub(crate) fn new(room: Room, kiosk: Kiosk, is_open: bool) -> Self {
        Self { room, kiosk, is_open }
    }

    pub fn room(&self) -> &Room {
        &self.room
    }

    pub fn rule(&self) -> &KioskRule {
        &self.kiosk.rule
    }

    /// Whether the room's gate lets viewers in at the moment.
    pub fn is_open(&self) -> bool {
        self.is_open
    }
}

impl Chat {
    /// The token of a new link; only its hash is kept.
    ///
    /// # Errors
    /// As [`KioskRule::checked`]; `Invalid { field: "kiosk", .. }` when the room has 50 links.
    pub async fn create_kiosk(&self, host: &RoomHost, rule: KioskRule) -> Result<String> {
        let room = host.room().id;
        let rule = rule.checked()?;
        let (token, hash) = new_token();
        let (host, by) = (host.clone(), host.who().person.id);
        let entry = Entry::new(Act::KioskCreated, host.who()).in_room(room);
        let create = self.store().write(move |tx| {
            Box::pin(async move {
                host.still_may(tx, Action::Run).await?;
                if kiosks::count_kiosks(tx.db(), room).await? >= MAX as u64 {
                    return Err(Problem::invalid("kiosk", Rule::TooMany { max: MAX as u32 }).into());
                }
                note(tx, entry).await?;
                Ok(kiosks::create_kiosk(tx.db(), room, rule, hash, by, tx.now()).await?)
            })
        });
        create.await?;
        Ok(token)
    }

    /// The room's links, newest first.
    pub async fn kiosks(&self, host: &RoomHost) -> Result<Vec<Kiosk>> {
        Ok(kiosks::list_kiosks(self.store().read(), host.room().id).await?)
    }

    /// Makes a link useless.
    ///
    /// # Errors
    /// [`Problem::Gone`] if it is so already.
    pub async fn remove_kiosk(&self, host: &RoomHost, id: KioskId) -> Result<()> {
        let room = host.room().id;
        let entry = Entry::new(Act::KioskRemoved, host.who()).in_room(room).on(id.0);
        let remove = self.store().write(move |tx| {
            Box::pin(async move {
                let removed = kiosks::remove_kiosk(tx.db(), room, id).await?;
                if removed {
                    note(tx, entry).await?;
                }
                Ok(removed)
            })
        });
        if remove.await? { Ok(()) } else { Err(Problem::Gone.into()) }
    }

    /// Names what [`Chat::kiosk_wall`] would answer, and how the room is called: another name, another wall.
    pub async fn kiosk_version(&self, kiosk: &RoomKiosk) -> Result<String> {
        let standing = find_standing(self.store().read(), kiosk.room().id).await?.ok_or(Problem::Gone)?;
        let open = if kiosk.is_open() { "open" } else { "shut" };
        let mut called = DefaultHasher::new();
        (&kiosk.room().slug, &kiosk.room().title).hash(&mut called);
        Ok(format!("{}-{}-{open}-{:x}", standing.position.epoch, standing.wall_rev, called.finish()))
    }

    /// What a projector shows; nothing while the room is shut.
    pub async fn kiosk_wall(&self, kiosk: &RoomKiosk) -> Result<Wall> {
        if !kiosk.is_open() {
            return Ok(Wall::default());
        }
        self.wall_of(kiosk.room().id).await
    }

    /// One size of a picture that hangs on the wall.
    ///
    /// # Errors
    /// [`Problem::Shut`] while the room is; `NotFound(Picture)`, also for what is held back.
    pub async fn kiosk_bytes(&self, kiosk: &RoomKiosk, blob: &BlobId, size: Size) -> Result<(Bytes, &'static str)> {
        if !kiosk.is_open() {
            return Err(Problem::Shut.into());
        }
        let room = kiosk.room().id;
        if !pictures::find_blob(self.store().read(), room, blob, false).await? {
            return Err(no_picture().into());
        }
        self.files().get(room, blob, size).await
    }
}

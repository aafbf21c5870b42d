//! In front of a room that is shut: who may wait there, and what they are told and shown.

use crate::audit::{self, Entry};
use crate::gates::{GateState, waiting_frame};
use crate::hub::Outbox;
use crate::store::{pictures, rooms};
use crate::wall::no_picture;
use crate::{Chat, Problem, Result, RoomHost, Who};
use bytes::Bytes;
use domain::audit::Act;
use domain::gate::GateRule;
use domain::picture::{Picture, Size};
use domain::room::Room;
use domain::{BlobId, PictureId, RoomId};

/// Somebody who may read a room as soon as it opens.
#[derive(Clone, Debug)]
pub struct RoomWaiter {
    room: Room,
    rule: GateRule,
}

impl RoomWaiter {
    pub(crate) fn new(room: Room, rule: GateRule) -> Self {
        Self { room, rule }
    }

    /// Its name and purpose are no secret.
    pub fn room(&self) -> &Room {
        &self.room
    }
}

impl Chat {
    /// How the gate stands for those who wait, and the picture they see, if there is one.
    pub async fn waiting_room(&self, waiter: &RoomWaiter) -> Result<(GateState, Option<Picture>)> {
        let cover = rooms::find_cover(self.store().read(), waiter.room.id).await?;
        Ok((self.gate_state(waiter.room.id, waiter.rule), cover))
    }

    /// One size of the picture that is shown to those who wait.
    pub async fn cover_bytes(&self, waiter: &RoomWaiter, blob: &BlobId, size: Size) -> Result<(Bytes, &'static str)> {
        let room = waiter.room.id;
        match rooms::find_cover(self.store().read(), room).await? {
            Some(cover) if cover.blob == *blob => self.files().get(room, blob, size).await,
            Some(_) | None => Err(Problem::Shut.into()),
        }
    }

    /// Shows a picture of the wall to those who wait, or none.
    ///
    /// # Errors
    /// `NotFound(Picture)` if it does not hang there.
    pub async fn change_cover(&self, host: &RoomHost, cover: Option<PictureId>) -> Result<()> {
        let room = host.room().id;
        let mut line = Entry::new(Act::CoverChanged, host.who()).in_room(room);
        if let Some(picture) = cover {
            line = line.on(picture.0);
        }
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                if let Some(picture) = cover {
                    let hung = pictures::find_picture(tx.db(), room, picture).await?;
                    hung.filter(pictures::Hung::is_shown).ok_or_else(no_picture)?;
                }
                let row = rooms::find_room(tx.db(), room).await?;
                if row.is_some_and(|row| row.cover == cover.map(|picture| picture.0)) {
                    return Ok(());
                }
                rooms::change_cover(tx.db(), room, cover).await?;
                audit::note(tx, line).await
            })
        });
        write.await
    }

    /// # Errors
    /// [`Problem::NotFound`] if the room is none of this visitor's business.
    pub async fn waiter_by_slug(&self, who: Option<&Who>, slug: &str) -> Result<RoomWaiter> {
        let known = self.find_known_by_slug(slug).await?;
        self.wait_access(who, known).await
    }

    /// The same, by the room's number.
    pub async fn waiter(&self, who: Option<&Who>, room: RoomId) -> Result<RoomWaiter> {
        let known = self.find_known(room).await?;
        self.wait_access(who, known).await
    }

    /// Lets a connection wait until the room opens for it. It is told how the gate stands.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if the room is none of this visitor's business; `Invalid` if
    /// there is nothing to wait for.
    pub async fn wait(&self, outbox: &Outbox, room: RoomId) -> Result<()> {
        let waiter = self.waiter(outbox.who(), room).await?;
        self.hub().wait(outbox, room);
        // Whoever was expelled between these two lines must not wait either.
        if let Err(gone) = self.waiter(outbox.who(), room).await {
            self.unlisten(outbox, room);
            return Err(gone);
        }
        let GateState { rule, phase, waiting } = self.gate_state(room, waiter.rule);
        outbox.send(&waiting_frame(room, &rule, phase, waiting));
        Ok(())
    }
}

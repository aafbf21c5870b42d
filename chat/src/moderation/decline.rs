//! What waits for approval and is refused: its author is told. For an hour it is kept, so that whoever
//! refused it may let it wait again; then its words and files are forgotten.

use crate::audit::{self, Entry};
use crate::deeds::{Undoing, keep};
use crate::moderation::undo::is_banned;
use crate::store::entities::held;
use crate::store::held as rows;
use crate::store::{Tx, members};
use crate::{Chat, Problem, Result, RoomHost, Who};
use domain::audit::Act;
use domain::live::Frame;
use domain::moderation::MuteFor;
use domain::{DeedId, PersonId, RoomId};

impl Chat {
    /// Refuses a message that waited; its author is told. What [`Chat::undo_deed`] undoes, and whose it was.
    ///
    /// # Errors
    /// [`Problem::Gone`] if it does not wait any more.
    pub async fn decline(&self, host: &RoomHost, id: i64) -> Result<(DeedId, PersonId)> {
        let (room, who) = (host.room().id, host.who().clone());
        let (row, author) = rows::find_held(self.store().read(), room, id).await?.ok_or(Problem::Gone)?;
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                decline(tx, (room, &who), author.id, id).await?;
                keep(tx, (room, &who), &Undoing::Declined { held: id }).await
            })
        });
        let deed = write.await?;
        self.tell_answer(&row, Problem::Declined);
        Ok((deed, author.id))
    }

    /// The same, and keeps its author from writing for ten minutes; undone together.
    ///
    /// # Errors
    /// As [`Chat::decline`] and [`Chat::mute`].
    pub async fn decline_and_mute(&self, host: &RoomHost, id: i64) -> Result<(DeedId, PersonId)> {
        let found = rows::find_held(self.store().read(), host.room().id, id).await?;
        let (row, author) = found.ok_or(Problem::Gone)?;
        let deed = self.mute_declining(host, author.id, (MuteFor::TenMinutes, ""), Some(id)).await?;
        self.tell_answer(&row, Problem::Declined);
        Ok((deed, author.id))
    }

    /// # Errors
    /// [`Problem::Gone`] once it is forgotten; [`Problem::Changed`] if its author is banned now.
    pub(crate) async fn undo_decline(&self, host: &RoomHost, id: i64) -> Result<()> {
        let (room, who) = (host.room().id, host.who().clone());
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                let again = wait_again(tx, (room, &who), &[id]).await?;
                match again.first() {
                    Some(row) if is_banned(tx, room, PersonId(row.author_id)).await? => {
                        Err(Problem::changed(tx.now()).into())
                    }
                    None if rows::find_held(tx.db(), room, id).await?.is_none() => Err(Problem::Gone.into()),
                    _ => Ok(again),
                }
            })
        });
        self.tell_waiting(room, &write.await?);
        Ok(())
    }

    /// Tells authors that what they wanted to say waits again, and hosts how much waits.
    pub(crate) fn tell_waiting(&self, room: RoomId, again: &[held::Model]) {
        for row in again {
            self.tell_answer(row, Problem::Held);
        }
        self.tell_held(room);
    }

    fn tell_answer(&self, row: &held::Model, problem: Problem) {
        let (room, author) = (RoomId(row.room_id), PersonId(row.author_id));
        let answer = Frame::Refused { of: row.client_id.clone(), room: Some(room), problem };
        self.hub().tell_people(room, &answer, |who| who.person.id == author);
        self.tell_held(room);
    }
}

/// # Errors
/// [`Problem::Gone`] if it does not wait any more.
pub(crate) async fn decline(tx: &Tx, (room, who): (RoomId, &Who), author: PersonId, id: i64) -> Result<()> {
    members::lock_room(tx.db(), room).await?;
    if rows::decline(tx.db(), &[id], tx.now()).await? == 0 {
        return Err(Problem::Gone.into());
    }
    audit::note(tx, Entry::new(Act::Declined, who).in_room(room).to(author)).await
}

/// Those of these that were declined wait again, all of one author; which they are.
pub(crate) async fn wait_again(tx: &Tx, (room, who): (RoomId, &Who), ids: &[i64]) -> Result<Vec<held::Model>> {
    let again = rows::list_declined(tx.db(), room, ids).await?;
    let Some(first) = again.first() else { return Ok(again) };
    let line = Entry::new(Act::WaitsAgain, who).in_room(room).to(PersonId(first.author_id));
    rows::change_waiting(tx.db(), &again.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    audit::note(tx, line).await?;
    Ok(again)
}

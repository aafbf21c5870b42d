//! Blocking somebody, and what one lets others know.

use crate::store::{blocks, contacts, people};
use crate::{Chat, Problem, Result, Thing, Who};
use domain::contact::Privacy;
use domain::person::Person;
use domain::{PersonId, RoomId};

/// Most blocked people that are listed.
const LISTED: u64 = 500;

impl Chat {
    /// Takes nothing more from somebody in private. They are not told.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::NotAllowed`] about oneself.
    pub async fn block(&self, who: &Who, other: PersonId) -> Result<()> {
        let me = who.person.id;
        if me == other {
            return Err(Problem::NotAllowed.into());
        }
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                people::find_person(tx.db(), other).await?.ok_or(Problem::not_found(Thing::Person))?;
                Ok(blocks::create_block(tx.db(), me, other, tx.now()).await?)
            })
        });
        write.await?;
        self.note_all_unread(me).await?;
        self.note_between(me, other).await
    }

    /// Lets them write again. Nothing if they were not blocked.
    pub async fn unblock(&self, who: &Who, other: PersonId) -> Result<()> {
        let me = who.person.id;
        self.store()
            .write(move |tx| Box::pin(async move { Ok(blocks::remove_block(tx.db(), me, other).await?) }))
            .await?;
        self.note_all_unread(me).await?;
        self.note_between(me, other).await
    }

    /// Whom one has blocked, the newest first; at most 500.
    pub async fn blocked(&self, who: &Who) -> Result<Vec<Person>> {
        Ok(blocks::list_blocked(self.store().read(), who.person.id, LISTED).await?)
    }

    pub async fn privacy(&self, who: &Who) -> Result<Privacy> {
        Ok(contacts::find_privacy(self.store().read(), who.person.id).await?)
    }

    /// Changes what others may know; those who have a private chat open see it at once.
    pub async fn change_privacy(&self, who: &Who, privacy: Privacy) -> Result<()> {
        let me = who.person.id;
        self.store()
            .write(move |tx| Box::pin(async move { Ok(contacts::change_privacy(tx.db(), me, privacy).await?) }))
            .await?;
        for room in contacts::list_rooms_of(self.store().read(), me).await? {
            self.note_if_heard(room);
        }
        Ok(())
    }

    async fn note_between(&self, one: PersonId, other: PersonId) -> Result<()> {
        if let Some(room) = contacts::find_pair(self.store().read(), one, other).await? {
            self.note_if_heard(room);
        }
        Ok(())
    }

    fn note_if_heard(&self, room: RoomId) {
        if self.hub().is_heard(room) {
            self.hub().note_contact(room);
        }
    }
}

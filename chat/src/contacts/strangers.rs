//! Saying something in private: a stranger may say only so much until they are answered.

use crate::access::RoomWriter;
use crate::audit::{self, Entry};
use crate::store::posts::{self, Kept, NewPost};
use crate::store::{Tx, contacts, members};
use crate::{Admin, Chat, Problem, Result, Thing, Who};
use domain::audit::Act;
use domain::contact::FirstContact;
use domain::{PersonId, RoomId};

impl Chat {
    /// Keeps a message at its place in a private chat. What was sent before answers with the
    /// first result, whatever holds now.
    ///
    /// # Errors
    /// [`Problem::Unanswered`] when a stranger has said as much as they may;
    /// [`Problem::Unreachable`] if the other one has blocked the author or is disabled;
    /// [`Problem::Blocked`] if the author has blocked them.
    pub(crate) async fn post_privately(&self, writer: &RoomWriter, new: NewPost) -> Result<Kept> {
        let room = writer.room().id;
        let kept = self
            .store()
            .write_in(room, move |tx| {
                Box::pin(async move {
                    // Whatever they say at the same time waits for this.
                    members::lock_room(tx.db(), room).await?;
                    if !posts::is_known(tx.db(), &new).await? {
                        let_through(tx, room, new.author.id).await?;
                    }
                    posts::keep_now(tx, new).await
                })
            })
            .await?;
        self.hub().note_contact(room);
        Ok(kept)
    }

    /// Why somebody could not write in a private chat now, as far as they may know; `None` if
    /// they can.
    pub(crate) async fn private_quiet(&self, who: &Who, room: RoomId) -> Result<Option<Problem>> {
        let Some(contact) = self.contact_in(who.person.id, room).await? else { return Ok(None) };
        Ok(contact.quiet())
    }

    /// Lets a stranger write.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if there is no chat with them.
    pub async fn accept_contact(&self, who: &Who, other: PersonId) -> Result<()> {
        let me = who.person.id;
        let room = contacts::find_pair(self.store().read(), me, other).await?;
        let room = room.ok_or(Problem::not_found(Thing::Person))?;
        self.store().write(move |tx| Box::pin(async move { Ok(contacts::accept(tx.db(), room, me).await?) })).await?;
        self.hub().note_contact(room);
        Ok(())
    }

    /// How much strangers may say.
    pub async fn first_contact(&self, _admin: &Admin) -> Result<FirstContact> {
        Ok(contacts::find_first_contact(self.store().read()).await?)
    }

    /// # Errors
    /// As [`FirstContact::parse`].
    pub async fn change_first_contact(&self, admin: &Admin, rule: FirstContact) -> Result<()> {
        let rule = rule.parse()?;
        let line =
            Entry::new(Act::FirstContactChanged, admin.who()).saying(format!("{} / {} h", rule.most, rule.hours));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                contacts::change_first_contact(tx.db(), rule).await?;
                audit::note(tx, line).await
            })
        });
        write.await
    }
}

/// Counts a message that is about to be kept, if it counts.
pub(crate) async fn let_through(tx: &mut Tx, room: RoomId, author: PersonId) -> Result<()> {
    let sides = contacts::find_sides(tx.db(), room, author).await?;
    let [me, other] = sides.ok_or(Problem::not_found(Thing::Room))?;
    if me.blocks != 0 {
        return Err(Problem::Blocked.into());
    }
    let rule = contacts::find_first_contact(tx.db()).await?;
    let is_answered = other.accepted != 0;
    // Asked first, so that being blocked looks the same as long as nobody answered.
    if !is_answered && rule.left(me.sent, me.until, tx.now()) == 0 {
        return Err(Problem::Unanswered.into());
    }
    if other.blocks != 0 || other.disabled != 0 {
        return Err(Problem::Unreachable.into());
    }
    if me.accepted == 0 {
        contacts::accept(tx.db(), room, author).await?;
    }
    if !is_answered {
        let sent = rule.counted(me.sent, me.until, tx.now()) + 1;
        contacts::change_sent(tx.db(), room, author, sent, rule.until(tx.now())).await?;
    }
    Ok(())
}

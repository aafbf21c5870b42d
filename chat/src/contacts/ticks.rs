//! Single messages of a private chat: those that wait to be read, those that one of the two has
//! ticked off, and those that either of them may take back.

use crate::access::RoomReader;
use crate::moderation::take_back;
use crate::store::contacts;
use crate::store::{members, messages, outside, passages};
use crate::{Chat, Problem, Result, Thing, Who};
use domain::MessageId;
use domain::message::Message;
use domain::span::recalled;

impl Chat {
    /// A message of one of somebody's private chats, wherever it is.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for any other, and for one that was taken back.
    pub async fn private_message(&self, who: &Who, id: MessageId) -> Result<(RoomReader, Message)> {
        let missing = || Problem::not_found(Thing::Message);
        let (room, message) = messages::find_origin(self.store().read(), id).await?.ok_or_else(missing)?;
        let reader = self.reader(Some(who), room).await.map_err(|error| match error.into_problem() {
            Problem::NotFound { .. } => missing(),
            problem => problem,
        })?;
        let there = reader.room().is_direct() && recalled(&message.spans).is_none();
        if there { Ok((reader, message)) } else { Err(missing().into()) }
    }

    /// The newest message of somebody's private chats that a client of a system called so.
    pub async fn private_message_named(&self, who: &Who, system: &str, name: &str) -> Result<Option<MessageId>> {
        Ok(outside::find_named_of(self.store().read(), who.person.id, system, name).await?)
    }

    /// What waits to be read in a private chat, by either of the two, oldest first; at most `limit`.
    /// What the other one has read is told as far as they let it be known.
    pub async fn waiting_messages(&self, reader: &RoomReader, limit: usize) -> Result<Vec<Message>> {
        let Some(who) = reader.who().filter(|_| reader.room().is_direct()) else { return Ok(Vec::new()) };
        let (db, room, me) = (self.store().read(), reader.room().id, who.person.id);
        let Some(contact) = self.contact_in(me, room).await? else { return Ok(Vec::new()) };
        let mine = members::find_member(db, room, me).await?.map_or(0, |row| row.last_read_seq);
        Ok(passages::list_waiting(db, room, me, (mine, contact.read.seq), limit).await?)
    }

    /// Marks one message of a private chat as read, whatever else is. Of what was said to the reader
    /// all up to the first that is not counts as seen then.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn tick_off(&self, who: &Who, id: MessageId) -> Result<()> {
        let (reader, message) = self.private_message(who, id).await?;
        let (room, me) = (reader.room().id, who.person.id);
        let write =
            self.store().write(move |tx| Box::pin(async move { Ok(passages::change_ticked(tx.db(), id).await?) }));
        write.await?;
        if message.author.id == me {
            return Ok(());
        }
        let read = members::find_member(self.store().read(), room, me).await?.map_or(0, |row| row.last_read_seq);
        let first = passages::find_first_waiting(self.store().read(), room, me, read).await?;
        // Up to the one before it, or up to this one if none waits.
        self.seen(who, room, first.map_or(message.seq, |seq| seq - 1)).await
    }

    /// Takes a message of a private chat back for both: by either of them, and at any time, if a
    /// client of `system` wrote it, where that is the rule; else as [`Chat::recall`].
    ///
    /// # Errors
    /// [`Problem::NotFound`]; and those of [`Chat::recall`].
    pub async fn take_away(&self, who: &Who, id: MessageId, system: &str) -> Result<()> {
        let (reader, _) = self.private_message(who, id).await?;
        if self.originals(&reader, system, &[id]).await?.is_empty() {
            return self.recall(&reader, id).await;
        }
        let (room, name, system) = (reader.room().id, who.person.display.clone(), system.to_owned());
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                // The other one was a moment faster.
                if outside::list_originals(tx.db(), &system, &[id]).await?.is_empty() {
                    return Err(Problem::not_found(Thing::Message).into());
                }
                take_back(tx, room, vec![id], &name).await
            })
        });
        let files = write.await?;
        self.drop_files(files).await;
        Ok(())
    }

    /// Whether somebody is here now, as far as the reader of a private chat with them may know.
    pub async fn shows_presence(&self, reader: &RoomReader) -> Result<bool> {
        let contact = self.contact(reader).await?;
        Ok(contact.is_some_and(|contact| contact.presence == domain::contact::Presence::Online))
    }

    /// The two people of a private chat have one; `None` if nothing was begun.
    pub async fn find_private(&self, who: &Who, other: domain::PersonId) -> Result<Option<RoomReader>> {
        match contacts::find_pair(self.store().read(), who.person.id, other).await? {
            Some(room) => Ok(Some(self.reader(Some(who), room).await?)),
            None => Ok(None),
        }
    }
}

//! Taking back what was said: one message by its author or a host, or all that somebody said in
//! the last minutes. The text is gone from the store; a line says that it was there.

use crate::access::RoomReader;
use crate::audit::{self, Entry};
use crate::store::{Tx, held, members, messages, outside, uploads};
use crate::{Chat, Problem, Result, RoomHost, Rule, Thing};
use domain::audit::Act;
use domain::event::What;
use domain::message::Message;
use domain::moderation::{MAX_CLEAR, MAX_RECALLED};
use domain::span::{Span, recalled};
use domain::{MessageId, PersonId, RoomId};

impl Chat {
    /// Takes a message back: a host any, its author for as long as the room allows. Nothing if
    /// it was taken back already.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`]; [`Problem::NotFound`]; [`Problem::NotAllowed`] for somebody
    /// else's; [`Rule::Past`] when it is too late.
    pub async fn recall(&self, reader: &RoomReader, id: MessageId) -> Result<()> {
        let who = reader.who().ok_or(Problem::SignInNeeded)?.clone();
        let (room, moderates) = (reader.room().id, reader.moderates());
        let allowed_ms = i64::from(reader.policy().recall) * 1_000;
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                let message = messages::find_written(tx.db(), room, id).await?;
                let message = message.ok_or(Problem::not_found(Thing::Message))?;
                let is_own = message.author == who.person.id;
                if !is_own && !moderates {
                    return Err(Problem::NotAllowed.into());
                }
                if message.recalled {
                    return Ok(Vec::new());
                }
                if !moderates && tx.now() - message.at > allowed_ms {
                    return Err(Problem::invalid("message", Rule::Past).into());
                }
                let files = take_back(tx, room, vec![id], &who.person.display).await?;
                if is_own {
                    return Ok(files);
                }
                let line = Entry::new(Act::Recalled, &who).in_room(room).to(message.author).on(id.0);
                audit::note(tx, line).await?;
                Ok(files)
            })
        });
        let files = write.await?;
        self.drop_files(files).await;
        Ok(())
    }

    /// Whether somebody who reads a message could take it back now.
    pub fn may_recall(&self, reader: &RoomReader, message: &Message) -> bool {
        let in_time = self.now() - message.at <= i64::from(reader.policy().recall) * 1_000;
        let own = reader.who().is_some_and(|who| who.person.id == message.author.id);
        recalled(&message.spans).is_none() && (reader.moderates() || own && in_time)
    }

    /// Takes back all that somebody said in a room in the last minutes, and what of it waits
    /// for approval. Answers how many messages that were.
    ///
    /// # Errors
    /// `Invalid { field: "minutes", .. }` outside of a minute to a day.
    pub async fn clear(&self, host: &RoomHost, person: PersonId, minutes: u32, reason: &str) -> Result<usize> {
        if !(1..=MAX_CLEAR).contains(&minutes) {
            return Err(Problem::invalid("minutes", Rule::Shape).into());
        }
        let room = host.room().id;
        let reason = domain::moderation::parse_reason(reason)?;
        let who = host.who().clone();
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let since = tx.now() - i64::from(minutes) * 60_000;
                let all = messages::list_written_since(tx.db(), room, person, since).await?;
                let mut files = Vec::new();
                for some in all.chunks(MAX_RECALLED) {
                    files.append(&mut take_back(tx, room, some.to_vec(), &who.person.display).await?);
                }
                let declined = held::list_held_of(tx.db(), room, person, since).await?;
                held::decline(tx.db(), &declined, tx.now()).await?;
                files.append(&mut held::forget_declined(tx.db(), &declined).await?);
                if all.is_empty() && declined.is_empty() {
                    return Ok((0, files));
                }
                let detail = format!("{minutes} min × {} {reason}", all.len());
                let line = Entry::new(Act::Cleared, &who).in_room(room).to(person).saying(detail.trim());
                audit::note(tx, line).await?;
                Ok((all.len(), files))
            })
        });
        let (count, files) = write.await?;
        self.drop_files(files).await;
        self.tell_held(room);
        Ok(count)
    }
}

/// Puts a note in the place of messages, and tells everybody, also those who are away. Where
/// their files are, which nothing refers to any more.
pub(crate) async fn take_back(
    tx: &mut Tx,
    room: RoomId,
    messages: Vec<MessageId>,
    name: &str,
) -> Result<Vec<uploads::At>> {
    // The room first, as those who say something lock it.
    tx.record(room, What::Recalled { messages: messages.clone(), name: name.to_owned() }).await?;
    let spans = [Span::Recalled { name: name.to_owned() }];
    messages::change_recalled(tx.db(), &messages, &spans).await?;
    outside::remove_originals(tx.db(), &messages).await?;
    Ok(uploads::remove_of_messages(tx.db(), &messages).await?)
}

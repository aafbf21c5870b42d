//! Reacting to what was said, with an emoji.

use crate::access::RoomWriter;
use crate::contacts::let_through;
use crate::store::{members, messages, reactions};
use crate::{Chat, Problem, Result, RoomReader, Rule, Thing};
use domain::MessageId;
use domain::event::What;
use domain::message::Message;
use domain::person::Person;
use domain::reaction::{MAX_KINDS, parse_emoji};

/// Most people who are named under a message.
const NAMED: u64 = 200;

impl Chat {
    /// Reacts to a message, or takes that back. Nothing if it is so already, so any number of the same
    /// requests at once come to the same.
    ///
    /// # Errors
    /// [`Rule::Shape`] for what is no single emoji; [`Rule::TooMany`] for a kind beyond the 20 of a
    /// message; [`Problem::NotFound`]; [`Problem::Gone`] once the message was taken back; `TooFast`.
    pub async fn react(&self, writer: &RoomWriter, id: MessageId, emoji: &str, on: bool) -> Result<()> {
        let (room, by, is_private) = (writer.room().id, writer.who().person.id, writer.room().is_direct());
        self.limits().react(by)?;
        let emoji = parse_emoji(emoji)?;
        let done = self
            .store()
            .write_in(room, move |tx| {
                Box::pin(async move {
                    members::lock_room(tx.db(), room).await?;
                    let row = messages::find_written(tx.db(), room, id).await?;
                    let row = row.ok_or(Problem::not_found(Thing::Message))?;
                    if row.recalled {
                        return Err(Problem::Gone.into());
                    }
                    let changed = match on {
                        true => reactions::create_reaction(tx.db(), id, by, &emoji, tx.now()).await?,
                        false => reactions::remove_reaction(tx.db(), id, by, &emoji).await?,
                    };
                    if !changed {
                        return Ok(());
                    }
                    // Nobody goes on by signs where they may not by words.
                    if on && is_private {
                        let_through(tx, room, by).await?;
                    }
                    let counts = reactions::count_anew(tx.db(), id).await?;
                    if counts.len() > MAX_KINDS {
                        return Err(Problem::invalid("emoji", Rule::TooMany { max: MAX_KINDS as u32 }).into());
                    }
                    let count = counts.iter().find(|one| one.emoji == emoji).map_or(0, |one| one.count);
                    tx.record(room, What::Reacted { message: id, by, emoji, on, count }).await?;
                    Ok(())
                })
            })
            .await;
        if is_private {
            self.hub().note_contact(room);
        }
        done
    }

    /// Who reacted how to a message; nobody for guests.
    pub async fn who_reacted(&self, reader: &RoomReader, id: MessageId) -> Result<Vec<(String, Person)>> {
        let message = messages::find_written(self.store().read(), reader.room().id, id).await?;
        match (message, reader.who()) {
            (Some(_), Some(_)) => Ok(reactions::list_who(self.store().read(), id, NAMED).await?),
            _ => Ok(Vec::new()),
        }
    }

    /// Notes which reactions are the reader's own.
    pub(crate) async fn mark_own(&self, reader: &RoomReader, messages: &mut [Message]) -> Result<()> {
        let Some(who) = reader.who() else { return Ok(()) };
        let ids: Vec<MessageId> = messages.iter().filter(|m| !m.reactions.is_empty()).map(|m| m.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let own = reactions::list_own(self.store().read(), who.person.id, &ids).await?;
        for message in messages {
            for reaction in &mut message.reactions {
                reaction.mine = own.contains(&(message.id, reaction.emoji.clone()));
            }
        }
        Ok(())
    }
}

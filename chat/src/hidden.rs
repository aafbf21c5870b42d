//! Hiding a message from oneself, on all one's devices. It is still there for everybody else.

use crate::access::RoomReader;
use crate::hub::Outbox;
use crate::known::Changed;
use crate::store::{hidden, messages};
use crate::{Chat, Problem, Result, Thing};
use domain::live::Frame;
use domain::message::History;
use domain::{MessageId, RoomId};

/// Of what is hidden in a room so much is told to a page that comes.
const TOLD: u64 = 500;

impl Chat {
    /// Hides a message from the reader, or shows it again.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`]; [`Problem::NotFound`]; `TooFast`.
    pub async fn hide(&self, reader: &RoomReader, id: MessageId, on: bool) -> Result<()> {
        let (me, room) = (reader.who().ok_or(Problem::SignInNeeded)?.person.id, reader.room().id);
        self.limits().react(me)?;
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let there = messages::find_written(tx.db(), room, id).await?;
                there.ok_or(Problem::not_found(Thing::Message))?;
                match on {
                    true => {
                        hidden::create_hidden(tx.db(), me, room, id, tx.now()).await?;
                        tx.changes(Changed::Room(room));
                    }
                    false => hidden::remove_hidden(tx.db(), me, id).await?,
                }
                Ok(())
            })
        });
        write.await?;
        self.hub().tell_people(room, &Frame::Hidden { room, messages: vec![id], on }, |who| who.person.id == me);
        self.hub().note_row(room);
        self.hub().note_unread(me, room);
        Ok(())
    }

    /// Whether the reader has hidden a message from themselves.
    pub async fn hides(&self, reader: &RoomReader, id: MessageId) -> Result<bool> {
        match reader.hiding() {
            Some(me) => Ok(hidden::has_hidden(self.store().read(), me, &[id]).await?),
            None => Ok(false),
        }
    }

    /// The last page for one of its readers: with their own reactions, without what they have hidden.
    pub(crate) async fn own_history(&self, reader: &RoomReader, mut history: History) -> Result<History> {
        if let Some(me) = reader.hiding() {
            let ids: Vec<MessageId> = history.messages.iter().map(|message| message.id).collect();
            if hidden::has_hidden(self.store().read(), me, &ids).await? {
                return self.history(reader, None).await;
            }
        }
        self.mark_own(reader, &mut history.messages).await?;
        Ok(history)
    }

    /// Tells a page what its person has hidden in a room, perhaps while it was away.
    pub(crate) async fn tell_hidden(&self, outbox: &Outbox, room: RoomId) -> Result<()> {
        let Some(who) = outbox.who() else { return Ok(()) };
        let messages = hidden::list_hidden(self.store().read(), who.person.id, room, TOLD).await?;
        if !messages.is_empty() {
            outbox.send(&Frame::Hidden { room, messages, on: true });
        }
        Ok(())
    }
}

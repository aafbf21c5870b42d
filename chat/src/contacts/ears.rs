//! Hearing private chats without naming them, and of rooms that somebody comes into.

use crate::hub::Outbox;
use crate::{Chat, Result};
use domain::RoomId;

impl Chat {
    /// From now on a connection hears what is said in all private chats of its person, also in those
    /// that begin later. Nothing for guests.
    pub fn hear_privately(&self, outbox: &Outbox) {
        self.hub().add_ear(outbox);
    }

    /// From now on a connection is told when its person comes into a room, whoever brought them in:
    /// by the event that those in the room hear. Nothing for guests.
    pub fn hear_of_joining(&self, outbox: &Outbox) {
        self.hub().add_joining_ear(outbox);
    }

    /// Something is about to be said in a private chat.
    pub(super) async fn gather_ears(&self, room: RoomId) -> Result<()> {
        if !self.hub().has_ears() {
            return Ok(());
        }
        if let Some(known) = self.find_known(room).await?
            && let Some(pair) = known.pair_ids()
        {
            self.hub().gather_ears(room, pair, known.epoch);
        }
        Ok(())
    }
}

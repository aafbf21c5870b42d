//! What somebody of another system takes part in: rooms that the system has a name for, and private
//! chats with others whom it vouches for.

use super::Vouched;
use crate::store::conversations as rows;
use crate::{Chat, Result};
use domain::live::Position;
use domain::{MessageId, PersonId, RoomId};

/// A room in which something was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    pub room: RoomId,
    /// What the system calls it; `None` for a private chat.
    pub name: Option<String>,
    pub archived: bool,
    pub created_at: i64,
    /// Of a private chat: who wrote first. `None` for a room without a host.
    pub host: Option<PersonId>,
    pub last: MessageId,
    pub last_by: PersonId,
    pub last_at: i64,
}

impl Chat {
    /// Where somebody whom a system vouches for belongs and something was said, by the last
    /// message, newest first. `private`: private chats alone, or rooms alone; both if it says
    /// nothing.
    pub async fn conversations(
        &self,
        vouched: &Vouched,
        private: Option<bool>,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Conversation>> {
        let who = (vouched.system(), vouched.person.id);
        Ok(rows::list_conversations(self.store().read(), who, private, offset, limit).await?)
    }

    /// All of these rooms, also those in which nothing was said, and where each stands; at most
    /// `limit`, those first where something happened last.
    pub async fn rooms_within(&self, vouched: &Vouched, limit: u64) -> Result<Vec<(RoomId, Position)>> {
        Ok(rows::list_rooms(self.store().read(), (vouched.system(), vouched.person.id), limit).await?)
    }
}

//! Messages by numbered pages, for clients that count them. Our own pages go by places: they stay
//! where they are while others write.

use crate::access::RoomReader;
use crate::store::message_pages as rows;
use crate::{Chat, Result};
use domain::PersonId;
use domain::message::Message;

/// Which messages of a room, and in which order.
#[derive(Clone, Debug, Default)]
pub struct MessagesQuery {
    /// Of this person alone.
    pub author: Option<PersonId>,
    /// Words alone: without what has files, and what was taken back.
    pub words: bool,
    /// Without those whose client id begins so; empty for all.
    pub except: &'static str,
    pub order: MessagesOrder,
    pub offset: u64,
    /// At most 1,000 are given.
    pub limit: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessagesOrder {
    #[default]
    Newest,
    Oldest,
    /// By the author's name as names are compared, then oldest first.
    Author,
    /// The same from the end of the alphabet.
    AuthorDown,
}

impl Chat {
    /// A page of messages, and how many there are in all. What the reader has hidden from
    /// themselves is left out.
    pub async fn messages_page(&self, reader: &RoomReader, query: &MessagesQuery) -> Result<(Vec<Message>, u64)> {
        let (db, room) = (self.store().read(), reader.room().id);
        let count = rows::count_messages(db, room, reader.hiding(), query).await?;
        Ok((rows::list_messages(db, room, reader.hiding(), query).await?, count))
    }
}

//! Files that clients of another system sent: they know them by the names that these gave them.

use super::Original;
use crate::access::RoomReader;
use crate::store::sent_files as rows;
use crate::{Chat, Result, Who};
use domain::attachment::Attachment;
use domain::message::Message;
use domain::{MessageId, PersonId, RoomId};

/// How many messages with a file of a name are looked at.
const LOOKED_AT: u64 = 100;

/// A message with a file, and what its client called it.
#[derive(Clone, Debug)]
pub struct SentFile {
    pub room: RoomId,
    pub message: Message,
    pub original: Original,
}

impl Chat {
    /// A message and access to its room; `None` if there is none or this person may not read it.
    pub async fn readable_message(&self, who: &Who, id: MessageId) -> Result<Option<(RoomReader, Message)>> {
        let Some((room, message)) = rows::find_message(self.store().read(), id).await? else { return Ok(None) };
        match self.reader(Some(who), room).await {
            Ok(reader) => Ok(Some((reader, message))),
            Err(crate::Error::Problem(_)) => Ok(None),
            Err(cause) => Err(cause),
        }
    }

    /// The last message of a room with a file that its sender called so, and that file; `by`: only
    /// of this sender.
    pub async fn file_called(
        &self,
        reader: &RoomReader,
        name: &str,
        by: Option<PersonId>,
    ) -> Result<Option<(Message, Attachment)>> {
        let messages = rows::list_with_file(self.store().read(), reader.room().id, name, LOOKED_AT).await?;
        let mut wanted = messages.into_iter().filter(|message| by.is_none_or(|by| message.author.id == by));
        Ok(wanted.find_map(|message| {
            let file = message.files.iter().find(|file| file.name == name)?.clone();
            Some((message, file))
        }))
    }

    /// The files that somebody sent with clients of a system, oldest first, and how many there are.
    pub async fn sent_files(
        &self,
        who: &Who,
        system: &str,
        descending: bool,
        offset: u64,
        limit: u64,
    ) -> Result<(Vec<SentFile>, u64)> {
        let (db, by) = (self.store().read(), (system, who.person.id));
        let count = rows::count_sent(db, by).await?;
        Ok((rows::list_sent(db, by, descending, offset, limit).await?, count))
    }
}

//! Files between two people, by the names under which clients know them.

use super::DOOR;
use crate::house::House;
use bytes::{Bytes, BytesMut};
use chat::{FileBytes, RoomReader, Who};
use domain::attachment::Attachment;
use domain::message::Message;
use domain::picture::Size;
use domain::{PersonId, RoomId};

/// Largest file that goes through a socket in one frame, in bytes.
const FRAME_BYTES: u64 = 32 * 1024 * 1024;
/// How much is read at once.
const PIECE: u64 = 1024 * 1024;

/// A file of a message, for somebody who may have it.
#[derive(Debug)]
pub struct Parcel {
    pub reader: RoomReader,
    pub message: Message,
    pub file: Attachment,
}

impl Parcel {
    /// Of a private chat, by the name under which it was kept or the one its sender gave it; the
    /// newest of several. `by`: only of this sender.
    pub async fn find(
        house: &House,
        who: &Who,
        room: RoomId,
        name: &str,
        by: Option<PersonId>,
    ) -> chat::Result<Option<Self>> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(stored) = Self::stored(house, who, name).await?
            && stored.reader.room().id == room
            && by.is_none_or(|by| stored.message.author.id == by)
        {
            return Ok(Some(stored));
        }
        let reader = house.chat.reader(Some(who), room).await?;
        let called = domain::attachment::file_name(name);
        let found = house.chat.file_called(&reader, &called, by).await?;
        Ok(found.map(|(message, file)| Self { reader, message, file }))
    }

    /// By the name under which it was kept, wherever it was sent.
    pub async fn stored(house: &House, who: &Who, name: &str) -> chat::Result<Option<Self>> {
        for id in house.chat.messages_named(DOOR, name).await? {
            let Some((reader, message)) = house.chat.readable_message(who, id).await? else { continue };
            if let Some(file) = message.files.first().cloned() {
                return Ok(Some(Self { reader, message, file }));
            }
        }
        Ok(None)
    }

    pub async fn open(&self, house: &House) -> chat::Result<FileBytes> {
        house.chat.file_bytes(&self.reader, &self.file.blob, Size::Full).await
    }

    /// All of it; `None` if that is too much for one frame.
    pub async fn whole(&self, house: &House) -> chat::Result<Option<Bytes>> {
        let file = self.open(house).await?;
        if file.length > FRAME_BYTES {
            return Ok(None);
        }
        let mut whole = BytesMut::new();
        while (whole.len() as u64) < file.length {
            let at = whole.len() as u64;
            let piece = house.chat.file_piece(&file, at, file.length.min(at + PIECE)).await?;
            if piece.is_empty() {
                break;
            }
            whole.extend_from_slice(&piece);
        }
        Ok(Some(whole.freeze()))
    }
}

//! Reading the files of messages.

use crate::access::RoomReader;
use crate::store::entities::upload;
use crate::store::uploads as rows;
use crate::uploads::no_file;
use crate::{Chat, Result};
use bytes::Bytes;
use domain::attachment::Look;
use domain::picture::Size;
use domain::{BlobId, RoomId};

/// A file of a message, open for reading.
#[derive(Clone, Debug)]
pub struct FileBytes {
    pub(crate) room: RoomId,
    pub(crate) blob: BlobId,
    pub(crate) size: Size,
    /// As its sender called it.
    pub name: String,
    pub look: Look,
    /// Ours, by its content.
    pub media_type: String,
    /// In bytes.
    pub length: u64,
}

impl Chat {
    /// A file of a message of the reader's room, or one size of a picture: also one that waits for
    /// approval for its hosts, and for its sender what they have not sent yet.
    ///
    /// # Errors
    /// `NotFound(File)` for any other.
    pub async fn file_bytes(&self, reader: &RoomReader, blob: &BlobId, size: Size) -> Result<FileBytes> {
        let row = self.readable_file(reader, blob).await?;
        let file = row.attachment().ok_or_else(no_file)?;
        let size = if file.look.sizes().contains(&size) { size } else { Size::Full };
        let room = reader.room().id;
        let length = self.files().length_of(room, blob, size).await?.ok_or_else(no_file)?;
        // Small sizes of a picture are encoded by themselves.
        let media_type = match size {
            Size::Full => row.media_type,
            Size::Side(_) => self.files().get(room, blob, size).await?.1.to_owned(),
        };
        Ok(FileBytes { room, blob: blob.clone(), size, name: row.name, look: file.look, media_type, length })
    }

    /// Some of its bytes, from `from` on; fewer than up to `to` perhaps, but some.
    pub async fn file_piece(&self, file: &FileBytes, from: u64, to: u64) -> Result<Bytes> {
        self.files().piece_of((file.room, &file.blob, file.size), from, to).await
    }

    /// The row of a file that this reader may have.
    pub(crate) async fn readable_file(&self, reader: &RoomReader, blob: &BlobId) -> Result<upload::Model> {
        let row = rows::find_upload(self.store().read(), reader.room().id, blob).await?;
        let own = |row: &upload::Model| reader.who().is_some_and(|who| who.person.id.0 == row.person_id);
        let may =
            |row: &upload::Model| row.message_id.is_some() || own(row) || row.held_id.is_some() && reader.moderates();
        row.filter(|row| row.is_whole() && may(row)).ok_or_else(no_file)
    }
}

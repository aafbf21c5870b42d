//! Files that whoever has their address may read: what old protocols call a picture host. The name of
//! a file is its secret, as that of any stored file: 128 bits by chance.

use super::no_file;
use crate::access::RoomWriter;
use crate::attachments::FileBytes;
use crate::store::uploads as rows;
use crate::{Chat, Result};
use domain::attachment::Attachment;
use domain::picture::Size;
use domain::{BlobId, RoomId};

impl Chat {
    /// Lets whoever has its address read a file of one's own that is whole and in no message yet.
    ///
    /// # Errors
    /// `NotFound(File)`.
    pub async fn open_upload(&self, writer: &RoomWriter, blob: &BlobId) -> Result<Attachment> {
        let row = self.own_upload(writer, blob).await?;
        let file = row.attachment().ok_or_else(no_file)?;
        self.change_open(blob).await?;
        Ok(file)
    }

    /// Such a file.
    ///
    /// # Errors
    /// `NotFound(File)` for any other, and once it is gone with its message.
    pub async fn open_file(&self, blob: &BlobId) -> Result<FileBytes> {
        let row = rows::find_open(self.store().read(), blob).await?.filter(|row| row.is_whole()).ok_or_else(no_file)?;
        let file = row.attachment().ok_or_else(no_file)?;
        let room = RoomId(row.room_id);
        let length = self.files().length_of(room, blob, Size::Full).await?.ok_or_else(no_file)?;
        let (name, media_type) = (row.name, row.media_type);
        Ok(FileBytes { room, blob: blob.clone(), size: Size::Full, name, look: file.look, media_type, length })
    }

    /// Such a file, ready for a message of this writer: itself, or a copy that may be read the same
    /// way; `None` if there is none.
    ///
    /// # Errors
    /// As [`Chat::begin_upload`].
    pub async fn bring_open_file(&self, to: &RoomWriter, blob: &BlobId) -> Result<Option<BlobId>> {
        let Some(row) = rows::find_open(self.store().read(), blob).await? else { return Ok(None) };
        let Some(file) = row.attachment() else { return Ok(None) };
        let is_here = row.room_id == to.room().id.0 && row.person_id == to.who().person.id.0;
        if is_here && !row.is_used() {
            return Ok(Some(file.blob));
        }
        let copy = self.copy_row(RoomId(row.room_id), to, &file, row).await?;
        self.change_open(&copy).await?;
        Ok(Some(copy))
    }

    async fn change_open(&self, blob: &BlobId) -> Result<()> {
        let blob = blob.clone();
        let write = self.store().write(move |tx| Box::pin(async move { Ok(rows::change_open(tx.db(), &blob).await?) }));
        write.await
    }

    pub(super) async fn copy_row(
        &self,
        from: RoomId,
        to: &RoomWriter,
        file: &Attachment,
        row: crate::store::entities::upload::Model,
    ) -> Result<BlobId> {
        let blob = self.announce(to, &row.name, file.bytes).await?;
        let (source, target) = ((from, file.blob.clone()), (to.room().id, blob.clone()));
        self.files().link(source, target, file.look.sizes()).await?;
        let copy = blob.clone();
        let write =
            self.store().write(move |tx| Box::pin(async move { Ok(rows::change_copied(tx.db(), &copy, &row).await?) }));
        write.await?;
        Ok(blob)
    }
}

//! The parts of a file, one after the other; after the last one it is looked at and kept.

use super::no_file;
use crate::access::RoomWriter;
use crate::files::{Part, Whole};
use crate::store::uploads as rows;
use crate::{Chat, Error, Problem, Result, Rule};
use domain::attachment::{Arriving, Attachment};
use domain::{BlobId, RoomId};

/// A part that is arriving, in one room.
pub struct UploadPart {
    chat: Chat,
    room: RoomId,
    blob: BlobId,
    part: Part,
    /// Of the whole file; unknown for one that a form sends.
    bytes: Option<u64>,
}

impl Chat {
    /// Begins to take what follows the first `at` bytes of a file of one's own.
    ///
    /// # Errors
    /// `NotFound(File)`; [`Problem::Changed`] with how much of it is here, if that is something else;
    /// [`Problem::TooFast`] while another part of it arrives.
    pub async fn begin_part(&self, writer: &RoomWriter, blob: &BlobId, at: u64) -> Result<UploadPart> {
        let row = self.own_upload(writer, blob).await?;
        if row.is_whole() {
            return Err(Problem::changed(row.bytes).into());
        }
        let bytes = u64::try_from(row.bytes).unwrap_or_default();
        self.part(writer.room().id, blob.clone(), (at, bytes), Some(bytes)).await
    }

    /// Begins to take a file of which nobody said how long it is, in one piece: what a form sends.
    ///
    /// # Errors
    /// As [`Chat::begin_upload`].
    pub async fn begin_whole(&self, writer: &RoomWriter, name: &str) -> Result<UploadPart> {
        let blob = self.announce(writer, name, 0).await?;
        self.part(writer.room().id, blob, (0, self.quotas().most()), None).await
    }

    async fn part(&self, room: RoomId, blob: BlobId, (at, most): (u64, u64), bytes: Option<u64>) -> Result<UploadPart> {
        let part = self.files().begin_part(&blob, at, most).await?;
        Ok(UploadPart { chat: self.clone(), room, blob, part, bytes })
    }
}

impl UploadPart {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Problem::TooLarge`] beyond the length that was announced, or that a file may have.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.part.push(bytes).await
    }

    /// All of the part came. With its SHA-256 (hexadecimal), what came is compared.
    ///
    /// # Errors
    /// `Invalid { field: "sum", .. }` if it is something else: then it is forgotten. As
    /// `Files::keep_arrived` if this was the last part: then the whole file is, unless it is
    /// `Unavailable` and the last part, now empty, may be sent again.
    pub async fn finish(self, sum: Option<&str>) -> Result<Arriving> {
        let Self { chat, room, blob, part, bytes } = self;
        let whole = part.finish(sum).await?;
        match bytes {
            Some(bytes) if whole.length < bytes => Ok(Arriving { blob, received: whole.length, bytes, file: None }),
            Some(_) => chat.complete(room, blob, whole).await,
            None => {
                chat.check_whole(room, &blob, whole.length).await?;
                chat.complete(room, blob, whole).await
            }
        }
    }

    /// Forgets the file.
    pub async fn give_up(self) {
        if let Err(cause) = self.chat.forget_upload(&self.blob).await {
            tracing::debug!(%cause, "the beginning of a file stays until it is tidied away");
        }
    }
}

impl Chat {
    /// What could not be asked before: whether there is space for a file of this length.
    async fn check_whole(&self, room: RoomId, blob: &BlobId, bytes: u64) -> Result<()> {
        let (name, quotas) = (blob.clone(), *self.quotas());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if bytes == 0 {
                    return Err(Problem::invalid("file", Rule::Empty).into());
                }
                let row = rows::find_upload(tx.db(), room, &name).await?.ok_or_else(no_file)?;
                let (own, all) = rows::lock_sums(tx.db(), domain::PersonId(row.person_id)).await?;
                quotas.check_sums(own, all, bytes)?;
                Ok(rows::change_bytes(tx.db(), &name, bytes).await?)
            })
        });
        let checked = write.await;
        if checked.is_err() {
            self.forget_upload(blob).await?;
        }
        checked
    }

    /// Looks at a file that is here to its end, and keeps it.
    async fn complete(&self, room: RoomId, blob: BlobId, whole: Whole) -> Result<Arriving> {
        match self.keep_upload(room, &blob).await {
            Ok(file) => {
                let bytes = file.bytes;
                Ok(Arriving { blob, received: bytes, bytes, file: Some(file) })
            }
            Err(Error::Problem(problem)) if problem != Problem::Unavailable => {
                drop(whole);
                self.forget_upload(&blob).await?;
                Err(problem.into())
            }
            Err(error) => Err(error),
        }
    }

    async fn keep_upload(&self, room: RoomId, blob: &BlobId) -> Result<Attachment> {
        let arrived = self.files().keep_arrived(room, blob).await?;
        let name = blob.clone();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                rows::change_whole(tx.db(), &name, &arrived).await?;
                Ok(rows::find_upload(tx.db(), room, &name).await?)
            })
        });
        let row = write.await?.ok_or_else(no_file)?;
        row.attachment().ok_or_else(no_file)
    }
}

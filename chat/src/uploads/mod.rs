//! Files on their way into a message: announced with name and length, sent in parts, and kept until
//! a message names them. What no message names within a day is forgotten.

mod open;
mod part;
mod quotas;

pub use part::UploadPart;
pub use quotas::Quotas;
pub(crate) use quotas::SPARE;

use crate::access::{RoomReader, RoomWriter};
use crate::files::new_blob_id;
use crate::moderation::may_write;
use crate::shelf::UNDO;
use crate::store::entities::upload;
use crate::store::{held, uploads as rows};
use crate::{Chat, Error, Problem, Result, Rule, Thing, Who};
use domain::attachment::{Arriving, Attachment, MAX_FILES, file_name};
use domain::{BlobId, RoomId};

/// How long a file waits for its message, in milliseconds.
const UNUSED_MS: i64 = 24 * 60 * 60 * 1_000;

impl Chat {
    /// What files may need.
    pub fn quotas(&self) -> &Quotas {
        &self.0.quotas
    }

    /// Whether somebody could send a file to a room of theirs now.
    pub async fn takes_files(&self, who: &Who, room: RoomId) -> Result<bool> {
        match self.reader(Some(who), room).await {
            Ok(reader) => Ok(!reader.room().archived && reader.takes_files() && may_write(&reader, self.now()).is_ok()),
            Err(Error::Problem(_)) => Ok(false),
            Err(failed) => Err(failed),
        }
    }

    /// Announces a file for a room. Nothing of it has travelled yet.
    ///
    /// # Errors
    /// [`Problem::NoFiles`]; [`Problem::TooLarge`]; [`Problem::Full`]; [`Problem::TooFast`];
    /// `Invalid { field: "file", .. }` for an empty one.
    pub async fn begin_upload(&self, writer: &RoomWriter, name: &str, bytes: u64) -> Result<Arriving> {
        if bytes == 0 {
            return Err(Problem::invalid("file", Rule::Empty).into());
        }
        let blob = self.announce(writer, name, bytes).await?;
        Ok(Arriving { blob, received: 0, bytes, file: None })
    }

    async fn announce(&self, writer: &RoomWriter, name: &str, bytes: u64) -> Result<BlobId> {
        let (room, person) = (writer.may_send_files()?.room().id, writer.who().person.id);
        self.limits().upload(person)?;
        self.quotas().check_file(bytes)?;
        self.check_disk(bytes)?;
        let at = (room, new_blob_id()?);
        let (blob, name, quotas) = (at.1.clone(), file_name(name), *self.quotas());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let (own, all) = rows::lock_sums(tx.db(), person).await?;
                quotas.check_sums(own, all, bytes)?;
                Ok(rows::create_upload(tx.db(), &at, person, name, bytes, tx.now()).await?)
            })
        });
        write.await?;
        Ok(blob)
    }

    /// How far a file of one's own has come.
    ///
    /// # Errors
    /// `NotFound(File)`.
    pub async fn upload(&self, writer: &RoomWriter, blob: &BlobId) -> Result<Arriving> {
        let row = self.own_upload(writer, blob).await?;
        self.arriving(&row, blob).await
    }

    /// Forgets a file of one's own that no message has.
    ///
    /// # Errors
    /// `NotFound(File)`.
    pub async fn remove_upload(&self, writer: &RoomWriter, blob: &BlobId) -> Result<()> {
        self.own_upload(writer, blob).await?;
        self.forget_upload(blob).await
    }

    /// Nothing for one that a message has, or that waits with one.
    pub(crate) async fn forget_upload(&self, blob: &BlobId) -> Result<()> {
        let name = blob.clone();
        let write =
            self.store().write(move |tx| Box::pin(async move { Ok(rows::remove_unused(tx.db(), &name).await?) }));
        let gone = write.await?;
        self.drop_files(gone.into_iter().collect()).await;
        Ok(())
    }

    /// Those of one's own files that a message may have now, in this order.
    ///
    /// # Errors
    /// `Invalid { field: "files", .. }` for too many, or one twice; `NotFound(File)` if one is not
    /// whole, not one's own, or used already.
    pub(crate) async fn ready_files(&self, writer: &RoomWriter, blobs: &[BlobId]) -> Result<Vec<Attachment>> {
        // Nearly every message: the store is not asked for nothing.
        if blobs.is_empty() {
            return Ok(Vec::new());
        }
        if blobs.len() > MAX_FILES {
            return Err(Problem::invalid("files", Rule::TooMany { max: MAX_FILES as u32 }).into());
        }
        if (1..blobs.len()).any(|i| blobs.iter().take(i).any(|before| Some(before) == blobs.get(i))) {
            return Err(Problem::invalid("files", Rule::Shape).into());
        }
        let ready = rows::list_ready(self.store().read(), writer.room().id, writer.who().person.id, blobs).await?;
        if ready.len() != blobs.len() {
            return Err(no_file());
        }
        Ok(ready)
    }

    /// Makes files of a message that somebody reads their own in another room, to be sent there:
    /// for forwarding. The bytes are not copied.
    ///
    /// # Errors
    /// As [`Chat::begin_upload`]; `NotFound(File)` if they are gone from there.
    pub async fn forward_files(&self, from: &RoomReader, to: &RoomWriter, files: &[Attachment]) -> Result<Vec<BlobId>> {
        let mut copies = Vec::with_capacity(files.len());
        for file in files {
            copies.push(self.copy_file(from, to, file).await?);
        }
        Ok(copies)
    }

    async fn copy_file(&self, from: &RoomReader, to: &RoomWriter, file: &Attachment) -> Result<BlobId> {
        let row = self.readable_file(from, &file.blob).await?;
        self.copy_row(from.room().id, to, file, row).await
    }

    /// Removes files that nothing refers to any more.
    pub(crate) async fn drop_files(&self, files: Vec<(RoomId, BlobId)>) {
        for (room, blob) in files {
            self.files().forget_arriving(&blob).await;
            self.files().remove(room, &blob).await;
        }
    }

    /// Forgets files that no message took within a day, what was declined more than an hour ago, and
    /// beginnings that nobody announced; how many files.
    pub(crate) async fn tidy_uploads(&self, hour_ago: i64) -> Result<usize> {
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let declined = tx.now() - UNDO.as_millis() as i64;
                let mut files = held::forget_declined_before(tx.db(), declined).await?;
                files.append(&mut rows::remove_unused_before(tx.db(), tx.now() - UNUSED_MS).await?);
                Ok(files)
            })
        });
        let old = write.await?;
        let mut count = old.len();
        self.drop_files(old).await;
        for blob in self.files().arriving_before(hour_ago).await? {
            if !rows::is_needed(self.store().read(), &blob).await? {
                self.files().forget_arriving(&blob).await;
                count += 1;
            }
        }
        Ok(count)
    }

    async fn own_upload(&self, writer: &RoomWriter, blob: &BlobId) -> Result<upload::Model> {
        let row = rows::find_upload(self.store().read(), writer.room().id, blob).await?;
        let own = row.filter(|row| row.person_id == writer.who().person.id.0 && !row.is_used());
        own.ok_or_else(no_file)
    }

    async fn arriving(&self, row: &upload::Model, blob: &BlobId) -> Result<Arriving> {
        let (file, bytes) = (row.attachment(), u64::try_from(row.bytes).unwrap_or_default());
        let received = if file.is_some() { bytes } else { self.files().arrived(blob).await? };
        Ok(Arriving { blob: blob.clone(), received, bytes, file })
    }
}

pub(crate) fn no_file() -> Error {
    Problem::not_found(Thing::File).into()
}

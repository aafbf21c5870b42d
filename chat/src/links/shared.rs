//! What hangs in the rooms of another system, for its pages: they cannot show our cookie. Whoever
//! knows the name of a file, 128 bits that cannot be guessed, has been told it by the room.

use crate::store::stage::find_video;
use crate::store::{outside, pictures};
use crate::video::STORED;
use crate::{Chat, Problem, Result, Thing, VideoBytes};
use bytes::Bytes;
use domain::picture::Size;
use domain::{BlobId, RoomId};

impl Chat {
    /// A picture on the wall of one of a system's rooms, unless its gate is shut.
    ///
    /// # Errors
    /// `NotFound(Picture)`, also for what is held back.
    pub async fn shared_picture(&self, system: &str, blob: &BlobId, size: Size) -> Result<(Bytes, &'static str)> {
        for room in self.open_rooms_of(system).await? {
            if pictures::find_blob(self.store().read(), room, blob, false).await? {
                return self.files().get(room, blob, size).await;
            }
        }
        Err(Problem::not_found(Thing::Picture).into())
    }

    /// A stored video of one of a system's rooms; likewise.
    ///
    /// # Errors
    /// `NotFound(Video)`.
    pub async fn shared_video(&self, system: &str, blob: &BlobId) -> Result<VideoBytes> {
        for room in self.open_rooms_of(system).await? {
            let row = find_video(self.store().read(), room).await?;
            if let Some(row) = row.filter(|row| row.kind == STORED && row.src == blob.as_str()) {
                return self.stored_video(room, blob, row.media_type).await;
            }
        }
        Err(Problem::not_found(Thing::Video).into())
    }

    async fn open_rooms_of(&self, system: &str) -> Result<Vec<RoomId>> {
        let mut open = Vec::new();
        for room in outside::list_rooms(self.store().read(), system).await? {
            let generation = self.0.known.generation();
            if let Some(known) = self.find_known(room).await?
                && self.is_open(room, &known.rule, generation)
            {
                open.push(room);
            }
        }
        Ok(open)
    }
}

//! One room, for reading without Salon. What it then looks like is drawn elsewhere.

use crate::Result;
use crate::keeper::Keeper;
use crate::store::events::find_standing;
use crate::store::messages::{count_up_to, list_after};
use crate::store::pictures::list_pictures;
use crate::store::rooms::find_by_slug;
use crate::store::whole;
use crate::{Error, Problem, Thing};
use domain::RoomId;
use domain::attachment::Attachment;
use domain::message::Message;
use domain::picture::{Picture, Size};
use domain::room::{Room, Visibility};
use domain::wall::Wall;

/// A room at one moment.
#[derive(Debug)]
pub struct ExportedRoom {
    pub room: Room,
    pub wall: Wall,
    pub messages: u64,
    /// Place of the last event.
    pub last_seq: i64,
}

/// The full size of a picture.
pub struct ExportedPicture {
    pub bytes: Vec<u8>,
    /// Ending for the name of a file, such as `jpg`.
    pub ending: &'static str,
}

impl Keeper {
    /// # Errors
    /// [`Problem::NotFound`] for an address that no room has.
    pub async fn exported_room(&self, slug: &str) -> Result<ExportedRoom> {
        let no_room = || Error::from(Problem::not_found(Thing::Room));
        let tx = whole::begin(&self.db).await?;
        // Private chats are nobody's to take along.
        let row = find_by_slug(&tx, slug).await?.filter(|row| row.visibility != Visibility::Direct.as_str());
        let id = RoomId(row.ok_or_else(no_room)?.id);
        let standing = find_standing(&tx, id).await?.ok_or_else(no_room)?;
        let last_seq = standing.position.seq;
        let exported = ExportedRoom {
            room: standing.room,
            wall: Wall::new(standing.wall_rev, list_pictures(&tx, id).await?),
            messages: count_up_to(&tx, id, last_seq).await?,
            last_seq,
        };
        tx.rollback().await?;
        Ok(exported)
    }

    /// The next messages after a place, at most `limit`, and none that came after the room
    /// was looked at. What was said never changes, so they fit together.
    pub async fn exported_messages(&self, of: &ExportedRoom, after: i64, limit: usize) -> Result<Vec<Message>> {
        let mut messages = list_after(&self.db, of.room.id, after, limit).await?;
        messages.retain(|message| message.seq <= of.last_seq);
        Ok(messages)
    }

    /// What was sent with a message; `None` if its file is missing.
    pub async fn exported_file(&self, of: &ExportedRoom, file: &Attachment) -> Result<Option<Vec<u8>>> {
        let (folder, room, blob) = (self.folder.clone(), of.room.id, file.blob.clone());
        let read = tokio::task::spawn_blocking(move || folder.read(room, &blob, Size::Full));
        read.await.map_err(|_| Error::Panicked)?.map_err(Error::Folder)
    }

    /// `None` if its file is missing.
    pub async fn exported_picture(&self, of: &ExportedRoom, picture: &Picture) -> Result<Option<ExportedPicture>> {
        let (folder, room, blob) = (self.folder.clone(), of.room.id, picture.blob.clone());
        let read = tokio::task::spawn_blocking(move || folder.read(room, &blob, Size::Full));
        let bytes = read.await.map_err(|_| Error::Panicked)?.map_err(Error::Folder)?;
        Ok(bytes.map(|bytes| {
            let ending = if bytes.starts_with(b"\x89PNG") { "png" } else { "jpg" };
            ExportedPicture { bytes, ending }
        }))
    }
}

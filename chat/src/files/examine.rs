//! Whether the files of a picture are there and what they should be.

use super::{Folder, Sum, digest};
use crate::store::entities::{picture, upload, video};
use domain::picture::Size;
use domain::{BlobId, RoomId};

/// The files that a picture should have.
pub(crate) struct Kept {
    /// What they belong to, for a sentence.
    pub what: String,
    pub room: RoomId,
    pub blob: BlobId,
    pub sizes: Vec<Size>,
    /// Empty if it is not known.
    pub digest: String,
}

impl Kept {
    /// The files of a room's video.
    pub(crate) fn of_video(row: &video::Model) -> impl Iterator<Item = Self> {
        row.files().map(|(blob, digest, part)| Self {
            what: format!("{part} of room {}", row.room_id),
            room: RoomId(row.room_id),
            blob,
            sizes: vec![Size::Full],
            digest: digest.to_owned(),
        })
    }

    /// The files of something that was sent; `None` while it is on its way, or if nobody can tell.
    pub(crate) fn of_upload(row: &upload::Model) -> Option<Self> {
        let file = row.attachment()?;
        Some(Self {
            what: format!("the file {:?} in room {}", row.name, row.room_id),
            room: RoomId(row.room_id),
            sizes: file.look.sizes(),
            blob: file.blob,
            digest: row.digest.clone(),
        })
    }

    /// `None` for a row that names no files.
    pub(crate) fn of(row: picture::Model) -> Option<Self> {
        let (width, height) = (u32::try_from(row.width).ok()?, u32::try_from(row.height).ok()?);
        let blob = BlobId::parse(&row.blob).ok()?;
        let sizes = Size::stored(width, height).collect();
        Some(Self { what: format!("picture {}", row.id), room: RoomId(row.room_id), blob, sizes, digest: row.digest })
    }
}

/// Reads all sizes of a picture, one after the other; says in sentences what is wrong.
pub(crate) fn examine(folder: &Folder, kept: &Kept, mut read: impl FnMut(Size, &[u8])) -> Vec<String> {
    let name = |size: Size| format!("files/{}/{}/{size}", kept.room, kept.blob);
    let (mut faults, mut sums) = (Vec::new(), Vec::new());
    for size in &kept.sizes {
        match folder.read(kept.room, &kept.blob, *size) {
            Ok(Some(bytes)) => {
                if bytes.is_empty() {
                    faults.push(format!("{}: {} is empty", kept.what, name(*size)));
                }
                sums.push((*size, Sum::of(&bytes)));
                read(*size, &bytes);
            }
            Ok(None) => faults.push(format!("{}: {} is missing", kept.what, name(*size))),
            Err(cause) => faults.push(format!("{}: {} cannot be read: {cause}", kept.what, name(*size))),
        }
    }
    let is_other = faults.is_empty() && !kept.digest.is_empty() && digest(sums) != kept.digest;
    if is_other {
        let folder = format!("files/{}/{}", kept.room, kept.blob);
        faults.push(format!("{}: a file in {folder} is not what was stored", kept.what));
    }
    faults
}

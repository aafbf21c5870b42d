//! Whether the files of a picture are there and what they should be.

use super::{Folder, Sum, digest};
use crate::store::entities::picture;
use domain::picture::Size;
use domain::{BlobId, RoomId};

/// The files that a picture should have.
pub(crate) struct Kept {
    pub id: i64,
    pub room: RoomId,
    pub blob: BlobId,
    pub sizes: Vec<Size>,
    /// Empty if it is not known.
    pub digest: String,
}

impl Kept {
    /// `None` for a row that names no files.
    pub(crate) fn of(row: picture::Model) -> Option<Self> {
        let (width, height) = (u32::try_from(row.width).ok()?, u32::try_from(row.height).ok()?);
        let blob = BlobId::parse(&row.blob).ok()?;
        let sizes = Size::stored(width, height).collect();
        Some(Self { id: row.id, room: RoomId(row.room_id), blob, sizes, digest: row.digest })
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
                    faults.push(format!("picture {}: {} is empty", kept.id, name(*size)));
                }
                sums.push((*size, Sum::of(&bytes)));
                read(*size, &bytes);
            }
            Ok(None) => faults.push(format!("picture {}: {} is missing", kept.id, name(*size))),
            Err(cause) => faults.push(format!("picture {}: {} cannot be read: {cause}", kept.id, name(*size))),
        }
    }
    let is_other = faults.is_empty() && !kept.digest.is_empty() && digest(sums) != kept.digest;
    if is_other {
        let folder = format!("files/{}/{}", kept.room, kept.blob);
        faults.push(format!("picture {}: a file in {folder} is not what was stored", kept.id));
    }
    faults
}

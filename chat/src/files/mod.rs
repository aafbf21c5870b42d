//! The files of the house: pictures, under names that we made. No name from outside ever
//! reaches the file system, and a file never changes: a new version gets a new name.

mod address;
mod arriving;
mod digest;
mod disk;
mod examine;
mod fetch;
mod folder;
mod gif;
mod guard;
mod image;
mod nature;
mod unfinished;
mod video;

use self::arriving::Arriving;
use self::image::Prepared;
use crate::store::pictures::Blob;
use crate::{Error, Result};
pub(crate) use arriving::{Arrived, Part, Whole};
use bytes::Bytes;
pub(crate) use digest::{Sum, digest};
pub(crate) use disk::disk_left;
use domain::picture::{MAX_BYTES, Picture, Size};
use domain::problem::PictureFault;
use domain::{BlobId, Problem, RoomId, Rule, Thing};
pub(crate) use examine::{Kept, examine};
use fetch::Fetch;
pub(crate) use fetch::{guarded, leads_inside};
pub(crate) use folder::{Folder, Held};
use futures::TryStreamExt;
pub(crate) use guard::Policy;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use tokio::sync::Semaphore;
pub(crate) use video::{Incoming, Media, Stored};

/// So many pictures are decoded at the same time; each may need some hundred megabytes.
const DECODING: usize = 2;
/// So many more may wait, each with its file in memory.
const WAITING: usize = 8;

/// The folder `files` of the data directory: `<room>/<blob>/<size>`.
pub(crate) struct Files {
    store: LocalFileSystem,
    decoding: Arc<Semaphore>,
    waiting: AtomicUsize,
    fetch: Fetch,
    folder: Folder,
    arriving: Arriving,
}

impl Files {
    /// Creates the folder if it is missing. `fetch_private` is for tests: pictures may then
    /// be fetched from this machine.
    pub fn open(data: &std::path::Path, fetch_private: bool) -> Result<Self> {
        let folder = Folder::of(data);
        std::fs::create_dir_all(folder.path()).map_err(Error::Folder)?;
        Ok(Self {
            // Synced before the row that names it: a picture in the store has its files.
            store: LocalFileSystem::new_with_prefix(folder.path())?.with_fsync(true).with_automatic_cleanup(true),
            decoding: Arc::new(Semaphore::new(DECODING)),
            waiting: AtomicUsize::new(0),
            fetch: Fetch::new(fetch_private),
            folder,
            arriving: Arriving::open(data).map_err(Error::Folder)?,
        })
    }

    /// Fetches the file behind an address.
    ///
    /// # Errors
    /// `Invalid { field: "url", .. }` with what is wrong with the address or the file.
    pub async fn fetch(&self, url: &str) -> Result<Bytes> {
        self.fetch.get(url).await
    }

    /// Checks that the bytes are a picture and keeps it in all sizes, turned upright and
    /// without any metadata.
    ///
    /// # Errors
    /// `Invalid { field: "picture", .. }` with its fault; `Unavailable` when too many wait.
    pub async fn keep_picture(&self, room: RoomId, bytes: Bytes) -> Result<Blob> {
        let prepared = self.prepare(bytes).await?;
        let id = new_blob_id()?;
        let blob = Blob {
            id,
            media_type: media_type(&prepared.full),
            width: prepared.width,
            height: prepared.height,
            digest: prepared.digest(),
            tint: prepared.tint.clone(),
            file_name: String::new(),
        };
        let kept = self.put_all(room, &blob.id, prepared).await;
        if kept.is_err() {
            self.remove(room, &blob.id).await;
        }
        kept.map(|()| blob)
    }

    /// Copies all sizes of a picture into another room, under a new name.
    ///
    /// # Errors
    /// `NotFound(Picture)` if its files are missing.
    pub async fn copy_picture(&self, from: RoomId, to: RoomId, picture: &Picture, digest: &str) -> Result<Blob> {
        let id = new_blob_id()?;
        let mut kind = media_type(&[]);
        for size in Size::stored(picture.width, picture.height) {
            let read = self.read(&path(from, &picture.blob, size)).await;
            let copied = match read {
                Ok(Some(bytes)) => {
                    kind = media_type(&bytes);
                    self.store.put(&path(to, &id, size), bytes.into()).await.map(drop).map_err(Error::from)
                }
                Ok(None) => Err(Problem::not_found(Thing::Picture).into()),
                Err(cause) => Err(cause),
            };
            if let Err(failed) = copied {
                self.remove(to, &id).await;
                return Err(failed);
            }
        }
        let (width, height) = (picture.width, picture.height);
        let (digest, tint, file_name) = (digest.to_owned(), picture.tint.clone(), String::new());
        Ok(Blob { id, media_type: kind, width, height, digest, tint, file_name })
    }

    /// The bytes of one size and their media type; the full ones if that size is larger
    /// than the picture.
    ///
    /// # Errors
    /// `NotFound(Picture)` if there is no such file.
    pub async fn get(&self, room: RoomId, blob: &BlobId, size: Size) -> Result<(Bytes, &'static str)> {
        let bytes = match self.read(&path(room, blob, size)).await? {
            Some(bytes) => Some(bytes),
            None if size != Size::Full => self.read(&path(room, blob, Size::Full)).await?,
            None => None,
        };
        let bytes = bytes.ok_or_else(|| Problem::not_found(Thing::Picture))?;
        let media_type = media_type(&bytes);
        Ok((bytes, media_type))
    }

    /// Removes all sizes. What cannot be removed now, such as everything while a backup
    /// copies, is found by [`Files::older_than`] later.
    pub async fn remove(&self, room: RoomId, blob: &BlobId) {
        let Ok(Some(_removing)) = self.folder.may_remove() else {
            tracing::info!(%room, %blob, "a file of a removed picture stays while the files are being copied");
            return;
        };
        let folder = folder(room, blob);
        let found: std::result::Result<Vec<_>, _> = self.store.list(Some(&folder)).try_collect().await;
        for file in found.unwrap_or_default() {
            if let Err(cause) = self.store.delete(&file.location).await {
                tracing::warn!(%cause, "a file of a removed picture stays for now");
            }
        }
    }

    /// The pictures with a file written before `time` (milliseconds).
    pub async fn older_than(&self, time: i64) -> Result<BTreeSet<(RoomId, BlobId)>> {
        let old = self.store.list(None).try_filter_map(|file| async move {
            let is_old = file.last_modified.timestamp_millis() < time;
            Ok(owner(&file.location).filter(|_| is_old))
        });
        Ok(old.try_collect().await?)
    }

    /// Removes what a killed process has not written to its end, before `time` (milliseconds);
    /// returns how many files.
    pub async fn remove_unfinished(&self, time: i64) -> usize {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(time.unsigned_abs());
        let folder = self.folder.path().to_owned();
        tokio::task::spawn_blocking(move || unfinished::remove(&folder, time)).await.unwrap_or(0)
    }

    async fn prepare(&self, bytes: Bytes) -> Result<Prepared> {
        self.in_turn(bytes, image::prepare).await
    }

    async fn prepare_sent(&self, bytes: Bytes) -> Result<Prepared> {
        self.in_turn(bytes, image::prepare_sent).await
    }

    /// The middle of a picture as a person's, with its media type. Not kept here.
    ///
    /// # Errors
    /// As of [`Files::keep_picture`].
    pub async fn portrait(&self, bytes: Bytes) -> Result<(Vec<u8>, &'static str)> {
        let made = self.in_turn(bytes, image::portrait).await?;
        let kind = media_type(&made);
        Ok((made, kind))
    }

    /// Does something with a picture's pixels; few at a time.
    async fn in_turn<T: Send + 'static>(
        &self,
        bytes: Bytes,
        work: fn(&[u8]) -> std::result::Result<T, PictureFault>,
    ) -> Result<T> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(fault(PictureFault::TooManyBytes));
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= DECODING + WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Problem::Unavailable.into());
        }
        let _leaves = Leaves(&self.waiting);
        let turn = self.decoding.clone().acquire_owned().await.map_err(|_| Problem::Unavailable)?;
        let prepared = tokio::task::spawn_blocking(move || {
            // Kept to the end of the work, even if nobody waits for it any more.
            let _turn = turn;
            work(&bytes)
        });
        let prepared = prepared.await;
        // A decoder that panics says that the file is not what it seems.
        prepared.unwrap_or(Err(PictureFault::Damaged)).map_err(fault)
    }

    async fn put_all(&self, room: RoomId, blob: &BlobId, prepared: Prepared) -> Result<()> {
        for (side, bytes) in prepared.sizes {
            self.store.put(&path(room, blob, Size::Side(side)), bytes.into()).await?;
        }
        self.store.put(&path(room, blob, Size::Full), prepared.full.into()).await?;
        Ok(())
    }

    async fn read(&self, path: &Path) -> Result<Option<Bytes>> {
        match self.store.get(path).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(cause) => Err(cause.into()),
        }
    }
}

/// Counts itself out of those who wait, also when the caller goes away.
struct Leaves<'a>(&'a AtomicUsize);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl From<object_store::Error> for Error {
    fn from(cause: object_store::Error) -> Self {
        Self::Files(cause)
    }
}

fn fault(fault: PictureFault) -> Error {
    Problem::invalid("picture", Rule::Picture { fault }).into()
}

fn folder(room: RoomId, blob: &BlobId) -> Path {
    Path::from(format!("{room}/{blob}"))
}

fn path(room: RoomId, blob: &BlobId, size: Size) -> Path {
    Path::from(format!("{room}/{blob}/{size}"))
}

/// Which picture a file belongs to.
fn owner(path: &Path) -> Option<(RoomId, BlobId)> {
    let mut parts = path.parts();
    let room = parts.next()?.as_ref().parse().ok()?;
    let blob = BlobId::parse(parts.next()?.as_ref()).ok()?;
    Some((room, blob))
}

/// We write nothing but these three.
fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', ..] => "image/gif",
        _ => "image/jpeg",
    }
}

pub(crate) fn new_blob_id() -> Result<BlobId> {
    Ok(BlobId::parse(&format!("{:032x}", rand::random::<u128>()))?)
}

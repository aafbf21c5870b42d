//! Files of messages on their way in, piece by piece, beside the kept ones: `<data>/arriving/<blob>`.
//! What is here stays through a cut, a reload and a restart, and the sender goes on from there.

use super::digest::{Sum, Summing, digest};
use super::image::Prepared;
use super::nature::{HEAD, Nature, OPAQUE};
use super::{Files, fault, media_type};
use crate::{Error, Result};
use bytes::Bytes;
use domain::attachment::Look;
use domain::picture::{MAX_BYTES, Size};
use domain::problem::PictureFault;
use domain::{BlobId, Problem, RoomId, Rule};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::task::spawn_blocking;

/// Written at once.
const PIECE: usize = 256 * 1024;
/// When to come again if another part of the same file is arriving.
const BUSY_MS: u64 = 500;

/// A file that came to its end and is kept.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    /// Of what is stored in full.
    pub bytes: u64,
    pub look: Look,
    pub media_type: &'static str,
    /// See `files::digest`.
    pub digest: String,
}

impl Arrived {
    /// Of a picture, else 0.
    pub fn pixels(&self) -> (u32, u32) {
        match self.look {
            Look::Picture { width, height, .. } => (width, height),
            Look::File | Look::Audio | Look::Video => (0, 0),
        }
    }
}

/// The folder of files on their way.
pub(super) struct Arriving {
    folder: PathBuf,
    /// Of which a part is arriving right now.
    busy: Arc<Mutex<HashSet<BlobId>>>,
}

impl Arriving {
    pub fn open(data: &Path) -> io::Result<Self> {
        let folder = data.join("arriving");
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, busy: Arc::default() })
    }

    fn path(&self, blob: &BlobId) -> PathBuf {
        self.folder.join(blob.as_str())
    }

    fn length(&self, blob: &BlobId) -> io::Result<u64> {
        match std::fs::metadata(self.path(blob)) {
            Ok(found) => Ok(found.len()),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(0),
            Err(cause) => Err(cause),
        }
    }

    fn turn(&self, blob: &BlobId) -> Result<Turn> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if !busy.insert(blob.clone()) {
            return Err(Problem::TooFast { wait_ms: BUSY_MS }.into());
        }
        Ok(Turn { busy: self.busy.clone(), blob: blob.clone() })
    }
}

/// While it lives, nobody else adds to the file.
struct Turn {
    busy: Arc<Mutex<HashSet<BlobId>>>,
    blob: BlobId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.blob);
    }
}

/// A part that is arriving. What of it came before a cut stays.
pub(crate) struct Part {
    file: Arc<File>,
    began: u64,
    at: u64,
    /// How long the file may get.
    most: u64,
    piece: Vec<u8>,
    sum: Summing,
    turn: Turn,
}

impl Part {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Problem::TooLarge`] beyond what the file may have.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if self.length() + bytes.len() as u64 > self.most {
            return Err(Problem::TooLarge { limit: self.most }.into());
        }
        self.sum.add(bytes);
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE { self.flush().await } else { Ok(()) }
    }

    /// All of it came: how long the file is now. With `sum` (SHA-256, hexadecimal) what came is
    /// compared, and forgotten if it is something else.
    ///
    /// # Errors
    /// [`Rule::Mismatch`].
    pub async fn finish(mut self, sum: Option<&str>) -> Result<Whole> {
        self.flush().await?;
        let came = std::mem::take(&mut self.sum).end();
        let is_other = sum.is_some_and(|sum| !sum.eq_ignore_ascii_case(came.as_str()));
        let (file, began) = (self.file.clone(), self.began);
        blocking(move || if is_other { file.set_len(began) } else { file.sync_data() }).await?;
        if is_other {
            return Err(Problem::invalid("sum", Rule::Mismatch).into());
        }
        Ok(Whole { length: self.at, _turn: self.turn })
    }

    fn length(&self) -> u64 {
        self.at + self.piece.len() as u64
    }

    async fn flush(&mut self) -> Result<()> {
        let (file, at, piece) = (self.file.clone(), self.at, std::mem::take(&mut self.piece));
        let length = piece.len() as u64;
        // By its place, so that a write which outlives its request cannot shift what comes next.
        blocking(move || file.write_all_at(&piece, at)).await?;
        self.at += length;
        Ok(())
    }
}

/// A part that came to its end; nobody else adds to the file meanwhile.
pub(crate) struct Whole {
    /// Of the file.
    pub length: u64,
    _turn: Turn,
}

impl Files {
    /// How much of a file is here, in bytes.
    pub async fn arrived(&self, blob: &BlobId) -> Result<u64> {
        self.arriving.length(blob).map_err(Error::Folder)
    }

    /// Begins to take a part of a file that may have `most` bytes.
    ///
    /// # Errors
    /// [`Problem::Changed`] with how much is here if that is not where the part begins;
    /// [`Problem::TooFast`] while another part of it arrives.
    pub async fn begin_part(&self, blob: &BlobId, at: u64, most: u64) -> Result<Part> {
        let turn = self.arriving.turn(blob)?;
        let path = self.arriving.path(blob);
        let opened = blocking(move || {
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
            let length = file.metadata()?.len();
            Ok((file, length))
        });
        let (file, length) = opened.await?;
        if length != at {
            return Err(Problem::changed(i64::try_from(length).unwrap_or(i64::MAX)).into());
        }
        Ok(Part { file: Arc::new(file), began: at, at, most, piece: Vec::new(), sum: Summing::default(), turn })
    }

    /// Keeps a file that is whole: a picture encoded anew and in its sizes, all else as it is.
    ///
    /// # Errors
    /// `Invalid { field: "picture", .. }` for what begins like a picture and is none, or is too
    /// large for one; `Unavailable` when too many are being decoded.
    pub async fn keep_arrived(&self, room: RoomId, blob: &BlobId) -> Result<Arrived> {
        let path = self.arriving.path(blob);
        let looked = path.clone();
        let (nature, bytes) = blocking(move || look(&looked)).await?;
        let (look, media_type) = match nature {
            Nature::Picture => return self.keep_sent_picture(room, blob, bytes).await,
            Nature::Audio(kind) => (Look::Audio, kind),
            Nature::Video(kind) => (Look::Video, kind),
            Nature::Other => (Look::File, OPAQUE),
        };
        let to = self.folder.file(room, blob, Size::Full);
        let sum = blocking(move || take_over(&path, &to)).await?;
        Ok(Arrived { bytes, look, media_type, digest: digest(vec![(Size::Full, sum)]) })
    }

    async fn keep_sent_picture(&self, room: RoomId, blob: &BlobId, bytes: u64) -> Result<Arrived> {
        if bytes > MAX_BYTES {
            return Err(fault(PictureFault::TooManyBytes));
        }
        let path = self.arriving.path(blob);
        let read = blocking(move || std::fs::read(path)).await?;
        let prepared: Prepared = self.prepare_sent(Bytes::from(read)).await?;
        let arrived = Arrived {
            bytes: prepared.full.len() as u64,
            look: Look::Picture { width: prepared.width, height: prepared.height, moves: prepared.moves },
            media_type: media_type(&prepared.full),
            digest: prepared.digest(),
        };
        self.put_all(room, blob, prepared).await?;
        self.forget_arriving(blob).await;
        Ok(arrived)
    }

    /// Removes what came of a file.
    pub async fn forget_arriving(&self, blob: &BlobId) {
        let path = self.arriving.path(blob);
        let removed = spawn_blocking(move || std::fs::remove_file(path)).await;
        if let Ok(Err(cause)) = removed
            && cause.kind() != ErrorKind::NotFound
        {
            tracing::warn!(%cause, "the beginning of a file stays for now");
        }
    }

    /// Those that were added to last before `time` (milliseconds).
    pub async fn arriving_before(&self, time: i64) -> Result<Vec<BlobId>> {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(time.unsigned_abs());
        let folder = self.arriving.folder.clone();
        blocking(move || {
            let mut found = Vec::new();
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                if entry.metadata()?.modified()? < time
                    && let Some(blob) = entry.file_name().to_str().and_then(|name| BlobId::parse(name).ok())
                {
                    found.push(blob);
                }
            }
            Ok(found)
        })
        .await
    }

    /// A second name for the same bytes, which nobody changes: in another room, perhaps.
    pub async fn link(&self, from: (RoomId, BlobId), to: (RoomId, BlobId), sizes: Vec<Size>) -> Result<()> {
        let folder = self.folder.clone();
        blocking(move || {
            for size in sizes {
                let path = folder.file(to.0, &to.1, size);
                if let Some(parent) = path.parent() {
                    std::fs::create_dir_all(parent)?;
                }
                std::fs::hard_link(folder.file(from.0, &from.1, size), path)?;
            }
            Ok(())
        })
        .await
    }
}

/// What a file is, and how long.
fn look(path: &Path) -> io::Result<(Nature, u64)> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let mut head = Vec::new();
    file.take(HEAD as u64).read_to_end(&mut head)?;
    Ok((Nature::of(&head), bytes))
}

/// Moves a file to where it is kept, down to the disk; its sum.
fn take_over(from: &Path, to: &Path) -> io::Result<Sum> {
    let mut file = File::open(from)?;
    let mut sum = Summing::default();
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        sum.add(piece.get(..read).unwrap_or_default());
    }
    file.sync_all()?;
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
        std::fs::rename(from, to)?;
        File::open(folder)?.sync_all()?;
    }
    Ok(sum.end())
}

async fn blocking<T: Send + 'static>(job: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(job).await.map_err(|_| Error::Panicked)?.map_err(Error::Folder)
}

//! The folder of the files, as commands beside the server see it: reading it whole while
//! nobody removes anything, and filling an empty one.

use domain::picture::Size;
use domain::{BlobId, RoomId};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// `<data>/files`, in which a file is `<room>/<blob>/<size>`.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

/// While it lives, others keep their hands off the folder: see [`Folder::keep_all`].
#[derive(Debug)]
pub(crate) struct Held(#[expect(dead_code, reason = "the lock is on the open folder")] File);

impl Folder {
    pub(crate) fn of(data: &Path) -> Self {
        Self(data.join("files"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, room: RoomId, blob: &BlobId, size: Size) -> PathBuf {
        self.0.join(room.to_string()).join(blob.as_str()).join(size.to_string())
    }

    /// For removing files; `None` while somebody needs all of them. The lock is the system's,
    /// between processes, and ends with the one that holds it, however that ends.
    pub(super) fn may_remove(&self) -> io::Result<Option<Held>> {
        let folder = File::open(&self.0)?;
        match folder.try_lock_shared() {
            Ok(()) => Ok(Some(Held(folder))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(cause)) => Err(cause),
        }
    }

    /// From now on no file is removed by anybody. Blocks while another process has asked for
    /// the same, or is just removing something.
    pub(crate) fn keep_all(&self) -> io::Result<Held> {
        let folder = File::open(&self.0)?;
        folder.lock()?;
        Ok(Held(folder))
    }

    /// Whether there is nothing in it, or no folder at all.
    pub(crate) fn is_empty(&self) -> io::Result<bool> {
        match std::fs::read_dir(&self.0) {
            Ok(mut entries) => Ok(entries.next().is_none()),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(true),
            Err(cause) => Err(cause),
        }
    }

    /// A whole file; `None` if it is not there.
    pub(crate) fn read(&self, room: RoomId, blob: &BlobId, size: Size) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.file(room, blob, size)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(cause),
        }
    }

    /// Writes a file that is not there yet, down to the disk.
    pub(crate) fn put(&self, room: RoomId, blob: &BlobId, size: Size, bytes: &[u8]) -> io::Result<()> {
        let path = self.file(room, blob, size);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = File::create_new(&path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Makes sure that the names of all files are on the disk too.
    pub(crate) fn sync(&self) -> io::Result<()> {
        for room in std::fs::read_dir(&self.0)? {
            let room = room?.path();
            for blob in std::fs::read_dir(&room)? {
                File::open(blob?.path())?.sync_all()?;
            }
            File::open(&room)?.sync_all()?;
        }
        File::open(&self.0)?.sync_all()
    }

    /// Every file with its age, whatever its name: paths below the folder.
    pub(crate) fn list(&self) -> io::Result<Vec<Found>> {
        let (mut found, mut folders) = (Vec::new(), vec![self.0.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let path = entry.path().strip_prefix(&self.0).map(Path::to_owned).unwrap_or_default();
                let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
                found.push(Found { path, age });
            }
        }
        Ok(found)
    }
}

/// A file that lies in the folder.
pub(crate) struct Found {
    pub path: PathBuf,
    pub age: Duration,
}

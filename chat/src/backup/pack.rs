//! Writing a backup.

use super::manifest::{FORMAT, Manifest, Part, seal};
use super::names::Name;
use super::unpack::check;
use super::{Copied, CopyFault};
use crate::files::{Folder, Kept, disk_left, examine};
use crate::store::whole::{Table, newest_step};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// On which terms a backup is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    /// Bytes of the disk that stay free; 0 for none.
    pub spare: u64,
    /// Ends it half-way.
    pub stop: CancellationToken,
}

/// What is written next.
pub(super) enum Piece {
    Rows {
        table: Table,
        count: u64,
        lines: String,
    },
    Files(Kept),
    /// Everything was said.
    End,
}

/// A backup that has not got its name yet.
pub(super) struct Pack {
    file: PathBuf,
    part: PathBuf,
    tar: tar::Builder<BufWriter<File>>,
    manifest: Manifest,
    /// Parts of rows so far.
    numbers: BTreeMap<&'static str, u32>,
    terms: Terms,
}

impl Pack {
    /// # Errors
    /// [`CopyFault::Exists`]; [`CopyFault::InUse`] while somebody else writes the same file.
    pub(super) fn create(file: &Path, at: i64, terms: Terms) -> Result<Self, CopyFault> {
        if file.symlink_metadata().is_ok() {
            return Err(CopyFault::Exists(file.to_owned()));
        }
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let open = open_alone(&part).map_err(|cause| write_fault(&part, cause))?;
        let open = open.ok_or_else(|| CopyFault::InUse(part.clone()))?;
        let manifest = Manifest {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schema: newest_step(),
            at,
            rows: Table::ALL.iter().map(|table| (table.name().to_owned(), 0)).collect(),
            parts: Vec::new(),
            faults: Vec::new(),
        };
        let tar = tar::Builder::new(BufWriter::new(open));
        Ok(Self { file: file.to_owned(), part, tar, manifest, numbers: BTreeMap::new(), terms })
    }

    /// Writes what comes, checks all of it, and gives it its name.
    ///
    /// # Errors
    /// [`CopyFault::Incomplete`] if the end never came. On every error the file is removed.
    pub(super) fn fill(mut self, pieces: mpsc::Receiver<Piece>, folder: &Folder) -> Result<Copied, CopyFault> {
        let part = self.part.clone();
        let filled = self.write(pieces, folder).and_then(|()| self.close());
        if filled.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        filled
    }

    fn write(&mut self, mut pieces: mpsc::Receiver<Piece>, folder: &Folder) -> Result<(), CopyFault> {
        while let Some(piece) = pieces.blocking_recv() {
            match piece {
                Piece::Rows { table, count, lines } => self.add_rows(table, count, &lines)?,
                Piece::Files(kept) => self.add_files(&kept, folder)?,
                Piece::End => return Ok(()),
            }
        }
        Err(CopyFault::Incomplete)
    }

    fn add_rows(&mut self, table: Table, count: u64, lines: &str) -> Result<(), CopyFault> {
        let number = self.numbers.entry(table.name()).or_default();
        *number += 1;
        let name = Name::Rows(table, *number);
        *self.manifest.rows.entry(table.name().to_owned()).or_default() += count;
        self.add(&name, lines.as_bytes())
    }

    fn add_files(&mut self, kept: &Kept, folder: &Folder) -> Result<(), CopyFault> {
        let mut added = Ok(());
        let faults = examine(folder, kept, |size, bytes| {
            if added.is_ok() {
                added = self.add(&Name::File(kept.room, kept.blob.clone(), size), bytes);
            }
        });
        self.manifest.faults.extend(faults);
        added
    }

    fn add(&mut self, name: &Name, bytes: &[u8]) -> Result<(), CopyFault> {
        self.append(name, bytes)?;
        self.manifest.parts.push(Part::of(name.to_string(), bytes));
        Ok(())
    }

    fn append(&mut self, name: &Name, bytes: &[u8]) -> Result<(), CopyFault> {
        self.heed(bytes.len() as u64)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.manifest.at / 1_000).unwrap_or_default());
        let appended = self.tar.append_data(&mut header, name.to_string(), bytes);
        appended.map_err(|cause| write_fault(&self.part, cause))
    }

    /// # Errors
    /// [`CopyFault::Stopped`]; [`CopyFault::Write`] before the disk is so full that the house itself
    /// could not go on.
    fn heed(&self, more: u64) -> Result<(), CopyFault> {
        let Terms { spare, stop } = &self.terms;
        if stop.is_cancelled() {
            return Err(CopyFault::Stopped);
        }
        let is_full = *spare > 0 && disk_left(&self.part).is_some_and(|left| left < spare.saturating_add(more));
        if is_full { Err(write_fault(&self.part, io::ErrorKind::StorageFull.into())) } else { Ok(()) }
    }

    /// The end of the file, and the proof that it can be read.
    fn close(mut self) -> Result<Copied, CopyFault> {
        let manifest = serde_json::to_vec(&self.manifest).map_err(io::Error::from);
        let manifest = manifest.map_err(|cause| write_fault(&self.part, cause))?;
        self.append(&Name::Manifest, &manifest)?;
        self.append(&Name::Seal, seal(&manifest).as_bytes())?;
        let part = self.part.clone();
        let failed = |cause| write_fault(&part, cause);
        let file = self.tar.into_inner().and_then(|file| Ok(file.into_inner()?)).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        let copied = check(&self.part, &self.terms.stop)?.copied();
        if self.file.symlink_metadata().is_ok() {
            return Err(CopyFault::Exists(self.file));
        }
        std::fs::rename(&self.part, &self.file).and_then(|()| sync_folder_of(&self.file)).map_err(failed)?;
        Ok(copied)
    }
}

/// Readable by its owner only: everybody's words and password hashes are in it. `None` if
/// another process writes it; what a killed one left is written over.
fn open_alone(part: &Path) -> io::Result<Option<File>> {
    if part.symlink_metadata().is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("it is not a file"));
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(part)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
        Err(std::fs::TryLockError::Error(cause)) => return Err(cause),
    }
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.set_len(0)?;
    Ok(Some(file))
}

fn sync_folder_of(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn write_fault(file: &Path, cause: io::Error) -> CopyFault {
    CopyFault::Write { file: file.to_owned(), cause }
}

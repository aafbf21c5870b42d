//! Making a house from a backup.

use super::manifest::{Manifest, Part};
use super::names::Name;
use super::unpack::{Fields, check, damaged, each_part, rows_of};
use super::{Copied, CopyFault};
use crate::files::Folder;
use crate::keeper::Place;
use crate::rooms::new_epoch;
use crate::store::StoreUrl;
use crate::store::whole::{Filling, Table, is_known};
use crate::{Error, Result, make_private_folder};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Parts of rows that may wait for the store.
const WAITING: usize = 2;

/// Makes the house that a backup holds in an empty place. Every room gets a new `epoch`, so
/// that pages which know the old history are told to load the room anew; nobody is signed in.
///
/// # Errors
/// [`CopyFault`]; a backup is read to its end before anything is written, and what was
/// begun is removed when it cannot be finished.
pub async fn restore(file: &Path, place: &Place) -> Result<Copied> {
    let path = file.to_owned();
    let manifest = blocking(move || check(&path, &CancellationToken::new())).await?;
    if !is_known(&manifest.schema) {
        return Err(CopyFault::Newer(manifest.version).into());
    }
    let folder = place.folder();
    if !folder.is_empty().map_err(Error::Folder)? {
        return Err(CopyFault::NotEmpty(format!("files in {}", folder.path().display())).into());
    }
    let begun = Begun::at(place);
    make_private_folder(&place.data).map_err(Error::Folder)?;
    match fill(file, manifest, place, &folder).await {
        Ok(copied) => Ok(copied),
        Err(error) => {
            begun.undo();
            Err(error)
        }
    }
}

async fn fill(file: &Path, manifest: Manifest, place: &Place, folder: &Folder) -> Result<Copied> {
    let filling = Filling::begin(&place.url(), &manifest.schema).await?;
    let (sender, mut parts) = mpsc::channel(WAITING);
    let unpacking = tokio::task::spawn_blocking({
        let (file, folder) = (file.to_owned(), folder.clone());
        move || unpack(&file, manifest, &folder, &sender)
    });
    let mut filled = Ok(());
    while let Some((table, rows)) = parts.recv().await {
        filled = filling.add_rows(table, rows).await;
        if filled.is_err() {
            break;
        }
    }
    drop(parts);
    let unpacked = unpacking.await.map_err(|_| Error::Panicked)?;
    filled?;
    let copied = unpacked?;
    // The rows last: a picture in the store has its files.
    filling.finish(new_epoch).await?;
    Ok(copied)
}

/// Rows go to the store, files into the folder.
fn unpack(
    file: &Path,
    manifest: Manifest,
    folder: &Folder,
    sender: &mpsc::Sender<(Table, Vec<Fields>)>,
) -> std::result::Result<Copied, CopyFault> {
    let write_fault = |cause| CopyFault::Write { file: folder.path().to_owned(), cause };
    std::fs::create_dir_all(folder.path()).map_err(write_fault)?;
    let mut said = manifest.parts.iter();
    each_part(file, |name, bytes| {
        if matches!(name, Name::Manifest | Name::Seal) {
            return Ok(());
        }
        if said.next() != Some(&Part::of(name.to_string(), &bytes)) {
            return Err(damaged(&name, "it changed since it was checked"));
        }
        match &name {
            Name::File(room, blob, size) => folder.put(*room, blob, *size, &bytes).map_err(write_fault),
            Name::Rows(table, _) => {
                let rows = rows_of(&name, &bytes)?;
                sender.blocking_send((*table, rows)).map_err(|_| CopyFault::Incomplete)
            }
            Name::Manifest | Name::Seal => Ok(()),
        }
    })?;
    folder.sync().map_err(write_fault)?;
    Ok(manifest.copied())
}

/// What a restore that fails takes back.
struct Begun {
    files: PathBuf,
    /// Unless it was there before.
    store: Option<PathBuf>,
}

impl Begun {
    fn at(place: &Place) -> Self {
        let store = match place.url() {
            StoreUrl::Sqlite(path) if !path.exists() => Some(path),
            StoreUrl::Sqlite(_) | StoreUrl::Postgres(_) => None,
        };
        Self { files: place.folder().path().to_owned(), store }
    }

    fn undo(self) {
        let _ = std::fs::remove_dir_all(self.files);
        for end in ["", "-wal", "-shm"] {
            if let Some(store) = &self.store {
                let mut path = store.as_os_str().to_owned();
                path.push(end);
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> std::result::Result<T, CopyFault> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(job).await.map_err(|_| Error::Panicked)?;
    Ok(done?)
}

//! A house read from beside its server, by a process of its own: for backups, exports and
//! examinations. It writes nothing into the house, and the server goes on meanwhile.

use crate::backup::CopyFault;
use crate::files::{Folder, Held};
use crate::store::{DatabaseConnection, StoreUrl, whole};
use crate::{Error, Result};
use std::path::PathBuf;
use tokio::sync::oneshot;

/// Where a house has its data.
#[derive(Clone)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// As in `Options::database`.
    pub database: Option<String>,
}

impl Place {
    pub(crate) fn url(&self) -> StoreUrl {
        match &self.database {
            Some(text) => StoreUrl::parse(text),
            None => StoreUrl::Sqlite(self.data.join("salon.db")),
        }
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::of(&self.data)
    }
}

/// Reads a house. While it lives, no file of the house is removed, so that everything the
/// store names is there; only one process at a time can have that.
pub struct Keeper {
    pub(crate) db: DatabaseConnection,
    pub(crate) folder: Folder,
    pub(crate) data: PathBuf,
    _held: Held,
}

impl Keeper {
    /// Waits while another process keeps the same house.
    ///
    /// # Errors
    /// [`CopyFault::NoStore`] where there is no house; [`Error::Schema`] for a store of
    /// another version.
    pub async fn open(place: Place) -> Result<Self> {
        let folder = place.folder();
        if !folder.path().is_dir() {
            return Err(CopyFault::NoStore(folder.path().to_owned()).into());
        }
        let keep = folder.clone();
        // A thread that nobody waits for: the other process may take hours, and a server that copies
        // itself must be able to close meanwhile.
        let (sender, held) = oneshot::channel();
        std::thread::spawn(move || sender.send(keep.keep_all()));
        let held = held.await.map_err(|_| Error::Panicked)?.map_err(Error::Folder)?;
        // After the lock: what the store names from now on stays.
        let db = whole::open_to_read(&place.url()).await?;
        Ok(Self { db, folder, data: place.data, _held: held })
    }

    pub async fn close(self) -> Result<()> {
        Ok(self.db.close().await?)
    }
}

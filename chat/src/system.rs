//! How the machine under the house is doing, for its administrators.

use crate::files::disk_left;
use crate::hub::Delivered;
use crate::store::whole::{StoreKind, StoreSize, measure};
use crate::{Admin, BackupState, Chat, LastBackup, Result};

/// Sizes in bytes.
#[derive(Clone, Debug)]
pub struct SystemState {
    pub store: StoreKind,
    pub size: StoreSize,
    /// On the disk that has the data folder; `None` if the system does not say.
    pub disk_left: Option<u64>,
    /// Since when the house is open: milliseconds.
    pub up_ms: i64,
    /// Live connections, those of guests included.
    pub connections: usize,
    /// How often somebody listens to a room.
    pub listeners: usize,
    pub delivered: Delivered,
    /// As far as it was made with this data folder.
    pub last_backup: Option<LastBackup>,
    /// Those that administrators ask for.
    pub backup: BackupState,
}

impl Chat {
    pub async fn system(&self, _admin: &Admin) -> Result<SystemState> {
        // Before the note is read: one that ends meanwhile would be neither running nor noted.
        let backup = self.0.backups.state();
        let (store, size) = measure(self.store().read()).await?;
        let data = self.0.place.data.clone();
        let looked = tokio::task::spawn_blocking(move || (disk_left(&data), LastBackup::read(&data))).await;
        let (disk_left, last_backup) = looked.unwrap_or_default();
        Ok(SystemState {
            store,
            size,
            disk_left,
            up_ms: self.clock().steady() - self.0.opened_at,
            connections: self.hub().connections(),
            listeners: self.hub().listeners(),
            delivered: self.hub().delivered(),
            last_backup,
            backup,
        })
    }
}

//! Copies of a whole house in one file, made while it is open, and houses made from them.
//!
//! The file is a tar archive: the rows of every table as JSON, the files of every picture,
//! and at its end a manifest with the length and the SHA-256 of every part, sealed by its
//! own. It does not depend on the database, so a house can move from SQLite to PostgreSQL
//! and back. It holds no sessions, no invitations and no projectors' links: restoring must not
//! let those in again whose sessions were ended, or hand out again what was used up or revoked.

mod fault;
mod last;
mod manifest;
mod names;
mod now;
mod pack;
mod restore;
mod unpack;

pub use fault::CopyFault;
pub use last::LastBackup;
pub(crate) use now::Backups;
pub use now::{BackupFault, BackupState};
pub use restore::restore;

use crate::files::Kept;
use crate::keeper::Keeper;
use crate::store::DatabaseTransaction;
use crate::store::entities::{picture, upload, video};
use crate::store::whole::{self, Table};
use crate::{Clock, Error, Result};
use pack::{Pack, Piece, Terms};
use serde_json::Value as Json;
use std::path::Path;
use tokio::sync::mpsc;

/// Rows of one part: some hundred kilobytes of talk.
const ROWS: u64 = 1_000;
/// Parts that may wait to be written.
const WAITING: usize = 2;

/// A backup that was written or restored.
#[derive(Debug)]
pub struct Copied {
    pub people: u64,
    pub rooms: u64,
    pub messages: u64,
    pub pictures: u64,
    /// What was missing or damaged in the house when it was copied: the copy lacks it too.
    pub faults: Vec<String>,
}

impl Keeper {
    /// Copies everything into a new file, reads it again and compares. The file gets its name
    /// only then: one that is there is whole.
    ///
    /// # Errors
    /// [`CopyFault`]; nothing is left behind then.
    pub async fn backup(&self, file: &Path, clock: &Clock) -> Result<Copied> {
        self.backup_on(file, clock, Terms::default()).await
    }

    /// [`Keeper::backup`] on some terms.
    async fn backup_on(&self, file: &Path, clock: &Clock, terms: Terms) -> Result<Copied> {
        let pack = Pack::create(file, clock.now(), terms).map_err(Error::from)?;
        let (sender, pieces) = mpsc::channel(WAITING);
        let packing = tokio::task::spawn_blocking({
            let folder = self.folder.clone();
            move || pack.fill(pieces, &folder)
        });
        let read = self.read_all(&sender).await;
        if read.is_ok() {
            // Without this last word it is not a backup.
            let _ = sender.send(Piece::End).await;
        }
        drop(sender);
        let packed = packing.await.map_err(|_| Error::Panicked)?;
        // Reading stops when writing did, so writing knows the reason.
        match (read, packed) {
            (Err(error), Err(CopyFault::Incomplete)) => Err(error),
            (_, packed) => {
                let copied = packed?;
                self.note(LastBackup::of(file, &copied, clock.now()));
                Ok(copied)
            }
        }
    }

    /// The copy is whole whether it can be noted or not.
    fn note(&self, last: LastBackup) {
        if let Err(cause) = last.write(&self.data) {
            tracing::warn!(%cause, "the time of the backup could not be noted in the data folder");
        }
    }

    async fn read_all(&self, sender: &mpsc::Sender<Piece>) -> Result<()> {
        let tx = whole::begin(&self.db).await?;
        let mut kept = Vec::new();
        for table in Table::ALL {
            read_table(&tx, table, sender).await?;
        }
        // A row that names no files is told of by `salon doctor`.
        whole::each_row::<picture::Entity>(&tx, |row| kept.extend(Kept::of(row))).await?;
        whole::each_row::<video::Entity>(&tx, |row| kept.extend(Kept::of_video(&row))).await?;
        whole::each_row::<upload::Entity>(&tx, |row| kept.extend(Kept::of_upload(&row))).await?;
        // Before the files: a long look back keeps SQLite from emptying its log.
        tx.rollback().await?;
        for picture in kept {
            send(sender, Piece::Files(picture)).await?;
        }
        Ok(())
    }
}

async fn read_table(tx: &DatabaseTransaction, table: Table, sender: &mpsc::Sender<Piece>) -> Result<()> {
    let mut after = Vec::new();
    loop {
        let rows = whole::list_rows(tx, table, &after, ROWS).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after.clone_from(&last.key);
        let count = rows.len() as u64;
        let lines: String = rows.into_iter().map(|row| format!("{}\n", Json::Object(row.fields))).collect();
        send(sender, Piece::Rows { table, count, lines }).await?;
    }
}

async fn send(sender: &mpsc::Sender<Piece>, piece: Piece) -> Result<()> {
    sender.send(piece).await.map_err(|_| CopyFault::Incomplete.into())
}

//! Moving the log into the file of a SQLite store beside the commits: a commit that does it
//! keeps everybody waiting who is in its group.

use super::open::sqlite_options;
use super::{DatabaseConnection, DbErr};
use sea_orm::{ConnectionTrait, Database, Statement};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// About the pages that a commit writes whatever it holds, and those that each of its jobs adds.
const PAGES: (usize, usize) = (6, 2);
/// Pages after which the log is moved: 128 MiB. A page that many jobs wrote is moved once, and commits
/// take some 10 ms longer while it is done, so it is done every other second at most.
pub(super) const ENOUGH: usize = 32_000;
/// Pages after which the log begins anew: 64 MiB. As long as its file grows, every commit waits
/// for the file's length to be kept as well; but all wait while the writer moves the rest.
const LONG: i64 = 16_000;
/// Pages at which a commit moves the log by itself, should nobody else: 256 MiB.
pub(super) const TOO_LONG: u32 = 65_536;

const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Moves the log when there is enough of it.
pub(super) struct Checkpoints {
    /// About the pages since it was asked for last.
    pages: usize,
    wanted: mpsc::Sender<()>,
    /// Whether the log is long, and nearly all of it was moved a moment ago.
    is_ripe: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Checkpoints {
    pub fn start(path: PathBuf) -> Self {
        let (wanted, asked) = mpsc::channel(1);
        let is_ripe = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(run(path, asked, is_ripe.clone()));
        Self { pages: 0, wanted, is_ripe, task }
    }

    /// To be called by the writer between commits, with the jobs of the last one.
    pub async fn between(&mut self, writer: &DatabaseConnection, jobs: usize) {
        self.pages += PAGES.0 + PAGES.1 * jobs;
        if self.pages >= ENOUGH && self.wanted.try_send(()).is_ok() {
            self.pages = 0;
        }
        // While somebody writes without a pause there is always a rest, and only the writer can
        // move it and write nothing meanwhile: then the log begins anew instead of growing.
        if self.is_ripe.swap(false, Ordering::Relaxed)
            && let Err(cause) = writer.execute_unprepared(MOVE).await
        {
            tracing::warn!(%cause, "the rest of the write-ahead log was not moved");
        }
    }

    /// Waits until nothing is moved any more.
    pub async fn end(self) {
        drop(self.wanted);
        if let Err(cause) = self.task.await {
            tracing::warn!(%cause, "moving the write-ahead log ended badly");
        }
    }
}

async fn run(path: PathBuf, mut asked: mpsc::Receiver<()>, is_ripe: Arc<AtomicBool>) {
    let mut own: Option<DatabaseConnection> = None;
    while asked.recv().await.is_some() {
        match moved(own.take(), &path).await {
            Ok((db, pages)) => {
                own = Some(db);
                is_ripe.store(pages >= LONG, Ordering::Relaxed);
            }
            // The log only grows; above `TOO_LONG` the commits move it.
            Err(cause) => tracing::warn!(%cause, "the write-ahead log was not moved"),
        }
    }
    if let Some(db) = own
        && let Err(cause) = db.close().await
    {
        tracing::warn!(%cause, "a connection did not close");
    }
}

/// On a connection of its own: neither readers nor the writer wait for it. Gives back how long
/// the log is, in pages.
async fn moved(own: Option<DatabaseConnection>, path: &Path) -> Result<(DatabaseConnection, i64), DbErr> {
    let db = match own {
        Some(db) => db,
        None => Database::connect(sqlite_options(path, 1)).await?,
    };
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), MOVE)).await?;
    // Whether it was kept from it, the pages of the log, and those that were moved.
    let pages = row.map(|row| row.try_get_by_index(1)).transpose()?;
    Ok((db, pages.unwrap_or_default()))
}

//! Moving the log into the file of a SQLite store beside the commits: a commit that does it
//! keeps everybody waiting who is in its group. On a thread that gives way to all others: a move
//! takes 10 ms of a core, which on a server of one core is every message's.

use super::open::sqlite_options;
use super::{DatabaseConnection, DbErr};
use crate::priority::give_way;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, Statement};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// About the pages that a commit writes whatever it holds, and those that each of its jobs adds.
const PAGES: (usize, usize) = (6, 2);
/// Pages after which the log is moved: 128 MiB. A page that many jobs wrote is moved once, so it is
/// done every other second at most.
pub(super) const ENOUGH: usize = 32_000;
/// Pages after which the log begins anew: 64 MiB. As long as its file grows, every commit waits
/// for the file's length to be kept as well; but all wait while the writer moves the rest.
const LONG: i64 = 16_000;
/// Pages at which a commit moves the log by itself, should nobody else: 256 MiB.
pub(super) const TOO_LONG: u32 = 65_536;
/// How long a group of writes waits for the move when a third log is full already: where others
/// leave the thread that gives way next to nothing of a core, who writes gives way as well.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a server that stops waits for the last move, where others leave that thread nothing.
const LAST: Duration = Duration::from_secs(5);

const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Moves the log when there is enough of it.
pub(super) struct Checkpoints {
    /// About the pages since it was asked for last.
    pages: usize,
    wanted: mpsc::Sender<()>,
    /// Whether the log is long, and nearly all of it was moved a moment ago.
    is_ripe: Arc<AtomicBool>,
    /// When nothing is moved any more.
    ended: oneshot::Receiver<()>,
}

impl Checkpoints {
    pub fn start(path: PathBuf) -> Self {
        let (wanted, asked) = mpsc::channel(1);
        let is_ripe = Arc::new(AtomicBool::new(false));
        let (over, ended) = oneshot::channel();
        let (runtime, ripe) = (Handle::current(), is_ripe.clone());
        let work = move || {
            // Also the thread that SQLite's connection has, which is started by this one.
            give_way();
            runtime.block_on(run(path, asked, ripe));
            let _ = over.send(());
        };
        if let Err(cause) = std::thread::Builder::new().name("checkpoints".to_owned()).spawn(work) {
            tracing::error!(%cause, "the commits have to move the write-ahead log themselves");
        }
        Self { pages: 0, wanted, is_ripe, ended }
    }

    /// To be called by the writer between commits, with the jobs of the last one.
    pub async fn between(&mut self, writer: &DatabaseConnection, jobs: usize) {
        self.pages += PAGES.0 + PAGES.1 * jobs;
        if self.pages >= ENOUGH && matches!(timeout(PAUSE, self.wanted.send(())).await, Ok(Ok(()))) {
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

    /// Waits until nothing is moved any more, or a few seconds: what is left in the log is read at
    /// the next start.
    pub async fn end(self) {
        drop(self.wanted);
        // `Ok(Err(_))` if there was no thread.
        if timeout(LAST, self.ended).await.is_err() {
            tracing::warn!("the write-ahead log is still being moved");
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
        None => Database::connect(options(path)).await?,
    };
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), MOVE)).await?;
    // Whether it was kept from it, the pages of the log, and those that were moved.
    let pages = row.map(|row| row.try_get_by_index(1)).transpose()?;
    Ok((db, pages.unwrap_or_default()))
}

fn options(path: &Path) -> ConnectOptions {
    let mut options = sqlite_options(path, 1);
    // So that it is this thread that connects: what a pool has at least, a task of its own brings,
    // on a thread of the runtime.
    options.min_connections(0);
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[tokio::test]
    async fn who_writes_waits_a_moment_for_a_move_that_gets_no_core() {
        let (wanted, mut asked) = mpsc::channel(1);
        let mut checkpoints = Checkpoints { pages: 0, wanted, is_ripe: Arc::default(), ended: oneshot::channel().1 };
        let writer = DatabaseConnection::default();
        let began = Instant::now();
        checkpoints.between(&writer, ENOUGH).await;
        assert!(began.elapsed() < PAUSE && checkpoints.pages == 0, "asked for");
        for waited in 1..=3 {
            checkpoints.between(&writer, ENOUGH).await;
            assert!(began.elapsed() >= PAUSE * waited && checkpoints.pages > ENOUGH, "a moment each time");
        }
        asked.recv().await.unwrap();
        let waited = began.elapsed();
        checkpoints.between(&writer, 1).await;
        assert!(began.elapsed() - waited < PAUSE && checkpoints.pages == 0, "asked for again");
    }

    #[tokio::test]
    async fn who_stops_does_not_wait_for_ever_for_a_move_that_gets_no_core() {
        let (_never, ended) = oneshot::channel();
        let checkpoints = Checkpoints { pages: 0, wanted: mpsc::channel(1).0, is_ripe: Arc::default(), ended };
        let began = Instant::now();
        checkpoints.end().await;
        assert!(began.elapsed() >= LAST && began.elapsed() < 2 * LAST);
    }

    /// The scheduling policies of the threads of this name. (proc_pid_stat(5), field 41)
    #[cfg(target_os = "linux")]
    fn policies(name: &str) -> Vec<String> {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
        let stats = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
        let policy = |stat: String| {
            let rest = stat.split_once(&format!("({name}) "))?.1;
            rest.split(' ').nth(38).map(str::to_owned)
        };
        stats.filter_map(policy).collect()
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_log_is_moved_by_a_thread_that_gives_way() {
        const IDLE: &str = "5";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("salon.db");
        let writer = Database::connect(sqlite_options(&path, 1)).await.unwrap();
        let mut checkpoints = Checkpoints::start(path);
        checkpoints.between(&writer, ENOUGH).await;
        let until = Instant::now() + Duration::from_secs(60);
        while !policies("sqlx-sqlite-wor").iter().any(|policy| policy == IDLE) {
            assert!(Instant::now() < until, "SQLite's thread of who moves the log does not give way");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(policies("checkpoints").iter().all(|policy| policy == IDLE));
        checkpoints.end().await;
        assert!(policies("sqlx-sqlite-wor").iter().any(|policy| policy != IDLE), "but not the writer's");
    }
}

//! The store: connections, transactions, and the only place that knows the database.
//!
//! Writes go through [`Store::write`] and [`Store::write_in`]; an answer from them means
//! that the change is on disk. The queries of a noun are functions in `store/<noun>.rs`.

pub mod accounts;
pub mod api_keys;
pub mod attempts;
pub mod audit;
pub mod blocks;
mod checkpoint;
pub mod contacts;
pub mod conversations;
pub mod deeds;
pub mod deliveries;
pub mod directory;
pub mod drafts;
pub mod embed;
pub mod entities;
pub mod events;
pub mod fault;
pub mod held;
pub mod hidden;
pub mod ignored;
pub mod invites;
pub mod join_requests;
pub mod kiosks;
pub mod leases;
pub mod lines;
pub mod links;
mod lookup;
pub mod members;
pub mod mentions;
pub mod message_pages;
pub mod messages;
mod migrations;
pub mod once;
mod open;
mod others;
pub mod outside;
pub mod panels;
pub mod passages;
pub mod people;
pub mod people_pages;
pub mod pictures;
pub mod posts;
mod publisher;
pub mod push;
pub mod reactions;
pub mod reports;
pub mod restrictions;
pub mod rooms;
mod rows;
pub mod search;
pub mod sent_files;
pub mod sessions;
pub mod stage;
#[cfg(test)]
mod tests;
pub mod traces;
mod tx;
pub mod unread;
pub mod uploads;
pub mod webhooks;
pub mod whole;
pub mod words;
mod writer;

pub use open::StoreUrl;
pub use sea_orm::{ConnectionTrait as Connection, DatabaseConnection, DatabaseTransaction, DbErr};
pub use tx::Tx;

use crate::clock::Clock;
use crate::hub::Hub;
use crate::known::{Footing, Known};
use crate::{Error, Problem, Result};
use domain::{PersonId, RoomId};
use futures::future::BoxFuture;
use lookup::Lookup;
use posts::{Kept, NewPost, Post};
use publisher::{Publisher, publisher};
use sea_orm::{AccessMode, DbBackend, IsolationLevel, TransactionTrait};
use sessions::Signed;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard, mpsc, oneshot};
use tokio_util::task::TaskTracker;
use writer::{Asked, GROUP, Job, Work};

/// Rooms share this many locks on PostgreSQL; more would only cost memory.
const LANES: usize = 64;

/// Jobs that may wait for the writer before a caller has to wait for a place.
const QUEUE: usize = 1_024;

/// How long a caller waits for a place in the queue before it is told [`Problem::Unavailable`].
const PATIENCE: Duration = Duration::from_secs(5);

/// A handle to the store; clones share everything.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    read: DatabaseConnection,
    sessions: Lookup<String, Signed>,
    standings: Lookup<(RoomId, PersonId), Footing>,
    writing: Writing,
    /// `None` once closed.
    publisher: std::sync::Mutex<Option<Publisher>>,
    clock: Clock,
    /// Everything that must end before the store is closed.
    tasks: TaskTracker,
}

enum Writing {
    /// SQLite: one writer that commits in groups. `None` once closed.
    Grouped(std::sync::Mutex<Option<mpsc::Sender<Work>>>),
    /// PostgreSQL: one transaction per job, and one for all messages that wait. A lane keeps
    /// a room's commits and their publication in the order of their `seq`.
    Each { lanes: Arc<[Mutex<()>]>, posts: std::sync::Mutex<Option<mpsc::Sender<Post>>> },
}

impl Store {
    /// Opens the store, creating it when it is empty.
    ///
    /// # Errors
    /// [`Error::Schema`] if it was written by another version and `migrate` does not allow
    /// to bring it up to date, or is newer than this program.
    pub async fn open(url: &StoreUrl, migrate: bool, heard: (Hub, Known), clock: Clock) -> Result<Self> {
        let opened = open::open(url, migrate).await?;
        let tasks = TaskTracker::new();
        let (publisher, telling) = publisher(heard.0, heard.1);
        tasks.spawn(telling);
        let writing = match opened.writer {
            Some(writer) => {
                let (sender, jobs) = mpsc::channel(QUEUE);
                tasks.spawn(writer::run(writer, jobs, publisher.clone(), clock.clone()));
                Writing::Grouped(std::sync::Mutex::new(Some(sender)))
            }
            None => {
                let lanes: Arc<[Mutex<()>]> = (0..LANES).map(|_| Mutex::new(())).collect();
                let (sender, posts) = mpsc::channel(QUEUE);
                tasks.spawn(keep_posts(opened.read.clone(), lanes.clone(), posts, publisher.clone(), clock.clone()));
                Writing::Each { lanes, posts: std::sync::Mutex::new(Some(sender)) }
            }
        };
        let publisher = std::sync::Mutex::new(Some(publisher));
        let read = opened.read;
        let (db, other) = (read.clone(), read.clone());
        let sessions = Lookup::start(move |tokens| {
            let db = db.clone();
            Box::pin(async move { sessions::find_by_tokens(&db, tokens).await })
        });
        let standings = Lookup::start(move |wanted| {
            let db = other.clone();
            Box::pin(async move { restrictions::find_standings(&db, wanted).await })
        });
        Ok(Self(Arc::new(Inner { read, sessions, standings, writing, publisher, clock, tasks })))
    }

    /// For reading. Nothing is ever written here.
    pub fn read(&self) -> &DatabaseConnection {
        &self.0.read
    }

    /// The session behind a token's hash, with its person.
    pub async fn find_session(&self, token_hash: &str) -> Result<Option<Signed>> {
        self.0.sessions.find(token_hash.to_owned()).await
    }

    /// What somebody is in a room, and may not do there.
    pub async fn find_standing(&self, room: RoomId, person: PersonId) -> Result<Footing> {
        Ok(self.0.standings.find((room, person)).await?.unwrap_or_default())
    }

    /// Whether nobody else serves from this store: SQLite's file belongs to one server.
    pub fn is_alone(&self) -> bool {
        matches!(self.0.writing, Writing::Grouped(_))
    }

    /// Runs `job` in a write transaction; the answer comes after the commit reached the disk
    /// and what it recorded was published. The job runs to its end even if the caller goes away.
    ///
    /// # Errors
    /// The job's own, in which case nothing of it is kept; [`Error::Database`] when the
    /// commit fails; [`Problem::Unavailable`] when the store is closed or too busy.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.enqueue(&[], job).await
    }

    /// Like [`Store::write`], for everything that records or publishes events of `room`.
    pub async fn write_in<T, F>(&self, room: RoomId, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.enqueue(&[room], job).await
    }

    /// The same for what happens in two rooms in one step.
    pub async fn write_in_both<T, F>(&self, rooms: [RoomId; 2], job: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.enqueue(&rooms, job).await
    }

    /// Keeps a message at the next place of its room, together with all that wait. The answer
    /// comes as with [`Store::write`].
    ///
    /// # Errors
    /// [`Problem::NotFound`] if there is no such room; [`Problem::Taken`] if the author used
    /// the client id in another one; those of [`Store::write`].
    pub async fn post(&self, new: NewPost) -> Result<Kept> {
        let (answer, result) = oneshot::channel();
        let post = Post::new(new, answer);
        match &self.0.writing {
            Writing::Grouped(queue) => enqueue(queue, Work::Post(Box::new(post))).await?,
            Writing::Each { posts, .. } => enqueue(posts, post).await?,
        }
        result.await.unwrap_or_else(|_| Err(Problem::Unavailable.into()))
    }

    /// Several reads of one and the same state.
    pub async fn read_at_once<T, F>(&self, job: F) -> Result<T>
    where
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T>> + Send,
    {
        let tx = begin_read(self.read()).await?;
        let result = job(&tx).await;
        tx.rollback().await?;
        result
    }

    /// Whether the store answers.
    pub async fn answers(&self) -> bool {
        self.read().execute_unprepared("SELECT 1").await.is_ok()
    }

    /// Finishes what is queued, moves the log into the file and closes. Later writes are
    /// refused with [`Problem::Unavailable`].
    pub async fn close(&self) {
        match &self.0.writing {
            Writing::Grouped(queue) => drop(locked(queue).take()),
            Writing::Each { posts, .. } => drop(locked(posts).take()),
        }
        drop(locked(&self.0.publisher).take());
        self.0.tasks.close();
        self.0.tasks.wait().await;
        if let Err(cause) = self.0.read.close_by_ref().await {
            tracing::warn!(%cause, "the store did not close cleanly");
        }
    }

    async fn enqueue<T, F>(&self, rooms: &[RoomId], job: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let asked: Box<dyn Job> = Box::new(Asked::new(job, answer));
        match &self.0.writing {
            Writing::Grouped(queue) => enqueue(queue, Work::Job(asked)).await?,
            Writing::Each { .. } => {
                let publisher = locked(&self.0.publisher).clone();
                let Some(publisher) = publisher else { return Err(Problem::Unavailable.into()) };
                // Its own task, so that a caller that goes away cannot part a commit from
                // its publication.
                let store = self.clone();
                let wanted: BTreeSet<usize> = rooms.iter().copied().map(lane_of).collect();
                self.0.tasks.spawn(async move { store.write_alone(wanted, asked, &publisher).await });
            }
        }
        result.await.unwrap_or_else(|_| Err(Problem::Unavailable.into()))
    }

    /// One job, one transaction (PostgreSQL).
    async fn write_alone(&self, wanted: BTreeSet<usize>, job: Box<dyn Job>, publisher: &Publisher) {
        let Inner { read, writing: Writing::Each { lanes, .. }, clock, .. } = &*self.0 else { return };
        let _in_order = take_lanes(lanes, wanted).await;
        writer::run_alone(read, job, publisher, clock).await;
    }
}

/// Puts something into a queue, or says after a while that there is no place in it.
async fn enqueue<T>(queue: &std::sync::Mutex<Option<mpsc::Sender<T>>>, one: T) -> Result<()> {
    let queue = locked(queue).clone();
    let queue = queue.ok_or(Problem::Unavailable)?;
    Ok(queue.send_timeout(one, PATIENCE).await.map_err(|_| Problem::Unavailable)?)
}

/// Keeps messages as they come (PostgreSQL), in one transaction for all that wait.
async fn keep_posts(
    db: DatabaseConnection,
    lanes: Arc<[Mutex<()>]>,
    mut queue: mpsc::Receiver<Post>,
    publisher: Publisher,
    clock: Clock,
) {
    let mut group = Vec::with_capacity(GROUP);
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let wanted: BTreeSet<usize> = group.iter().map(|post: &Post| lane_of(post.room())).collect();
        let _in_order = take_lanes(&lanes, wanted).await;
        writer::run_posts_alone(&db, std::mem::take(&mut group), &publisher, &clock).await;
    }
}

/// Always in the same sequence, so that nobody waits for somebody who waits for them.
async fn take_lanes(lanes: &[Mutex<()>], wanted: BTreeSet<usize>) -> Vec<MutexGuard<'_, ()>> {
    let mut taken = Vec::with_capacity(wanted.len());
    for lane in wanted {
        taken.push(lanes[lane].lock().await);
    }
    taken
}

fn lane_of(room: RoomId) -> usize {
    room.0.unsigned_abs() as usize % LANES
}

fn locked<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A transaction that only reads, and one and the same state.
async fn begin_read(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    // On SQLite every transaction reads one snapshot; PostgreSQL has to be asked for it.
    Ok(match db.get_database_backend() {
        DbBackend::Postgres => {
            db.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await?
        }
        _ => db.begin().await?,
    })
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        Self::Database(cause)
    }
}

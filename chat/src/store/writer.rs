//! Group commit: what is queued now shares one transaction and one `fsync`.

use super::open::{self, Writer};
use super::others::Others;
use super::posts::{self, Post};
use super::publisher::Publisher;
use super::tx::News;
use super::{DatabaseConnection, DatabaseTransaction, DbErr, Tx};
use crate::clock::Clock;
use crate::{Error, Problem, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::panic::AssertUnwindSafe;
use tokio::sync::{mpsc, oneshot};

/// Most jobs of one group: enough to share an `fsync`, short enough not to keep the first waiting.
pub(super) const GROUP: usize = 256;

/// A job whose type is forgotten, so that different ones can share a queue.
pub(super) trait Job: Send {
    /// Does the work; whether it is to be kept.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool>;
    /// Answers the caller, who hears of success only if the commit succeeded.
    fn finish(self: Box<Self>, commit: std::result::Result<(), DbErr>);
}

/// A job and where its answer goes.
pub(super) struct Asked<T, F> {
    job: Option<F>,
    result: Result<T>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Asked<T, F> {
    pub(super) fn new(job: F, answer: oneshot::Sender<Result<T>>) -> Self {
        // Answered as it is if the job is never run because the transaction could not begin.
        Self { job: Some(job), result: Err(Problem::Unavailable.into()), answer }
    }
}

impl<T, F> Job for Asked<T, F>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            if let Some(job) = self.job.take() {
                // A panic costs this job its changes and nobody else anything.
                let ran = AssertUnwindSafe(async { job(tx).await }).catch_unwind().await;
                self.result = ran.unwrap_or(Err(Error::Panicked));
            }
            self.result.is_ok()
        })
    }

    fn finish(self: Box<Self>, commit: std::result::Result<(), DbErr>) {
        match commit {
            Err(cause) if self.job.is_some() => answer(self.answer, Err(cause.into()), Ok(())),
            commit => answer(self.answer, self.result, commit),
        }
    }
}

/// What waits for the writer.
pub(super) enum Work {
    Job(Box<dyn Job>),
    Post(Box<Post>),
}

impl Work {
    fn finish(self, commit: std::result::Result<(), DbErr>) {
        match self {
            Self::Job(job) => job.finish(commit),
            Self::Post(post) => post.finish(commit),
        }
    }
}

/// Success counts only if the commit succeeded. The caller may have gone away; its change stays.
pub(super) fn answer<T>(to: oneshot::Sender<Result<T>>, result: Result<T>, commit: std::result::Result<(), DbErr>) {
    let result = match commit {
        Err(cause) if result.is_ok() => Err(cause.into()),
        Ok(()) | Err(_) => result,
    };
    let _ = to.send(result);
}

/// The writer of a SQLite store; ends when the queue is closed and empty.
pub(super) async fn run(mut writer: Writer, mut queue: mpsc::Receiver<Work>, publisher: Publisher, clock: Clock) {
    let mut checkpoints = writer.checkpoints();
    let mut others = Others::new(publisher.known.clone());
    let mut group: Vec<Work> = Vec::with_capacity(GROUP);
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let jobs = group.len();
        let (outcome, finished) = match commit_group(&writer.db, std::mem::take(&mut group), &clock).await {
            (Ok(news), finished) => {
                publisher.publish(news).await;
                (Ok(()), finished)
            }
            (Err(cause), mut finished) => {
                tracing::error!(%cause, jobs = finished.len(), "a group of writes could not be committed");
                // Who waited behind it waited as long for the same: they are not made to wait
                // for the next failure too.
                while let Ok(work) = queue.try_recv() {
                    finished.push(work);
                }
                (Err(cause), finished)
            }
        };
        let failed = outcome.is_err();
        for work in finished {
            work.finish(outcome.clone());
        }
        if failed {
            renew(&mut writer).await;
            others.renewed();
        }
        others.between(&writer.db).await;
        checkpoints.between(&writer.db, jobs).await;
    }
    checkpoints.end().await;
    open::close_writer(writer).await;
}

/// A connection whose transaction SQLite ended by itself (disk full, I/O error) does not know
/// how deep it is any more; a new one does.
async fn renew(writer: &mut Writer) {
    match writer.connect().await {
        Ok(db) => {
            let old = std::mem::replace(&mut writer.db, db);
            if let Err(cause) = old.close().await {
                tracing::warn!(%cause, "a broken connection did not close");
            }
        }
        Err(cause) => tracing::error!(%cause, "the store cannot be reopened; the next write tries again"),
    }
}

/// Does the work in its order, and gives it back to be answered.
async fn commit_group(
    db: &DatabaseConnection,
    group: Vec<Work>,
    clock: &Clock,
) -> (std::result::Result<News, DbErr>, Vec<Work>) {
    let mut parts = parts(group);
    let outcome = commit_parts(db, &mut parts, clock).await;
    let back = parts.into_iter().flat_map(|part| match part {
        Part::Job(job) => vec![Work::Job(job)],
        Part::Posts(posts) => posts.into_iter().map(|post| Work::Post(Box::new(post))).collect(),
    });
    (outcome, back.collect())
}

/// Messages that follow each other are kept together.
enum Part {
    Job(Box<dyn Job>),
    Posts(Vec<Post>),
}

fn parts(group: Vec<Work>) -> Vec<Part> {
    let mut parts = Vec::new();
    for work in group {
        match (work, parts.last_mut()) {
            (Work::Post(post), Some(Part::Posts(posts))) => posts.push(*post),
            (Work::Post(post), _) => parts.push(Part::Posts(vec![*post])),
            (Work::Job(job), _) => parts.push(Part::Job(job)),
        }
    }
    parts
}

async fn commit_parts(db: &DatabaseConnection, parts: &mut [Part], clock: &Clock) -> std::result::Result<News, DbErr> {
    if let [Part::Posts(posts)] = parts {
        return posts::keep_alone(db, posts, clock).await.map(News::from);
    }
    let all = begin(db).await?;
    let mut news = News::default();
    for part in parts {
        match part {
            Part::Posts(posts) => news.append(posts::keep(&all, posts, clock).await?.into()),
            Part::Job(job) => {
                let mut tx = Tx::new(all.begin().await?, clock.now());
                if job.run(&mut tx).await {
                    news.append(tx.commit().await?);
                } else {
                    tx.rollback().await?;
                }
            }
        }
    }
    all.commit().await?;
    Ok(news)
}

/// Immediate: a transaction that begins by reading and then writes could otherwise meet
/// another process in between and fail at once, whatever the busy timeout. (SQLite)
pub(super) async fn begin(db: &DatabaseConnection) -> std::result::Result<DatabaseTransaction, DbErr> {
    let mode = (db.get_database_backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
    db.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() }).await
}

/// Messages in a transaction of their own.
pub(super) async fn run_posts_alone(
    db: &DatabaseConnection,
    mut posts: Vec<Post>,
    publisher: &Publisher,
    clock: &Clock,
) {
    let outcome = match posts::keep_alone(db, &mut posts, clock).await {
        Ok(events) => {
            publisher.publish(events.into()).await;
            Ok(())
        }
        Err(cause) => Err(cause),
    };
    posts.into_iter().for_each(|post| post.finish(outcome.clone()));
}

/// One job in a transaction of its own.
pub(super) async fn run_alone(db: &DatabaseConnection, mut job: Box<dyn Job>, publisher: &Publisher, clock: &Clock) {
    let outcome = match commit_alone(db, &mut *job, clock).await {
        Ok(news) => {
            publisher.publish(news).await;
            Ok(())
        }
        Err(cause) => Err(cause),
    };
    job.finish(outcome);
}

async fn commit_alone(db: &DatabaseConnection, job: &mut dyn Job, clock: &Clock) -> std::result::Result<News, DbErr> {
    let mut tx = Tx::new(db.begin().await?, clock.now());
    if job.run(&mut tx).await {
        tx.commit().await
    } else {
        tx.rollback().await?;
        Ok(News::default())
    }
}

//! Group commit: what is queued now shares one transaction and one `fsync`.

use super::open::{self, Writer};
use super::{DatabaseConnection, DbErr, Tx};
use crate::clock::Clock;
use crate::hub::Hub;
use crate::{Error, Problem, Result};
use domain::event::Event;
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::panic::AssertUnwindSafe;
use tokio::sync::{mpsc, oneshot};

/// Most jobs of one group: enough to share an `fsync`, short enough not to keep the first waiting.
const GROUP: usize = 256;

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
        let never_ran = self.job.is_some();
        let result = match commit {
            Err(cause) if never_ran || self.result.is_ok() => Err(cause.into()),
            Ok(()) | Err(_) => self.result,
        };
        // The caller may have gone away; its change stays.
        let _ = self.answer.send(result);
    }
}

/// The writer of a SQLite store; ends when the queue is closed and empty.
pub(super) async fn run(mut writer: Writer, mut jobs: mpsc::Receiver<Box<dyn Job>>, hub: Hub, clock: Clock) {
    let mut group: Vec<Box<dyn Job>> = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        let outcome = match commit_group(&writer.db, &mut group, &clock).await {
            Ok(events) => {
                events.iter().for_each(|event| hub.publish(event));
                Ok(())
            }
            Err(cause) => {
                tracing::error!(%cause, jobs = group.len(), "a group of writes could not be committed");
                Err(cause)
            }
        };
        let failed = outcome.is_err();
        for job in group.drain(..) {
            job.finish(outcome.clone());
        }
        if failed {
            renew(&mut writer).await;
        }
    }
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

async fn commit_group(
    db: &DatabaseConnection,
    group: &mut [Box<dyn Job>],
    clock: &Clock,
) -> std::result::Result<Vec<Event>, DbErr> {
    // Immediate: a transaction that begins by reading and then writes could otherwise meet
    // another process in between and fail at once, whatever the busy timeout.
    let mode = Some(SqliteTransactionMode::Immediate);
    let all = db.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() }).await?;
    let mut events = Vec::new();
    for job in group {
        let mut tx = Tx::new(all.begin().await?, clock.now());
        if job.run(&mut tx).await {
            events.append(&mut tx.commit().await?);
        } else {
            tx.rollback().await?;
        }
    }
    all.commit().await?;
    Ok(events)
}

/// One job in a transaction of its own.
pub(super) async fn run_alone(db: &DatabaseConnection, mut job: Box<dyn Job>, hub: &Hub, clock: &Clock) {
    let outcome = match commit_alone(db, &mut *job, clock).await {
        Ok(events) => {
            events.iter().for_each(|event| hub.publish(event));
            Ok(())
        }
        Err(cause) => Err(cause),
    };
    job.finish(outcome);
}

async fn commit_alone(
    db: &DatabaseConnection,
    job: &mut dyn Job,
    clock: &Clock,
) -> std::result::Result<Vec<Event>, DbErr> {
    let mut tx = Tx::new(db.begin().await?, clock.now());
    if job.run(&mut tx).await {
        tx.commit().await
    } else {
        tx.rollback().await?;
        Ok(Vec::new())
    }
}

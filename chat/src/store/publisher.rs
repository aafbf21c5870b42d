//! From a commit to those who listen, in the order of the commits. A task of its own: the
//! next group is committed while the last one is told.

use super::tx::News;
use crate::hub::Hub;
use crate::known::Known;
use domain::event::Event;
use std::time::Instant;
use tokio::sync::mpsc;

/// Commits that may wait to be told; then the next commit waits.
const WAITING: usize = 64;

/// Where commits are announced. The task ends when the last one is dropped.
#[derive(Clone)]
pub(super) struct Publisher {
    pub known: Known,
    commits: mpsc::Sender<(Instant, Vec<Event>)>,
}

/// A publisher, and the task that has to be run for it.
pub(super) fn publisher(hub: Hub, known: Known) -> (Publisher, impl Future<Output = ()>) {
    let (commits, committed) = mpsc::channel(WAITING);
    (Publisher { known, commits }, tell(hub, committed))
}

impl Publisher {
    /// Announces what one commit holds. When it returns, access is judged by it.
    pub async fn publish(&self, News { events, changed }: News) {
        self.known.forget(&events, &changed);
        if !events.is_empty() && self.commits.send((Instant::now(), events)).await.is_err() {
            tracing::error!("a commit was not told to those who listen: they find it when they come back");
        }
    }
}

/// Commits that came meanwhile are told together.
async fn tell(hub: Hub, mut committed: mpsc::Receiver<(Instant, Vec<Event>)>) {
    let mut commits = Vec::with_capacity(WAITING);
    while committed.recv_many(&mut commits, WAITING).await > 0 {
        let times: Vec<Instant> = commits.iter().map(|(at, _)| *at).collect();
        let events: Vec<Event> = commits.drain(..).flat_map(|(_, events)| events).collect();
        if hub.publish(&events) {
            times.into_iter().for_each(|at| hub.note_delivery(at.elapsed()));
        }
    }
}

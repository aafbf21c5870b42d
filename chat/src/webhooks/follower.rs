//! Moves webhooks on in the logs of their rooms, behind the commits. Which deliveries there are and how
//! far the webhook has come is one transaction: whenever this process ends, the next one goes on there.

use super::deliveries::KEPT_MS;
use crate::store::events::list_events_after;
use crate::store::webhooks::{self as rows, Behind};
use crate::store::{Tx, deliveries};
use crate::{Chat, House, Result};
use domain::event::Event;
use domain::webhook::kind_of;
use std::sync::Weak;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often it is looked whether anything was committed or is due.
const LOOK: Duration = Duration::from_millis(250);
/// How often, on PostgreSQL, for what other servers have committed and not told.
const LOOK_FOR_OTHERS: Duration = Duration::from_secs(2);
/// Events that are read at once for one webhook.
const AT_ONCE: usize = 200;
/// How often each webhook is moved before it is looked what can be sent.
const STEPS: u32 = 4;

/// What was seen last.
struct Seen {
    /// `None` while there may be more.
    commits: Option<u64>,
    /// When something is due.
    next_at: Option<i64>,
    at: Instant,
}

impl Seen {
    fn is_old(&self, chat: &Chat) -> bool {
        if !chat.store().is_alone() && self.at.elapsed() >= LOOK_FOR_OTHERS {
            return true;
        }
        let is_due = self.next_at.is_some_and(|at| at <= chat.now());
        chat.0.hooks.any.load(Ordering::Relaxed) && (is_due || self.commits != Some(chat.commits()))
    }
}

/// Follows and sends until the house is closed or dropped.
pub(crate) async fn start(chat: &Chat) -> Result<()> {
    chat.0.hooks.any.store(rows::has_any(chat.store().read()).await?, Ordering::Relaxed);
    let closing = chat.0.closing.clone();
    let house = std::sync::Arc::downgrade(&chat.0);
    tokio::spawn(async move {
        closing.run_until_cancelled(rounds(house)).await;
    });
    Ok(())
}

async fn rounds(house: Weak<House>) {
    let mut seen = Seen { commits: None, next_at: None, at: Instant::now() };
    let mut was_poked = false;
    loop {
        let Some(chat) = house.upgrade().map(Chat) else { return };
        if was_poked || seen.is_old(&chat) {
            match chat.look_after_webhooks().await {
                Ok(now) => seen = now,
                Err(cause) => tracing::warn!(%cause, "webhooks are behind; it is tried again"),
            }
        }
        was_poked = tokio::time::timeout(LOOK, chat.0.hooks.poke.notified()).await.is_ok();
    }
}

impl Chat {
    /// Moves webhooks on, and has sent what is due.
    async fn look_after_webhooks(&self) -> Result<Seen> {
        let (commits, at) = (self.commits(), Instant::now());
        let any = rows::has_any(self.store().read()).await?;
        self.0.hooks.any.store(any, Ordering::Relaxed);
        if !any {
            return Ok(Seen { commits: Some(commits), next_at: None, at });
        }
        let is_done = self.move_webhooks().await?;
        self.send_due().await?;
        let next_at = deliveries::find_next_at(self.store().read()).await?;
        Ok(Seen { commits: is_done.then_some(commits), next_at, at })
    }

    /// Whether all have come as far as they may. One that cannot be moved keeps no other from it.
    async fn move_webhooks(&self) -> Result<bool> {
        for _ in 0..STEPS {
            let (mut is_done, mut is_broken) = (true, false);
            for behind in rows::list_behind(self.store().read()).await? {
                let id = behind.id;
                match self.move_webhook(behind).await {
                    Ok(moved) => is_done &= !moved,
                    Err(cause) => {
                        tracing::warn!(%cause, webhook = %id, "a webhook is behind; it is tried again");
                        is_broken = true;
                    }
                }
            }
            if is_done {
                return Ok(!is_broken);
            }
        }
        Ok(false)
    }

    /// Whether it was moved; another server may have been faster.
    async fn move_webhook(&self, behind: Behind) -> Result<bool> {
        let Behind { id, room, seq, last, target } = behind;
        let mut events = list_events_after(self.store().read(), room, seq, AT_ONCE).await?;
        // What came after may not be complete: it is read by several queries.
        events.retain(|event| event.seq <= last);
        let is_whole = events.iter().map(|event| event.seq).eq((seq + 1..=last).take(AT_ONCE));
        if !is_whole {
            tracing::error!(%room, after = seq, to = last, "places of a room are missing in the store");
        }
        let to = events.last().filter(|_| events.len() >= AT_ONCE).map_or(last, |event| event.seq);
        let wanted = |event: Event| {
            let kind = kind_of(&event.what);
            target.wants(kind).then(|| (event.seq, kind.to_owned()))
        };
        let wanted: Vec<(i64, String)> = events.into_iter().filter_map(wanted).collect();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if !rows::advance(tx.db(), id, seq, to).await? {
                    return Ok(false);
                }
                deliveries::create_deliveries(tx.db(), id, wanted, tx.now()).await?;
                deliveries::prune(tx.db(), id).await?;
                Ok(true)
            })
        });
        write.await
    }
}

/// Forgets what was sent long ago.
pub(crate) async fn tidy(tx: &Tx) -> Result<()> {
    Ok(deliveries::remove_before(tx.db(), tx.now() - KEPT_MS).await?)
}

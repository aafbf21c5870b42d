//! Sends what waits: to each webhook one after the other, and to a bounded number of them at once.
//! Whoever sends something has claimed it, so that several servers do not send the same; a claim that
//! was not settled is lost after a minute.

use super::lanes::Lanes;
use super::patience::{GONE, judge};
use crate::store::deliveries::{self, Claimed, Settled};
use crate::store::webhooks::{self, Sending};
use crate::{Chat, Error, Problem, Result};
use domain::WebhookId;
use domain::webhook::{DeliveryState, Outcome, Pause, SendFault};
use std::sync::{MutexGuard, PoisonError};

/// So many are sent to one webhook before others get its place.
const TURN: u32 = 50;
/// After so long somebody who claimed it has gone with their process.
const LOST_MS: i64 = 60_000;

/// How a turn goes on.
enum Sent {
    Taken,
    /// At this time of the steady clock: the rest begins with the failure, not when it was noted.
    Failed(i64),
    Nothing,
}

impl Chat {
    /// Begins to send what is due, as far as there are free lanes. Each ends with waking the follower.
    pub(super) async fn send_due(&self) -> Result<()> {
        let due = deliveries::list_due(self.store().read(), self.now()).await?;
        let due = self.lanes().in_turn(due);
        for id in due {
            let Ok(place) = self.0.hooks.under_way.clone().try_acquire_owned() else { return Ok(()) };
            if !self.lanes().enter(id, self.0.clock.steady()) {
                continue;
            }
            let (chat, closing) = (self.clone(), self.0.closing.clone());
            tokio::spawn(async move {
                closing.run_until_cancelled(chat.send_in_turn(id)).await;
                chat.lanes().leave(id);
                drop(place);
                chat.0.hooks.wake();
            });
        }
        Ok(())
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        // Nothing panics while it is held; if something ever does, the sets are still whole.
        self.0.hooks.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send_in_turn(&self, id: WebhookId) {
        for _ in 0..TURN {
            let sent = self.send_next(id).await.unwrap_or_else(|cause| {
                tracing::warn!(%cause, webhook = %id, "nothing can be sent; it is tried again");
                Sent::Failed(self.0.clock.steady())
            });
            match sent {
                Sent::Taken => self.lanes().note(id, None),
                Sent::Failed(at) => return self.lanes().note(id, Some(at)),
                Sent::Nothing => return,
            }
        }
    }

    async fn send_next(&self, id: WebhookId) -> Result<Sent> {
        let Some(to) = webhooks::find_sending(self.store().read(), id, self.now()).await? else {
            return Ok(Sent::Nothing);
        };
        if !self.still_runs(&to).await? {
            self.pause_webhook(id, Pause::Owner).await?;
            return Ok(Sent::Nothing);
        }
        let lost_at = self.now() + LOST_MS;
        let claim = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(deliveries::claim(tx.db(), id, tx.now(), lost_at).await?) }));
        let Some(claimed) = claim.await? else { return Ok(Sent::Nothing) };
        let outcome = match self.parcel(&to, &claimed).await? {
            Some(parcel) => self.attempt_delivery(&to, &claimed, parcel).await?,
            None => Outcome { answer: Err(SendFault::NoEvent), ms: 0, text: String::new() },
        };
        self.settle_delivery(&to, claimed, outcome).await
    }

    /// Whether whoever a webhook reads the room for still runs it.
    async fn still_runs(&self, to: &Sending) -> Result<bool> {
        let Some(who) = self.acting(to.by).await? else { return Ok(false) };
        match self.host(Some(&who), to.room).await {
            Ok(_) => Ok(true),
            Err(Error::Problem(Problem::Unavailable)) => Err(Problem::Unavailable.into()),
            Err(Error::Problem(_)) => Ok(false),
            Err(broken) => Err(broken),
        }
    }

    async fn pause_webhook(&self, id: WebhookId, why: Pause) -> Result<()> {
        let write = self.store().write(move |tx| Box::pin(async move { Ok(webhooks::pause(tx.db(), id, why).await?) }));
        write.await
    }

    async fn settle_delivery(&self, to: &Sending, claimed: Claimed, outcome: Outcome) -> Result<Sent> {
        let (id, is_gone) = (to.id, outcome.answer == Ok(GONE));
        let ended_at = self.0.clock.steady();
        let (state, next_at) = judge(&outcome, claimed.attempt, self.now(), rand::random());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                deliveries::settle(tx.db(), &claimed, Settled { state, next_at, outcome, now: tx.now() }).await?;
                if is_gone {
                    webhooks::pause(tx.db(), id, Pause::Gone).await?;
                }
                Ok(())
            })
        });
        write.await?;
        let counter = match state {
            DeliveryState::Done => "salon_webhooks_taken",
            DeliveryState::Waiting => "salon_webhooks_put_off",
            DeliveryState::Failed => "salon_webhooks_given_up",
        };
        metrics::counter!(counter).increment(1);
        Ok(if state == DeliveryState::Done { Sent::Taken } else { Sent::Failed(ended_at) })
    }
}

//! What was sent to a webhook, and sending it once more.

use crate::store::{Tx, deliveries as rows};
use crate::{Chat, Problem, Result, RoomHost, Thing};
use domain::webhook::{Delivery, DeliveryPage, PAGE, TEST};
use domain::{DeliveryId, WebhookId};
use std::time::{Duration, Instant};

/// So long somebody who sends something waits for what it comes to.
const A_MOMENT: Duration = Duration::from_secs(2);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(50);
/// So long what is over is kept.
pub(crate) const KEPT_MS: i64 = 30 * 86_400_000;

impl Chat {
    /// A page of what was sent to a webhook and what waits, newest first.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn deliveries(
        &self,
        host: &RoomHost,
        webhook: WebhookId,
        before: Option<DeliveryId>,
    ) -> Result<DeliveryPage> {
        self.webhook(host, webhook).await?;
        let mut deliveries = rows::list_deliveries(self.store().read(), webhook, before, PAGE + 1).await?;
        let has_more = deliveries.len() > PAGE;
        deliveries.truncate(PAGE);
        Ok(DeliveryPage { deliveries, has_more })
    }

    /// Sends something again, at once and with all its attempts; as the event is now. While the
    /// webhook is paused, it waits.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if it was forgotten meanwhile; [`Problem::TooFast`].
    pub async fn replay_delivery(&self, host: &RoomHost, webhook: WebhookId, id: DeliveryId) -> Result<Delivery> {
        self.webhook(host, webhook).await?;
        self.limits().replay(host)?;
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                find(tx, webhook, id).await?;
                rows::renew(tx.db(), id, tx.now()).await?;
                find(tx, webhook, id).await
            })
        });
        let delivery = write.await?;
        self.0.hooks.wake();
        Ok(delivery)
    }

    /// Returns when an attempt to send something is over, or after a moment.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if it was forgotten meanwhile.
    pub async fn await_delivery(&self, host: &RoomHost, webhook: WebhookId, id: DeliveryId) -> Result<()> {
        self.webhook(host, webhook).await?;
        let until = Instant::now() + A_MOMENT;
        while Instant::now() < until {
            let found = rows::find_delivery(self.store().read(), webhook, id).await?;
            if found.ok_or(Problem::not_found(Thing::Delivery))?.outcome.is_some() {
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Sends a webhook something that did not happen, to see whether it comes.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::TooFast`].
    pub async fn test_webhook(&self, host: &RoomHost, webhook: WebhookId) -> Result<Delivery> {
        self.webhook(host, webhook).await?;
        self.limits().replay(host)?;
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let id = rows::create_delivery(tx.db(), webhook, TEST, tx.now()).await?;
                find(tx, webhook, id).await
            })
        });
        let delivery = write.await?;
        self.0.hooks.wake();
        Ok(delivery)
    }
}

async fn find(tx: &Tx, webhook: WebhookId, id: DeliveryId) -> Result<Delivery> {
    Ok(rows::find_delivery(tx.db(), webhook, id).await?.ok_or(Problem::not_found(Thing::Delivery))?)
}

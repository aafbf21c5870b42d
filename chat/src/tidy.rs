//! Housekeeping: what nobody asks for any more goes.

use crate::once::REMEMBERED_MS;
use crate::shelf::UNDO;
use crate::store::{attempts, deeds, embed, invites, join_requests, once, restrictions, sessions};
use crate::{Chat, Result, webhooks};
use domain::join_request::AGAIN_AFTER_MS;
use std::sync::{Arc, Weak};
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(15 * 60);

impl Chat {
    /// Frees what is remembered only to spare the store a question; worth it when many have left.
    pub fn forget_looked_up(&self) {
        self.0.sessions.forget_all();
        self.0.known.forget_all();
    }

    /// Forgets sessions, attempts to sign in, links, mutes and declined requests that are over, what was sent to webhooks long ago and limits that
    /// no longer bite, and removes files that nothing refers to and what is left of backups. Done now and then by itself; returns how many sessions went.
    pub async fn tidy(&self) -> Result<u64> {
        self.limits().tidy();
        let sessions = self
            .store()
            .write(|tx| {
                Box::pin(async move {
                    invites::remove_expired(tx.db(), tx.now()).await?;
                    attempts::remove_expired(tx.db(), tx.now()).await?;
                    embed::remove_expired(tx.db(), tx.now()).await?;
                    once::remove_before(tx.db(), tx.now() - REMEMBERED_MS).await?;
                    deeds::remove_before(tx.db(), tx.now() - UNDO.as_millis() as i64).await?;
                    join_requests::remove_declined_before(tx.db(), tx.now() - AGAIN_AFTER_MS).await?;
                    restrictions::remove_over(tx.db(), tx.now()).await?;
                    webhooks::tidy(tx).await?;
                    Ok(sessions::remove_expired(tx.db(), tx.now()).await?)
                })
            })
            .await?;
        self.0.mail.tidy().await;
        self.tidy_backups().await;
        self.tidy_files().await?;
        Ok(sessions)
    }
}

/// Tidies until the house is closed or dropped.
pub(crate) fn start(chat: &Chat) {
    let closing = chat.0.closing.clone();
    let house = Arc::downgrade(&chat.0);
    tokio::spawn(async move {
        let rounds = rounds(house);
        closing.run_until_cancelled(rounds).await;
    });
}

/// Holds the house only while it works, so that forgetting every `Chat` frees it.
async fn rounds(house: Weak<crate::House>) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(house) = house.upgrade() else { return };
        if let Err(cause) = Chat(house).tidy().await {
            tracing::warn!(%cause, "housekeeping failed; it is tried again later");
        }
    }
}

//! How the client of another system wrote a message: it gets its own words back, letter by letter.
//! Gone when the message is taken back or changed.

use crate::store::outside as rows;
use crate::{Chat, Result, RoomReader, RoomWriter};
use domain::MessageId;
use std::collections::HashMap;

/// A message as a client wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// What the client called it; empty if it did not.
    pub name: String,
    pub body: String,
}

impl Chat {
    /// Keeps how a message, which its writer has just sent, was written.
    pub async fn keep_original(
        &self,
        _writer: &RoomWriter,
        message: MessageId,
        system: &str,
        original: Original,
    ) -> Result<()> {
        let system = system.to_owned();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let Original { name, body } = original;
                // A resend has one already.
                if rows::list_originals(tx.db(), &system, &[message]).await?.is_empty() {
                    rows::create_original(tx.db(), message, &system, &name, &body).await?;
                }
                Ok(())
            })
        });
        write.await
    }

    /// Those of these messages, which the reader has read, that a client of this system wrote.
    pub async fn originals(
        &self,
        _reader: &RoomReader,
        system: &str,
        messages: &[MessageId],
    ) -> Result<HashMap<MessageId, Original>> {
        let rows = rows::list_originals(self.store().read(), system, messages).await?;
        Ok(rows.into_iter().map(|(id, row)| (id, Original { name: row.name, body: row.body })).collect())
    }

    /// The messages that clients of a system called so, newest first; at most 100. Whoever asks has
    /// to find out whether they may read them.
    pub async fn messages_named(&self, system: &str, name: &str) -> Result<Vec<MessageId>> {
        Ok(rows::list_named_so(self.store().read(), system, name, 100).await?)
    }
}

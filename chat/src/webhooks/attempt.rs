//! One attempt to send something: signed, to public addresses only, without following redirects, and
//! within ten seconds.

use super::body::Parcel;
use super::signature::signature;
use crate::files::{guarded, leads_inside};
use crate::store::deliveries::Claimed;
use crate::store::webhooks::Sending;
use crate::{Chat, Result};
use domain::text::is_hidden;
use domain::webhook::{MAX_ANSWER, Outcome, SendFault};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, Url};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// For everything together, the answer included.
const TIME: Duration = Duration::from_secs(10);
/// So much of an answer is read, in bytes.
const ANSWER_BYTES: usize = 4 * 1024;

const SIGNATURE: &str = "x-salon-signature";
const DELIVERY: &str = "x-salon-delivery";
const EVENT: &str = "x-salon-event";

impl Chat {
    pub(super) async fn attempt_delivery(&self, to: &Sending, claimed: &Claimed, parcel: Parcel) -> Result<Outcome> {
        let began = Instant::now();
        let sent = self.send_parcel(to, claimed, parcel, began + TIME).await?;
        let ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        let (answer, text) = match sent {
            Ok((status, text)) => (Ok(status), text),
            Err(fault) => (Err(fault), String::new()),
        };
        Ok(Outcome { answer, ms, text })
    }

    /// Status and beginning of the answer.
    async fn send_parcel(
        &self,
        to: &Sending,
        claimed: &Claimed,
        parcel: Parcel,
        until: Instant,
    ) -> Result<std::result::Result<(u16, String), SendFault>> {
        let hooks = &self.0.hooks;
        let Ok(url) = Url::parse(&to.url) else { return Ok(Err(SendFault::Address)) };
        if let Err(fault) = hooks.policy.check_url(&url) {
            return Ok(Err(fault.into()));
        }
        let client = hooks.client.get_or_try_init(|| async { guarded(hooks.policy, "webhooks") }).await?;
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(SIGNATURE, signature(&to.secrets, self.now() / 1_000, parcel.text.as_bytes()))
            .header(DELIVERY, claimed.id.0)
            .header(EVENT, parcel.kind)
            .body(parcel.text);
        Ok(match timeout_at(until, request.send()).await {
            Ok(Ok(response)) => {
                let status = response.status().as_u16();
                Ok((status, timeout_at(until, beginning(response)).await.unwrap_or_default()))
            }
            Ok(Err(cause)) if leads_inside(&cause) => Err(SendFault::Private),
            Ok(Err(cause)) if !cause.is_timeout() => Err(SendFault::NoAnswer),
            Ok(Err(_)) | Err(_) => Err(SendFault::TimedOut),
        })
    }
}

/// As far as it comes.
async fn beginning(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_BYTES {
        let Ok(Some(chunk)) = response.chunk().await else { break };
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(ANSWER_BYTES);
    let text = String::from_utf8_lossy(&bytes);
    text.trim().chars().take(MAX_ANSWER).map(|c| if is_hidden(c) { ' ' } else { c }).collect()
}

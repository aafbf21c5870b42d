//! Takes what is sealed to push services: a bounded number at a time, again when a service asks for
//! patience, and never to an address inside the network we stand in.

use super::key::PushKey;
use super::seal::{self, Device};
use crate::files::{Policy, guarded};
use crate::store::push as rows;
use crate::store::push::Target;
use crate::{Chat, Result};
use domain::SubscriptionId;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};
use tokio_util::sync::CancellationToken;

/// How many pushes may wait or be under way; further ones are dropped and counted.
const WAITING: usize = 2_000;
/// How many are under way.
const AT_ONCE: usize = 8;
/// How often one is tried.
const TRIES: u32 = 5;
/// The first pause; each further one is four times as long.
const PAUSE: Duration = Duration::from_secs(2);
/// The longest that a service may ask us to wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// A service keeps a notice for a device that is off for a day.
const TTL_S: &str = "86400";

/// A notice for a device.
pub(super) struct Parcel {
    pub target: Target,
    pub text: Vec<u8>,
    /// A later notice of the same topic takes its place at the service.
    pub topic: String,
    pub urgent: bool,
}

pub(crate) struct Courier {
    policy: Policy,
    key: OnceCell<PushKey>,
    client: OnceCell<Client>,
    waiting: Arc<Semaphore>,
    under_way: Arc<Semaphore>,
    /// The site's own address.
    pub(super) contact: OnceLock<String>,
}

/// What a service said.
enum Outcome {
    Taken,
    /// There is no such device any more, or it does not belong to us.
    Gone,
    /// Not now; the service may have said for how long.
    Later(Option<Duration>),
    Refused(StatusCode),
}

impl Courier {
    /// `loopback`: for tests, services may be on this machine, without TLS.
    pub fn new(loopback: bool) -> Self {
        Self {
            policy: Policy { loopback, ..Policy::default() },
            key: OnceCell::new(),
            client: OnceCell::new(),
            waiting: Arc::new(Semaphore::new(WAITING)),
            under_way: Arc::new(Semaphore::new(AT_ONCE)),
            contact: OnceLock::new(),
        }
    }

    pub(super) async fn key(&self, chat: &Chat) -> Result<&PushKey> {
        self.key.get_or_try_init(|| PushKey::open(chat)).await
    }

    /// Whether notices may be taken to an address, as far as it can be said before it is resolved.
    pub(super) fn allows(&self, endpoint: &str) -> bool {
        let Ok(url) = Url::parse(endpoint) else { return false };
        let is_sealed = url.scheme() == "https" || self.policy.loopback;
        is_sealed && self.policy.check_url(&url).is_ok()
    }

    /// Takes a parcel, in a task of its own; drops it when too many wait.
    pub(super) fn take(&self, chat: &Chat, parcel: Parcel) {
        let Ok(place) = self.waiting.clone().try_acquire_owned() else {
            metrics::counter!("salon_push_dropped").increment(1);
            return;
        };
        let (chat, closing) = (chat.clone(), chat.0.closing.clone());
        tokio::spawn(async move {
            carry(&chat, &closing, parcel).await;
            drop(place);
        });
    }

    async fn send(&self, chat: &Chat, parcel: &Parcel) -> Result<Outcome> {
        let Some(device) = Device::parse(&parcel.target.p256dh, &parcel.target.auth) else { return Ok(Outcome::Gone) };
        let Ok(url) = Url::parse(&parcel.target.endpoint) else { return Ok(Outcome::Gone) };
        if !self.allows(&parcel.target.endpoint) {
            return Ok(Outcome::Gone);
        }
        let Ok(body) = seal::seal(&parcel.text, &device) else { return Ok(Outcome::Gone) };
        let service = url.origin().ascii_serialization();
        let permit = self.key(chat).await?.authorize(&service, chat.now(), self.contact.get().map(String::as_str))?;
        let client = self.client.get_or_try_init(|| async { guarded(self.policy, "notices") }).await?;
        let request = client
            .post(url)
            .header(AUTHORIZATION, permit)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_ENCODING, "aes128gcm")
            .header("TTL", TTL_S)
            .header("Topic", &parcel.topic)
            .header("Urgency", if parcel.urgent { "high" } else { "normal" })
            .body(body);
        let _turn = self.under_way.acquire().await;
        Ok(match request.send().await {
            Ok(response) => outcome(&response),
            Err(cause) => {
                tracing::debug!(%service, cause = %cause.without_url(), "a push service does not answer");
                Outcome::Later(None)
            }
        })
    }
}

fn outcome(response: &Response) -> Outcome {
    match response.status() {
        status if status.is_success() => Outcome::Taken,
        // 403: the device subscribed to another house's key.
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => Outcome::Gone,
        StatusCode::TOO_MANY_REQUESTS => Outcome::Later(patience(response)),
        status if status.is_server_error() => Outcome::Later(patience(response)),
        status => Outcome::Refused(status),
    }
}

/// `Retry-After` in seconds; a date is not worth reading for a notice.
fn patience(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

async fn carry(chat: &Chat, closing: &CancellationToken, parcel: Parcel) {
    let mut pause = PAUSE;
    for _ in 0..TRIES {
        let sent = closing.run_until_cancelled(chat.0.courier.send(chat, &parcel)).await;
        let wait = match sent {
            None => return,
            Some(Ok(Outcome::Taken)) => {
                metrics::counter!("salon_push_taken").increment(1);
                return;
            }
            Some(Ok(Outcome::Gone)) => return forget(chat, parcel.target.id).await,
            Some(Ok(Outcome::Refused(status))) => {
                tracing::warn!(%status, "a push service refused a notice");
                return;
            }
            Some(Ok(Outcome::Later(asked))) => asked.unwrap_or(pause).min(LONGEST_PAUSE),
            Some(Err(cause)) => {
                tracing::warn!(%cause, "a notice could not be pushed");
                pause
            }
        };
        pause *= 4;
        if closing.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
            return;
        }
    }
    metrics::counter!("salon_push_given_up").increment(1);
}

async fn forget(chat: &Chat, id: SubscriptionId) {
    let gone = chat.store().write(move |tx| Box::pin(async move { Ok(rows::remove_by_id(tx.db(), id).await?) }));
    if let Err(cause) = gone.await {
        tracing::warn!(%cause, "a subscription that has ended was not removed");
    }
}

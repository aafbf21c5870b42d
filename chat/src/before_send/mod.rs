//! The operator's own site is asked before something is said: it may let it pass, refuse it, or have
//! it wait for a host. What happens when it does not answer is the operator's choice.

mod question;
mod turns;

pub(crate) use question::{Answer, Question, Wish};
pub(crate) use turns::{Turn, Turns};

use crate::outside::{Callback, Silence, Terms};
use std::fmt;
use std::time::Duration;
use tokio::sync::Semaphore;

const TERMS: &Terms = &Terms { name: "before-send hook", time: TIME, most: 16 * 1024 };
/// How long somebody waits for the site's word, its turn included.
const TIME: Duration = Duration::from_secs(2);
/// How many questions are asked at once; the others wait within their time.
const AT_ONCE: usize = 64;

/// What becomes of a message about which the site does not say anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// It is said.
    Open,
    /// It is refused, and may be sent again.
    Closed,
}

/// The site that is asked.
pub struct BeforeSend {
    callback: Callback,
    on_failure: OnFailure,
    asking: Semaphore,
    pub(crate) turns: Turns,
}

impl BeforeSend {
    /// `key`: signs questions, and then answers have to be signed as well. Without one the address
    /// has to begin with `https`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn new(url: &str, key: Option<&[u8]>, on_failure: OnFailure) -> Result<Self, String> {
        let callback = Callback::about(TERMS, url, key, false)?;
        Ok(Self { callback, on_failure, asking: Semaphore::new(AT_ONCE), turns: Turns::default() })
    }

    /// The site's word, `now` being the time in milliseconds; `None` if it has none and what is to be
    /// said shall not be.
    pub(crate) async fn ask(&self, question: &Question<'_>, now: i64) -> Option<Answer> {
        let cause = match tokio::time::timeout(TIME, self.try_to_ask(question, now)).await {
            Ok(Ok(answer)) => {
                metrics::counter!("salon_before_send", "answer" => answer.name()).increment(1);
                return Some(answer);
            }
            Ok(Err(cause)) => cause,
            Err(_) => Fault::Silence(Silence::Late),
        };
        metrics::counter!("salon_before_send", "answer" => "failed").increment(1);
        // Never what was to be said.
        tracing::warn!(%cause, on_failure = ?self.on_failure, "the before-send hook does not answer as it should");
        (self.on_failure == OnFailure::Open).then_some(Answer::Pass)
    }

    async fn try_to_ask(&self, question: &Question<'_>, now: i64) -> Result<Answer, Fault> {
        let _turn = self.asking.acquire().await.map_err(|_| Silence::Stuck)?;
        let question = serde_json::to_string(question).map_err(|_| Silence::Stuck)?;
        let answer = self.callback.put(question, now).await?;
        Answer::read(&answer).ok_or(Fault::Unknown)
    }
}

impl fmt::Debug for BeforeSend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("BeforeSend");
        shown.field("callback", &self.callback).field("on_failure", &self.on_failure).finish_non_exhaustive()
    }
}

/// Why there is no word.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("{0}")]
    Silence(#[from] Silence),
    #[error("its answer is no verdict")]
    Unknown,
}

//! Mail. Nobody waits for it: a letter is put on its way and tried again for some minutes. Codes
//! and links do not live longer, so what is on its way when the house closes is lost with it.

mod letter;
mod test;
mod way;

pub use letter::{Letter, Line, Occasion, Wording};

use crate::clock::Clock;
use crate::{Admin, Chat, Error, Problem, Result};
use domain::email::MailTest;
use lettre::Message;
use lettre::message::Mailbox;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use way::{Fault, Way};

/// Letters that are on their way; who asks for one more is asked to come back.
const PLACES: usize = 256;
/// How many are handed over at once.
const AT_ONCE: usize = 4;
/// How long to wait before each further try.
const AGAIN: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(300)];

/// How mail leaves the house.
#[derive(Clone, Debug, Default)]
pub struct MailOptions {
    /// `smtps://name:password@host` or `smtp://host:port?tls=required`; without one, mails become
    /// files in the data folder.
    pub server: Option<String>,
    /// `Salon <salon@example.org>`.
    pub from: Option<String>,
}

/// How mail is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailState {
    /// Whether mails become files: there is no server.
    pub is_folder: bool,
    /// Since the house was opened.
    pub sent: u64,
    /// Given up.
    pub failed: u64,
    /// When and why the last try failed; none since one succeeded.
    pub fault: Option<(i64, String)>,
    /// When somebody last tried, and what came of it.
    pub test: Option<(i64, MailTest)>,
}

#[derive(Clone)]
pub(crate) struct Mailer(Arc<Inner>);

struct Inner {
    way: Way,
    from: Mailbox,
    places: Arc<Semaphore>,
    hands: Semaphore,
    state: Mutex<MailState>,
    clock: Clock,
    closing: CancellationToken,
}

impl Mailer {
    /// # Errors
    /// [`Error::Mail`] for settings that cannot be read.
    pub fn open(options: &MailOptions, data: &Path, clock: Clock, closing: CancellationToken) -> Result<Self> {
        let from = options.from.as_deref().unwrap_or("Salon <salon@localhost>");
        let from = from.parse().map_err(|cause| Error::Mail(format!("the address that mail is from: {cause}")))?;
        let way = Way::open(options.server.as_deref(), data)?;
        let state = MailState { is_folder: matches!(way, Way::Folder(_)), ..MailState::default() };
        let (places, hands) = (Arc::new(Semaphore::new(PLACES)), Semaphore::new(AT_ONCE));
        Ok(Self(Arc::new(Inner { way, from, places, hands, state: Mutex::new(state), clock, closing })))
    }

    /// Puts a letter on its way.
    ///
    /// # Errors
    /// [`Problem::Unavailable`] when too many are.
    pub fn send(&self, to: &str, letter: &Letter) -> Result<()> {
        let message = letter.addressed(&self.0.from, to)?;
        let place = self.0.places.clone().try_acquire_owned().map_err(|_| Problem::Unavailable)?;
        let mailer = self.clone();
        tokio::spawn(async move {
            let closing = mailer.0.closing.clone();
            closing.run_until_cancelled(mailer.deliver(&message)).await;
            drop(place);
        });
        Ok(())
    }

    async fn deliver(&self, message: &Message) {
        for wait in AGAIN.into_iter().map(Some).chain([None]) {
            if self.try_once(message).await {
                return;
            }
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => self.state().failed += 1,
            }
        }
    }

    /// Whether it is done with: sent, or refused for good.
    async fn try_once(&self, message: &Message) -> bool {
        let Ok(_hand) = self.0.hands.acquire().await else { return true };
        self.hand_over(message).await.map_or_else(|fault| fault.is_final, |_| true)
    }

    /// Gives a mail out of the house, and notes how that went. The name of the file if it became one.
    async fn hand_over(&self, message: &Message) -> std::result::Result<Option<String>, Fault> {
        let outcome = self.0.way.send(message).await;
        let mut state = self.state();
        match &outcome {
            Ok(_) => {
                state.sent += 1;
                state.fault = None;
            }
            Err(fault) => {
                // Neither the address nor what is in the mail belongs into a log.
                tracing::warn!(cause = %fault.words, "a mail was not sent");
                state.fault = Some((self.0.clock.now(), fault.words.clone()));
                state.failed += u64::from(fault.is_final);
            }
        }
        outcome
    }

    pub async fn tidy(&self) {
        self.0.way.tidy().await;
    }

    fn state(&self) -> MutexGuard<'_, MailState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chat {
    /// How mail is doing, for administrators.
    pub fn mail(&self, _admin: &Admin) -> MailState {
        self.0.mail.state().clone()
    }
}

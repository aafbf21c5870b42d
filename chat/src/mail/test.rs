//! A mail that is sent to see whether mail works.

use super::{Occasion, Wording};
use crate::audit::{self, Entry};
use crate::{Admin, Chat, Result};
use domain::audit::Act;
use domain::email::{MailTest, parse_email};
use std::time::Duration;

/// How long somebody waits for the outcome: less than a call may take.
const PATIENCE: Duration = Duration::from_secs(12);

impl Chat {
    /// Tries once to send a mail to this address, and waits for the outcome, for some seconds at most:
    /// what [`Chat::mail`] says afterwards.
    ///
    /// # Errors
    /// [`Problem::Invalid`](crate::Problem::Invalid) for an address that is none;
    /// [`Problem::TooFast`](crate::Problem::TooFast).
    pub async fn test_mail(&self, admin: &Admin, to: &str, words: &dyn Wording) -> Result<()> {
        let to = parse_email(to)?;
        self.limits().test_mail(admin.who().person.id)?;
        let mailer = &self.0.mail;
        let message = words.letter(&Occasion::Test).addressed(&mailer.0.from, &to)?;
        let line = Entry::new(Act::MailTested, admin.who());
        self.store().write(|tx| Box::pin(async move { audit::note(tx, line).await })).await?;
        let tried = tokio::time::timeout(PATIENCE, mailer.hand_over(&message)).await;
        let came = match tried {
            Ok(Ok(None)) => MailTest::Sent,
            Ok(Ok(Some(file))) => MailTest::Written(file),
            Ok(Err(fault)) if fault.is_answer => MailTest::Refused(fault.words),
            Ok(Err(fault)) => MailTest::Failed(fault.words),
            Err(_) => MailTest::NoAnswer,
        };
        mailer.state().test = Some((self.now(), came));
        Ok(())
    }
}

//! Links that let somebody who forgot their password choose another one.

use crate::audit::{self, Entry};
use crate::mail::{Occasion, Wording};
use crate::sessions::{MAX_TOKEN, new_token, token_hash};
use crate::store::entities::invite::{self, Purpose};
use crate::store::{accounts, attempts, invites, people, sessions};
use crate::{Admin, Chat, Problem, Result, Thing, Visit};
use domain::PersonId;
use domain::audit::Act;
use domain::email::{email_key, parse_email};
use domain::person::Person;

/// Such a link opens for a day.
const RESET_MS: i64 = 86_400_000;

impl Chat {
    /// The token for a link that sets somebody's password once, within a day. Earlier ones
    /// stop working.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::TooFast`].
    pub async fn create_reset(&self, admin: &Admin, person: PersonId) -> Result<String> {
        let by = admin.who().person.id;
        let line = Entry::new(Act::ResetCreated, admin.who()).to(person);
        self.limits().invite(by)?;
        let (token, token_hash) = new_token();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                people::find_person(tx.db(), person).await?.ok_or(Problem::not_found(Thing::Person))?;
                let purpose = Purpose::Password(person);
                invites::remove_all(tx.db(), purpose).await?;
                let expires_at = tx.now() + RESET_MS;
                let new = invites::NewInvite { token_hash, purpose, uses: 1, created_by: Some(by), expires_at };
                invites::create_invite(tx.db(), new, tx.now()).await?;
                audit::note(tx, line).await
            })
        });
        write.await?;
        Ok(token)
    }

    /// Writes to an address where its account's password can be chosen anew. Nobody learns here
    /// whether there is such an account; links made before still open.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for what is no address; [`Problem::TooFast`].
    pub async fn forgot_password(
        &self,
        email: &str,
        visit: &Visit,
        words: impl Wording + Send + 'static,
    ) -> Result<()> {
        let email = parse_email(email)?;
        self.limits().mail(&email_key(&email), visit.address)?;
        let chat = self.clone();
        // Beside the answer: how long it takes would tell.
        tokio::spawn(async move {
            if let Err(cause) = chat.post_reset(&email, &words).await {
                tracing::warn!(%cause, "a link for a new password was not sent");
            }
        });
        Ok(())
    }

    async fn post_reset(&self, email: &str, words: &dyn Wording) -> Result<()> {
        let read = self.store().read();
        let Some(account) = accounts::find_by_email(read, &email_key(email)).await?.filter(|row| row.email_verified)
        else {
            return Ok(());
        };
        let id = PersonId(account.person_id);
        let Some(person) = people::find_person(read, id).await?.filter(|row| !row.disabled) else { return Ok(()) };
        let (token, token_hash) = new_token();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let expires_at = tx.now() + RESET_MS;
                let purpose = Purpose::Password(id);
                let new = invites::NewInvite { token_hash, purpose, uses: 1, created_by: None, expires_at };
                Ok(invites::create_invite(tx.db(), new, tx.now()).await?)
            })
        });
        write.await?;
        // To the address as it is kept, not as it was typed just now.
        let to = account.email.unwrap_or_default();
        self.0.mail.send(&to, &words.letter(&Occasion::Reset { name: person.name, token }))
    }

    /// Whose password a link sets.
    ///
    /// # Errors
    /// [`Problem::Gone`] whatever is wrong with it.
    pub async fn reset_person(&self, token: &str) -> Result<Person> {
        if token.len() > MAX_TOKEN {
            return Err(Problem::Gone.into());
        }
        let read = self.store().read();
        let row = invites::find_invite(read, &token_hash(token), self.now()).await?;
        let Some(Purpose::Password(id)) = row.as_ref().map(invite::Model::purpose) else {
            return Err(Problem::Gone.into());
        };
        let person = people::find_person(read, id).await?.filter(|row| !row.disabled);
        Ok(person.ok_or(Problem::Gone)?.into())
    }

    /// Sets the password that somebody has chosen through a link, and ends all their sessions.
    ///
    /// # Errors
    /// [`Problem::Gone`] as [`Chat::reset_person`]; [`Problem::Invalid`] for the password, which
    /// uses nothing up; [`Problem::TooFast`].
    pub async fn reset_password(&self, token: &str, new: &str, visit: &Visit) -> Result<()> {
        let person = self.reset_person(token).await?;
        crate::password::check_new(new, &person.name)?;
        self.limits().register(visit.address)?;
        let hasher = &self.0.hasher;
        let password = hasher.hash(hasher.place()?, new.to_owned()).await?;
        let (id, hash) = (person.id, token_hash(token));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if !invites::use_invite(tx.db(), &hash, Purpose::Password(id), tx.now()).await? {
                    return Err(Problem::Gone.into());
                }
                people::change_password(tx.db(), id, password).await?;
                // Whoever else has a link, or is half-way in with the old password.
                invites::remove_all(tx.db(), Purpose::Password(id)).await?;
                attempts::remove_attempts_of(tx.db(), id).await?;
                Ok(sessions::remove_sessions(tx.db(), id).await?)
            })
        });
        write.await?;
        self.forget_sessions(id);
        Ok(())
    }
}

//! The first administrator: whoever has the token that the server's console shows.

use crate::people::{begin_session, create};
use crate::sessions::{ABSOLUTE_MS, new_token, token_hash};
use crate::store::entities::invite::Purpose;
use crate::store::{invites, people};
use crate::{Chat, Problem, Result, SignedIn, Visit};
use domain::person::SiteRole;

/// Set-up tokens live for a day; the next start makes a new one.
const SETUP_MS: i64 = 86_400_000;

impl Chat {
    /// A new token that makes its bearer the first administrator, while there is none.
    /// Older ones stop working.
    pub async fn setup_token(&self) -> Result<Option<String>> {
        let (token, token_hash) = new_token();
        let made = self
            .store()
            .write(move |tx| {
                Box::pin(async move {
                    if people::has_admin(tx.db()).await? {
                        return Ok(false);
                    }
                    invites::remove_all(tx.db(), Purpose::Setup).await?;
                    let (purpose, expires_at) = (Purpose::Setup, tx.now() + SETUP_MS);
                    let new = invites::NewInvite { token_hash, purpose, uses: 1, created_by: None, expires_at };
                    invites::create_invite(tx.db(), new, tx.now()).await?;
                    Ok(true)
                })
            })
            .await?;
        Ok(made.then_some(token))
    }

    /// Whether a set-up token works.
    pub async fn setup_is_open(&self, token: &str) -> Result<bool> {
        let hash = token_hash(token);
        Ok(invites::is_valid(self.store().read(), &hash, Purpose::Setup, self.now()).await?
            && !people::has_admin(self.store().read()).await?)
    }

    /// Creates the first administrator and signs them in.
    ///
    /// # Errors
    /// [`Problem::Gone`] if the token was used or replaced or there is an administrator;
    /// else as [`Chat::register`].
    pub async fn setup(
        &self,
        token: &str,
        name: &str,
        display: &str,
        password: &str,
        visit: &Visit,
    ) -> Result<SignedIn> {
        if !self.setup_is_open(token).await? {
            return Err(Problem::Gone.into());
        }
        let new = self.check_person(name, display, password, SiteRole::Admin)?;
        let new = self.hash_person(new, password).await?;
        let setup = token_hash(token);
        let (token, session) = self.new_session(visit);
        let expires_at = self.now() + ABSOLUTE_MS;
        let who = self
            .store()
            .write(move |tx| {
                Box::pin(async move {
                    let used = invites::use_invite(tx.db(), &setup, Purpose::Setup, tx.now()).await?;
                    if !used || people::has_admin(tx.db()).await? {
                        return Err(Problem::Gone.into());
                    }
                    invites::remove_all(tx.db(), Purpose::Setup).await?;
                    let row = create(tx, new).await?;
                    begin_session(tx, row, session).await
                })
            })
            .await?;
        Ok(SignedIn { token, who, expires_at })
    }
}

//! Doors whose clients sign in with an address, a password and a code that is sent there: there is no
//! ticket on such a wire, so a code belongs to a door and an address, and is tried only by whoever
//! has the password too.

use crate::mail::{Occasion, Wording};
use crate::people::create;
use crate::profile::keep;
use crate::sessions::token_hash;
use crate::store::accounts;
use crate::store::attempts::{self as rows, NewAttempt};
use crate::store::entities::account;
use crate::store::entities::attempt::Purpose;
use crate::{Chat, Error, Problem, Result, SignedIn, Thing, Visit};
use domain::PersonId;
use domain::email::{email_key, parse_email};
use domain::person::Person;
use domain::sign_in::parse_code;

impl Chat {
    /// Creates an account with an address at a door whose seed has rules of its own: as
    /// [`Chat::register_at`]. The address is proved when its first code comes back.
    ///
    /// # Errors
    /// As [`Chat::register_at`]; `Taken(Person)` also for an address that another account has.
    pub async fn register_with_email_at(
        &self,
        name: &str,
        email: &str,
        password: &str,
        visit: &Visit,
    ) -> Result<Person> {
        let email = parse_email(email)?;
        let new = self.newcomer_at(name, password, visit).await?;
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let key = email_key(&email);
                if accounts::find_by_email(tx.db(), &key).await?.is_some() {
                    return Err(Problem::Taken { thing: Thing::Person }.into());
                }
                let row = create(tx, new).await?;
                let account = accounts::get_account(tx.db(), PersonId(row.id)).await?;
                keep(tx, account::Model { email: Some(email), email_key: Some(key), ..account }).await?;
                Ok(row)
            })
        });
        match write.await.map_err(Error::into_problem) {
            Ok(row) => Ok(row.into()),
            // Somebody was a moment faster with the address.
            Err(Problem::Gone) => Err(Problem::Taken { thing: Thing::Person }.into()),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Sends a code to an address, if it is an account's and this is its password. Whether it is
    /// nobody learns here; the code before is none any more.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for what is no address; [`Problem::TooFast`].
    pub async fn send_code_at(
        &self,
        door: &'static str,
        email: &str,
        password: &str,
        visit: &Visit,
        words: &dyn Wording,
    ) -> Result<()> {
        let email = parse_email(email)?;
        self.limits().mail(&email_key(&email), visit.address)?;
        let person = match self.check_credentials(&email, password, visit).await.map_err(Error::into_problem) {
            Ok(row) => PersonId(row.id),
            Err(Problem::WrongCredentials) => return Ok(()),
            Err(problem) => return Err(problem.into()),
        };
        // As its owner writes it.
        let account = accounts::get_account(self.store().read(), person).await?;
        let Some(email) = account.email else { return Ok(()) };
        let code = format!("{:06}", rand::random_range(0..1_000_000u32));
        let letter = words.letter(&Occasion::SignIn { code: code.clone() });
        let chat = self.clone();
        // In the background: the answer takes as long as if there were nothing to do.
        tokio::spawn(async move {
            let begun = async {
                chat.begin_at_address(door, person, &email, &code).await?;
                chat.0.mail.send(&email, &letter)
            };
            if let Err(cause) = begun.await {
                tracing::warn!(%cause, "a code was not sent");
            }
        });
        Ok(())
    }

    /// Signs in at a door with the code that was sent to an address. `life` as of
    /// [`Chat::sign_in_at`].
    ///
    /// # Errors
    /// [`Problem::WrongCredentials`]; then [`Problem::WrongCode`], also if none was sent;
    /// [`Problem::Invalid`] for what is no address or no code; [`Problem::TooFast`].
    pub async fn enter_code_at(
        &self,
        door: &str,
        (email, password, code): (&str, &str, &str),
        visit: &Visit,
        life: Option<i64>,
    ) -> Result<SignedIn> {
        let email = parse_email(email)?;
        let row = self.check_credentials(&email, password, visit).await?;
        let code = parse_code(code)?;
        let attempt = attempt_at(door, &email);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                // A wrong try is kept too: the answer to it is no failure here.
                let Some(row) = rows::take_try(tx.db(), &attempt, tx.now()).await? else { return Ok(Err(0)) };
                if row.code_hash != hash_of(&row.body, &code) {
                    return Ok(Err(row.tries_left));
                }
                rows::remove_attempt(tx.db(), &attempt).await?;
                let person = PersonId(row.person_id.unwrap_or_default());
                let account = accounts::get_account(tx.db(), person).await?;
                if !account.email_verified {
                    keep(tx, account::Model { email_verified: true, ..account }).await?;
                }
                Ok(Ok(person))
            })
        });
        match write.await? {
            Err(left) => Err(Problem::WrongCode { left: u32::try_from(left).unwrap_or_default() }.into()),
            // The address went to another account meanwhile.
            Ok(person) if person.0 != row.id => Err(Problem::WrongCredentials.into()),
            Ok(_) => {
                let role = row.site_role()?;
                self.begin_at(door, row.into(), role, visit, life).await
            }
        }
    }

    async fn begin_at_address(&self, door: &str, person: PersonId, email: &str, code: &str) -> Result<()> {
        let salt = format!("{:032x}", rand::random::<u128>());
        let new = NewAttempt {
            token_hash: attempt_at(door, email),
            purpose: Purpose::SignIn,
            person: Some(person),
            email: email.to_owned(),
            code_hash: hash_of(&salt, code),
            body: salt,
        };
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                rows::remove_attempt(tx.db(), &new.token_hash).await?;
                Ok(rows::create_attempt(tx.db(), new, tx.now()).await?)
            })
        });
        write.await
    }
}

/// What an attempt is found by. No ticket's hash begins so: these are tried here alone.
fn attempt_at(door: &str, email: &str) -> String {
    format!("@{}", token_hash(&format!("{door} {}", email_key(email))))
}

fn hash_of(salt: &str, code: &str) -> String {
    token_hash(&format!("{salt} {code}"))
}

//! What people tell of themselves, and their own address of e-mail.

use crate::mail::{Occasion, Wording};
use crate::store::entities::{account, portrait};
use crate::store::fault::OnUnique;
use crate::store::{Tx, accounts, people};
use crate::{Chat, Error, Problem, Result, Thing, Who};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use domain::PersonId;
use domain::email::email_key;
use domain::person::{Person, parse_about, parse_display};

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub person: Person,
    pub about: String,
    /// Since when they are here.
    pub since: i64,
}

/// What only the person themselves sees besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyProfile {
    pub about: String,
    pub email: Option<String>,
}

impl Chat {
    pub async fn my_profile(&self, who: &Who) -> Result<MyProfile> {
        let account::Model { about, email, .. } = self.account_of(who.person.id).await?;
        Ok(MyProfile { about, email })
    }

    /// Somebody's profile, for people who are signed in.
    ///
    /// # Errors
    /// [`Problem::NotFound`] also for those who are kept out or have left.
    pub async fn profile(&self, _who: &Who, name: &str) -> Result<Profile> {
        let key = crate::names::name_key(name.trim().trim_start_matches('@'));
        let found = people::find_by_key(self.store().read(), &key).await?.filter(|row| !row.disabled);
        let row = found.ok_or(Problem::not_found(Thing::Person))?;
        let since = row.created_at;
        let person = Person::from(row);
        let account::Model { about, .. } = self.account_of(person.id).await?;
        Ok(Profile { person, about, since })
    }

    /// Changes what others read. Rooms that are open show it when they are loaded anew.
    ///
    /// # Errors
    /// [`Problem::Invalid`].
    pub async fn change_profile(&self, who: &Who, display: &str, about: &str) -> Result<()> {
        let (id, display, about) = (who.person.id, parse_display(display)?, parse_about(about)?);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                people::change_display(tx.db(), id, display).await?;
                let row = accounts::get_account(tx.db(), id).await?;
                if row.about == about { Ok(()) } else { keep(tx, account::Model { about, ..row }).await }
            })
        });
        write.await?;
        self.forget_looks(id);
        Ok(())
    }

    /// Makes a picture the person's: its middle, square, without metadata. Rooms that are open show it when they
    /// are loaded anew.
    ///
    /// # Errors
    /// `Invalid { field: "picture", .. }` with its fault; [`Problem::Unavailable`] when too many
    /// wait; [`Problem::TooFast`].
    pub async fn change_portrait(&self, who: &Who, bytes: Bytes) -> Result<()> {
        let id = who.person.id;
        self.limits().upload(id)?;
        let (made, kind) = self.files().portrait(bytes).await?;
        let version = format!("{:08x}", rand::random::<u32>());
        let row = portrait::Model { person_id: id.0, media_type: kind.to_owned(), bytes: STANDARD.encode(made) };
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                accounts::change_portrait(tx.db(), row).await?;
                Ok(people::change_portrait(tx.db(), id, version).await?)
            })
        });
        write.await?;
        self.forget_looks(id);
        Ok(())
    }

    /// Back to the letter.
    pub async fn remove_portrait(&self, who: &Who) -> Result<()> {
        let id = who.person.id;
        self.store().write(move |tx| Box::pin(async move { forget_portrait(tx, id).await })).await?;
        self.forget_looks(id);
        Ok(())
    }

    /// How somebody is called and looks is read anew.
    fn forget_looks(&self, id: PersonId) {
        self.0.sessions.forget_person(id);
        self.0.scenes.forget();
    }

    /// The bytes of somebody's picture and their media type; `None` if they have none.
    pub async fn portrait(&self, _who: &Who, person: PersonId) -> Result<Option<(Vec<u8>, String)>> {
        let Some(row) = accounts::find_portrait(self.store().read(), person).await? else { return Ok(None) };
        let bytes = STANDARD.decode(&row.bytes);
        let broken = |cause: base64::DecodeError| Error::Database(crate::store::DbErr::Type(cause.to_string()));
        Ok(Some((bytes.map_err(broken)?, row.media_type)))
    }

    /// Keeps an address that was proved, or forgets it, and writes to the one before.
    pub(crate) async fn keep_email(&self, id: PersonId, email: Option<String>, words: &dyn Wording) -> Result<()> {
        let new = email.clone();
        let before = self.store().write(move |tx| Box::pin(async move { set_email(tx, id, email).await })).await?;
        let person = people::find_person(self.store().read(), id).await?;
        if let (Some(before), Some(person)) = (before.filter(|before| Some(before) != new.as_ref()), person) {
            // The change stands whether the letter finds a place or not.
            let sent = self.0.mail.send(&before, &words.letter(&Occasion::OldAddress { name: person.name }));
            if let Err(cause) = sent {
                tracing::warn!(%cause, "nobody was told that an address is not theirs any more");
            }
        }
        Ok(())
    }

    async fn account_of(&self, person: PersonId) -> Result<account::Model> {
        Ok(accounts::get_account(self.store().read(), person).await?)
    }
}

/// Gives an account its proved address; returns the one before.
///
/// # Errors
/// [`Problem::Gone`] if another account has it.
pub(crate) async fn set_email(tx: &mut Tx, id: PersonId, email: Option<String>) -> Result<Option<String>> {
    let row = accounts::get_account(tx.db(), id).await?;
    let before = row.email.clone();
    let (email_key, email_verified) = (email.as_deref().map(email_key), email.is_some());
    keep(tx, account::Model { email, email_key, email_verified, ..row }).await?;
    Ok(before)
}

pub(crate) async fn forget_portrait(tx: &mut Tx, id: PersonId) -> Result<()> {
    accounts::remove_portrait(tx.db(), id).await?;
    Ok(people::change_portrait(tx.db(), id, String::new()).await?)
}

pub(crate) async fn keep(tx: &mut Tx, row: account::Model) -> Result<()> {
    accounts::change_account(tx.db(), row).await.on_unique("account_email_key", Problem::Gone)
}

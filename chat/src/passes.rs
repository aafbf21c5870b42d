//! Sessions of doors with rules of their own: a facade's token opens that facade and nothing else,
//! and its clients want to know why one does not.

use crate::names::name_key;
use crate::people::{begin_session, create, look};
use crate::sessions::{MAX_TOKEN, token_hash};
use crate::store::people::{self, NewPerson};
use crate::store::sessions::{self as rows, NewSession};
use crate::{ApiKey, Chat, Problem, Result, SignedIn, Visit, Who};
use domain::person::{Person, Registration, SiteRole, parse_display, parse_given_name};
use domain::{PersonId, RoomId, SessionId};

/// For a token that is good until it is taken back: a hundred years.
const FOR_GOOD_MS: i64 = 100 * 365 * 86_400_000;

/// What a token is worth at a door.
#[derive(Clone, Debug)]
pub enum Pass {
    Valid(Who),
    /// It was good once.
    Expired,
    /// Its bearer has signed out.
    Ended,
    /// It never was one of this door, or its person may not come in any more.
    Unknown,
}

/// The door of the API.
pub const API: &str = "api";

/// Who comes with a token to the API.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub who: Who,
    /// `None` for a session, which may do all that its person may.
    pub key: Option<ApiKey>,
}

impl Pass {
    pub fn who(self) -> Option<Who> {
        match self {
            Self::Valid(who) => Some(who),
            Self::Expired | Self::Ended | Self::Unknown => None,
        }
    }
}

impl Chat {
    /// Who is behind a token of this door.
    pub async fn pass(&self, door: &str, token: &str) -> Result<Pass> {
        if token.is_empty() || token.len() > MAX_TOKEN {
            return Ok(Pass::Unknown);
        }
        let Some((session, person)) = self.store().find_session(&token_hash(token)).await? else {
            return Ok(Pass::Unknown);
        };
        if session.door != door || person.disabled {
            return Ok(Pass::Unknown);
        }
        if session.ended_at.is_some() {
            return Ok(Pass::Ended);
        }
        if session.expires_at <= self.now() {
            return Ok(Pass::Expired);
        }
        let only = session.room_id.map(RoomId);
        // Nobody runs the site from a frame.
        let role = if only.is_some() { SiteRole::Member } else { person.site_role()? };
        Ok(Pass::Valid(Who { person: person.into(), role, session: SessionId(session.id), only }))
    }

    /// Begins a session at a door by password. `life`: how long its token is good, in milliseconds;
    /// `None` until it is taken back.
    ///
    /// # Errors
    /// As [`Chat::sign_in`].
    pub async fn sign_in_at(
        &self,
        door: &str,
        name: &str,
        password: &str,
        visit: &Visit,
        life: Option<i64>,
    ) -> Result<SignedIn> {
        let row = self.check_credentials(name, password, visit).await?;
        let role = row.site_role()?;
        self.begin_at(door, row.into(), role, visit, life).await
    }

    /// The same for somebody who was vouched for in another way.
    pub(crate) async fn begin_at(
        &self,
        door: &str,
        person: Person,
        role: SiteRole,
        visit: &Visit,
        life: Option<i64>,
    ) -> Result<SignedIn> {
        let expires_at = self.now().saturating_add(life.unwrap_or(FOR_GOOD_MS));
        let (token, new) = self.new_session(visit);
        let new = NewSession { expires_at, door: door.to_owned(), ..new };
        let id = person.id;
        let write = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::create_session(tx.db(), id, new, tx.now()).await?) }));
        let session = write.await?;
        Ok(SignedIn { token, who: Who { person, role, session, only: None }, expires_at })
    }

    /// Who shows this token to the API: a program with a key, or somebody who signed in there.
    pub async fn bearer(&self, token: &str) -> Result<Option<Bearer>> {
        let Some(key) = self.key(token).await? else {
            let who = self.pass(API, token).await?.who();
            return Ok(who.map(|who| Bearer { who, key: None }));
        };
        let Some(person) = key.acts_as else { return Ok(None) };
        Ok(self.acting(person).await?.map(|who| Bearer { who, key: Some(key) }))
    }

    /// Somebody in whose name a program acts; `None` if their account is disabled.
    pub(crate) async fn acting(&self, person: PersonId) -> Result<Option<Who>> {
        let row = people::find_person(self.store().read(), person).await?.filter(|row| !row.disabled);
        let Some(row) = row else { return Ok(None) };
        // No session: it does not end by signing out.
        Ok(Some(Who { role: row.site_role()?, person: row.into(), session: SessionId(0), only: None }))
    }

    /// Ends a session of a door, with its open connections; its token is known as ended.
    pub async fn end_pass(&self, who: &Who) -> Result<()> {
        let session = who.session;
        let write = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::change_ended(tx.db(), session, tx.now()).await?) }));
        write.await?;
        self.hub().end_session(session);
        Ok(())
    }

    /// Creates an account at a door whose seed has rules of its own for names and passwords: a
    /// name of 1 to 32 characters, any password of 1 to 1,024 bytes. Nobody is signed in.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] unless everybody may register; else as [`Chat::register`].
    pub async fn register_at(&self, name: &str, password: &str, visit: &Visit) -> Result<Person> {
        let new = self.newcomer_at(name, password, visit).await?;
        let row = self.store().write(move |tx| Box::pin(create(tx, new))).await?;
        Ok(row.into())
    }

    /// The same, and signs them in at the door.
    pub async fn enrol_at(
        &self,
        door: &str,
        name: &str,
        password: &str,
        visit: &Visit,
        life: Option<i64>,
    ) -> Result<SignedIn> {
        let new = self.newcomer_at(name, password, visit).await?;
        let expires_at = self.now().saturating_add(life.unwrap_or(FOR_GOOD_MS));
        let (token, session) = self.new_session(visit);
        let session = NewSession { expires_at, door: door.to_owned(), ..session };
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let row = create(tx, new).await?;
                begin_session(tx, row, session).await
            })
        });
        Ok(SignedIn { token, who: write.await?, expires_at })
    }

    /// Changes the password at such a door, and ends all other sessions, with their open
    /// connections.
    ///
    /// # Errors
    /// As [`Chat::change_password`], but any password of 1 to 1,024 bytes is taken.
    pub async fn change_password_at(&self, who: &Who, old: &str, new: &str) -> Result<()> {
        check_password_at(new)?;
        self.replace_password(who, old, new).await
    }

    pub(crate) async fn newcomer_at(&self, name: &str, password: &str, visit: &Visit) -> Result<NewPerson> {
        if self.registration() != Registration::Open {
            return Err(Problem::NotAllowed.into());
        }
        check_password_at(password)?;
        let name = parse_given_name(name)?;
        let (display, name_key) = (parse_display(&name)?, name_key(&name));
        self.limits().register(visit.address)?;
        let (look, role) = (look(&name_key), SiteRole::Member);
        let new = NewPerson { name, name_key, look, display, role, password_hash: String::new() };
        self.hash_person(new, password).await
    }

    /// Whether somebody has an open connection with any of their sessions.
    pub fn is_connected(&self, person: PersonId) -> bool {
        !self.hub().sessions_of(person).is_empty()
    }
}

fn check_password_at(password: &str) -> Result<()> {
    match password.len() {
        0 => Err(Problem::invalid("password", domain::Rule::Empty).into()),
        1..=1024 => Ok(()),
        _ => Err(Problem::invalid("password", domain::Rule::TooLong { max: 1024 }).into()),
    }
}

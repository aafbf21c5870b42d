//! Sessions: who is behind a cookie, and how that ends.

use crate::names::name_key;
use crate::store::entities::person;
use crate::store::sessions::NewSession;
use crate::store::{accounts, attempts, people, sessions as rows};
use crate::{Chat, Problem, Result, Thing, Who};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::email::email_key;
use domain::person::Session;
use domain::{PersonId, SessionId};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A session that is not used for so long is over: 14 days.
pub(crate) const IDLE_MS: i64 = 14 * 86_400_000;
/// No session lives longer: 90 days.
pub(crate) const ABSOLUTE_MS: i64 = 90 * 86_400_000;
/// That a session is in use is noted at most so often, and looked up again then.
const TOUCH_MS: i64 = 60_000;
/// How long a visitor waits for that.
const TOUCH_WAIT: std::time::Duration = std::time::Duration::from_millis(100);
/// Sessions that are remembered without asking the store.
const CACHED: usize = 10_000;
/// Longest token that is looked at; ours have 43 characters.
pub(crate) const MAX_TOKEN: usize = 64;

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Visit {
    pub address: IpAddr,
    pub user_agent: String,
}

/// A session that has just begun. Its token is a secret, so there is no `Debug`.
#[derive(Clone)]
pub struct SignedIn {
    /// For the cookie; only its hash is kept.
    pub token: String,
    pub who: Who,
    /// When the session ends at the latest; unused, it ends earlier.
    pub expires_at: i64,
}

/// 256 random bits for a link or cookie, and what is stored of them.
pub(crate) fn new_token() -> (String, String) {
    let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let hash = token_hash(&token);
    (token, hash)
}

/// SHA-256 is enough here: nobody can guess 256 bits.
pub(crate) fn token_hash(token: &str) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'));
    Sha256::digest(token.as_bytes()).iter().copied().flat_map(digits).collect()
}

impl Chat {
    /// Begins a session with a password alone, whatever the site asks besides: for doors with rules
    /// of their own. Everybody else comes in by [`Chat::come_in`].
    ///
    /// # Errors
    /// [`Problem::WrongCredentials`] for an unknown name, a wrong password and a disabled
    /// account alike, after the same time; [`Problem::TooFast`]; [`Problem::Unavailable`].
    pub async fn sign_in(&self, name: &str, password: &str, visit: &Visit) -> Result<SignedIn> {
        let row = self.check_credentials(name, password, visit).await?;
        let (id, role) = (PersonId(row.id), row.site_role()?);
        let (token, new) = self.new_session(visit);
        let expires_at = self.now() + ABSOLUTE_MS;
        let session = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::create_session(tx.db(), id, new, tx.now()).await?) }))
            .await?;
        Ok(SignedIn { token, who: Who { person: row.into(), role, session, only: None }, expires_at })
    }

    /// Whose name, or address, and password these are. Errors as of [`Chat::sign_in`].
    pub(crate) async fn check_credentials(&self, name: &str, password: &str, visit: &Visit) -> Result<person::Model> {
        let place = self.0.hasher.place()?;
        let key = name_key(name.trim());
        let person = self.find_by_name_or_email(&key).await?;
        let id = PersonId(person.as_ref().map_or(0, |row| row.id));
        let known = rows::knows_address(self.store().read(), id, &visit.address.to_string()).await?;
        // By the account, so that two names for it are one.
        let limited = person.as_ref().map_or(&key, |row| &row.name_key);
        self.limits().sign_in(limited, visit.address, known)?;
        // Longer ones are never stored, and hashing them would be work for nothing.
        let password = if password.len() <= 1024 { password.to_owned() } else { String::new() };
        let hash = person.as_ref().map(|row| row.password_hash.clone());
        let fits = self.0.hasher.fits(place, password, hash).await?;
        Ok(person.filter(|row| fits && !row.disabled).ok_or(Problem::WrongCredentials)?)
    }

    /// No name has an `@`.
    async fn find_by_name_or_email(&self, key: &str) -> Result<Option<person::Model>> {
        let read = self.store().read();
        if !key.contains('@') {
            return Ok(people::find_by_key(read, key).await?);
        }
        match accounts::find_by_email(read, &email_key(key)).await? {
            Some(account) => Ok(people::find_person(read, PersonId(account.person_id)).await?),
            None => Ok(None),
        }
    }

    /// Asks for the password of somebody who is signed in.
    ///
    /// # Errors
    /// [`Problem::WrongCredentials`]; [`Problem::TooFast`].
    pub(crate) async fn check_password_of(&self, who: &Who, password: &str) -> Result<()> {
        self.limits().password(who.person.id)?;
        let hasher = &self.0.hasher;
        let place = hasher.place()?;
        let row = people::find_person(self.store().read(), who.person.id).await?;
        let hash = row.map(|row| row.password_hash);
        if password.len() > 1024 || !hasher.fits(place, password.to_owned(), hash).await? {
            return Err(Problem::WrongCredentials.into());
        }
        Ok(())
    }

    /// Who is behind a cookie; `None` if the session is over.
    pub async fn who(&self, token: &str) -> Result<Option<Who>> {
        if token.is_empty() || token.len() > MAX_TOKEN {
            return Ok(None);
        }
        let hash = token_hash(token);
        let now = self.now();
        let cache = &self.0.sessions;
        if let Some(who) = cache.get(&hash, now) {
            return Ok(Some(who));
        }
        let generation = cache.generation();
        let Some((session, person)) = self.store().find_session(&hash).await? else {
            return Ok(None);
        };
        // Facades have sessions of their own, which open nothing here (`crate::passes`).
        if session.expires_at <= now || person.disabled || !session.door.is_empty() {
            return Ok(None);
        }
        let who = Who { role: person.site_role()?, person: person.into(), session: SessionId(session.id), only: None };
        if now - session.seen_at >= TOUCH_MS {
            let expires_at = (now + IDLE_MS).min(session.created_at + ABSOLUTE_MS);
            self.touch((who.session, who.person.id), now, expires_at).await;
        }
        cache.put(hash, &who, session.expires_at.min(now + TOUCH_MS), generation);
        Ok(Some(who))
    }

    /// Asks again for somebody whose request takes long.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`] if their session is over, or their account disabled.
    pub async fn check_session(&self, who: &Who) -> Result<()> {
        let read = self.store().read();
        let person = people::find_person(read, who.person.id).await?.filter(|row| !row.disabled);
        // A program that acts for somebody has none.
        let is_open = who.session == SessionId(0) || rows::is_open(read, who.session, self.now()).await?;
        if person.is_some() && is_open { Ok(()) } else { Err(Problem::SignInNeeded.into()) }
    }

    /// Ends this session. Its open connections are closed when this returns.
    pub async fn sign_out(&self, who: &Who) -> Result<()> {
        self.remove_session(who.person.id, who.session).await.map(drop)
    }

    /// The person's devices, last used first.
    pub async fn sessions(&self, who: &Who) -> Result<Vec<Session>> {
        self.list_sessions(who.person.id, who).await
    }

    /// Somebody's devices, as `who` sees them.
    pub(crate) async fn list_sessions(&self, person: PersonId, who: &Who) -> Result<Vec<Session>> {
        let rows = rows::list_sessions(self.store().read(), person, self.now()).await?;
        let line = |row: crate::store::entities::session::Model| Session {
            id: SessionId(row.id),
            device: row.device,
            address: row.address,
            created_at: row.created_at,
            seen_at: row.seen_at,
            is_this: row.id == who.session.0,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Ends one of the person's own sessions, with its open connections.
    ///
    /// # Errors
    /// [`Problem::NotFound`] also for the sessions of others.
    pub async fn end_session(&self, who: &Who, session: SessionId) -> Result<()> {
        if self.remove_session(who.person.id, session).await? {
            Ok(())
        } else {
            Err(Problem::not_found(Thing::Session).into())
        }
    }

    /// Changes the password and ends all other sessions, with their open connections.
    ///
    /// # Errors
    /// [`Problem::WrongCredentials`] if `old` is wrong; [`Problem::Invalid`] for the new one;
    /// [`Problem::TooFast`].
    pub async fn change_password(&self, who: &Who, old: &str, new: &str) -> Result<()> {
        crate::password::check_new(new, &who.person.name)?;
        self.replace_password(who, old, new).await
    }

    pub(crate) async fn replace_password(&self, who: &Who, old: &str, new: &str) -> Result<()> {
        let (id, keep) = (who.person.id, who.session);
        self.check_password_of(who, old).await?;
        let hasher = &self.0.hasher;
        let hash = hasher.hash(hasher.place()?, new.to_owned()).await?;
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    people::change_password(tx.db(), id, hash).await?;
                    // Whoever is half-way in with the old one.
                    attempts::remove_attempts_of(tx.db(), id).await?;
                    Ok(rows::remove_sessions_except(tx.db(), id, keep).await?)
                })
            })
            .await?;
        self.0.sessions.forget_person(id);
        self.hub().end_person_sessions_except(id, Some(keep));
        Ok(())
    }

    /// Ends all of the person's sessions but this one, with their connections.
    pub async fn end_other_sessions(&self, who: &Who) -> Result<()> {
        let (id, keep) = (who.person.id, who.session);
        let write = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::remove_sessions_except(tx.db(), id, keep).await?) }));
        write.await?;
        self.0.sessions.forget_person(id);
        self.hub().end_person_sessions_except(id, Some(keep));
        Ok(())
    }

    /// All sessions but `keep` are over because somebody signed in on `device`: their pages are
    /// told so, and do not come back.
    pub(crate) fn replace_sessions(&self, person: PersonId, keep: SessionId, device: &str) {
        self.0.sessions.forget_person(person);
        self.hub().replace_person_sessions(person, keep, device);
    }

    /// A token, and the session that it will open.
    pub(crate) fn new_session(&self, visit: &Visit) -> (String, NewSession) {
        let (token, token_hash) = new_token();
        let new = NewSession {
            token_hash,
            device: crate::device::describe(&visit.user_agent),
            address: visit.address.to_string(),
            expires_at: self.now() + IDLE_MS,
            door: String::new(),
            room: None,
        };
        (token, new)
    }

    /// Whoever has one of this person's sessions is nobody from now on; their connections are
    /// closed when this returns. The sessions themselves are gone already.
    pub(crate) fn forget_sessions(&self, person: PersonId) {
        self.0.sessions.forget_person(person);
        self.hub().end_person_sessions_except(person, None);
    }

    /// The same for one session.
    pub(crate) fn forget_session(&self, person: PersonId, session: SessionId) {
        self.0.sessions.forget_person(person);
        self.hub().end_session(session);
    }

    async fn remove_session(&self, person: PersonId, session: SessionId) -> Result<bool> {
        let removed = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::remove_session(tx.db(), person, session).await?) }))
            .await?;
        if removed {
            self.forget_session(person, session);
        }
        Ok(removed)
    }

    /// A visitor neither waits long nor is turned away because this cannot be noted: reading goes
    /// on while the store cannot be written. What is queued is done nevertheless.
    async fn touch(&self, who: (SessionId, PersonId), seen_at: i64, expires_at: i64) {
        let change = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::change_seen(tx.db(), who, seen_at, expires_at).await?) }));
        if let Ok(Err(cause)) = tokio::time::timeout(TOUCH_WAIT, change).await {
            tracing::warn!(%cause, "the use of a session was not noted");
        }
    }
}

/// Who is behind a token's hash, for a minute. What ends a session or changes a person
/// forgets them here before it returns.
#[derive(Default)]
pub(crate) struct SessionCache(Mutex<Cached>);

#[derive(Default)]
struct Cached {
    by_hash: HashMap<String, (Who, i64)>,
    /// Counts what was forgotten, so that a lookup that began before does not bring it back.
    generation: u64,
}

impl SessionCache {
    fn get(&self, hash: &str, now: i64) -> Option<Who> {
        let cached = self.lock();
        cached.by_hash.get(hash).filter(|(_, until)| now < *until).map(|(who, _)| who.clone())
    }

    fn generation(&self) -> u64 {
        self.lock().generation
    }

    fn put(&self, hash: String, who: &Who, until: i64, generation: u64) {
        let mut cached = self.lock();
        if cached.generation != generation {
            return;
        }
        if cached.by_hash.len() >= CACHED {
            cached.by_hash.clear();
        }
        cached.by_hash.insert(hash, (who.clone(), until));
    }

    pub(crate) fn forget_all(&self) {
        self.lock().by_hash = HashMap::new();
    }

    pub(crate) fn forget_person(&self, person: PersonId) {
        let mut cached = self.lock();
        cached.generation += 1;
        cached.by_hash.retain(|_, (who, _)| who.person.id != person);
    }

    fn lock(&self) -> MutexGuard<'_, Cached> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

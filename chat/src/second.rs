//! Signing in while one is signed in elsewhere; coming into a room that takes each person on one device at
//! a time. Only live connections count there: those of this server, and for half a minute those that are lost.

use crate::access::RoomReader;
use crate::attempts::{Arrival, Begun, Ticket};
use crate::sessions::{ABSOLUTE_MS, token_hash};
use crate::store::attempts as rows;
use crate::store::entities::attempt::Purpose;
use crate::store::entities::person;
use crate::store::people;
use crate::store::sessions;
use crate::{Chat, Error, Problem, Result, SignedIn, Visit, Who};
use domain::person::{Person, SiteRole};
use domain::sign_in::{SecondSignIn, Step};
use domain::{PersonId, RoomId, SessionId};

impl Chat {
    /// Lets somebody in whose password, and code, were right.
    ///
    /// # Errors
    /// [`Problem::Elsewhere`] where the site turns the newcomer away.
    pub(crate) async fn admit(&self, row: person::Model, visit: &Visit) -> Result<Arrival> {
        let id = PersonId(row.id);
        match self.policy_for(self.0.identity.second, row.site_role()?) {
            SecondSignIn::Allow => self.begin(row, visit, false).await.map(Arrival::In),
            SecondSignIn::Replace => self.begin(row, visit, true).await.map(Arrival::In),
            SecondSignIn::Refuse => match self.connected(id).await? {
                Some(device) => Err(Problem::Elsewhere { device }.into()),
                None => self.begin(row, visit, false).await.map(Arrival::In),
            },
            SecondSignIn::Ask => match self.elsewhere(id, None).await? {
                Some(_) => self.ask(id).await.map(Arrival::Step),
                None => self.begin(row, visit, false).await.map(Arrival::In),
            },
        }
    }

    /// Administrators are not put out by whoever has their password: they sign out themselves.
    fn policy_for(&self, policy: SecondSignIn, role: SiteRole) -> SecondSignIn {
        match (policy, role) {
            (SecondSignIn::Ask | SecondSignIn::Replace, SiteRole::Admin) if !self.0.identity.replace_admins => {
                SecondSignIn::Refuse
            }
            (policy, _) => policy,
        }
    }

    /// Somebody opens a room's page. Where the room takes each person on one device at a time, they are let
    /// in, turned away, or taken off it on the others, as its policy says; `chosen`: they were asked and want
    /// to be here. Connections that come back do none of this, so that two devices cannot fight.
    ///
    /// # Errors
    /// [`Problem::OneDevice`].
    pub async fn arrive(&self, reader: &RoomReader, chosen: bool) -> Result<()> {
        let (Some(who), room) = (reader.who(), reader.room().id) else { return Ok(()) };
        let policy = self.policy_for(reader.policy().second, who.role);
        if policy == SecondSignIn::Allow {
            return Ok(());
        }
        let Some(other) = self.hub().other_session(who, room) else { return Ok(()) };
        if policy == SecondSignIn::Refuse || policy == SecondSignIn::Ask && !chosen {
            return Err(self.one_device(Some(who), room, other).await?.into());
        }
        let told = Problem::OneDevice { room, device: self.device(who.person.id, who.session).await?, may_come: true };
        self.hub().leave_elsewhere(who, room, told);
        Ok(())
    }

    /// What somebody is told who is in a room on another device.
    pub(crate) async fn one_device(&self, who: Option<&Who>, room: RoomId, other: SessionId) -> Result<Problem> {
        let Some(who) = who else { return Ok(Problem::NotAllowed) };
        let known = self.find_known(room).await?;
        let policy = known.map_or(SecondSignIn::Allow, |known| known.policy.second);
        let may_come = self.policy_for(policy, who.role) != SecondSignIn::Refuse;
        Ok(Problem::OneDevice { room, device: self.device(who.person.id, other).await?, may_come })
    }

    /// What the browser of a session calls itself.
    async fn device(&self, person: PersonId, session: SessionId) -> Result<String> {
        let sessions = sessions::list_sessions(self.store().read(), person, self.now()).await?;
        let device = sessions.into_iter().find(|row| row.id == session.0).map(|row| row.device);
        Ok(device.unwrap_or_default())
    }

    /// Signs out elsewhere and comes in here: the answer to [`Step::Elsewhere`].
    ///
    /// # Errors
    /// [`Problem::Gone`] for a ticket that is none, or is used already.
    pub async fn replace_elsewhere(&self, ticket: &str, visit: &Visit) -> Result<SignedIn> {
        let gone = || Error::from(Problem::Gone);
        let row = self.find_ticket(ticket).await?.ok_or_else(gone)?;
        let (Purpose::Elsewhere, Some(id)) = (row.purpose()?, row.person_id) else { return Err(gone()) };
        let hash = token_hash(ticket);
        let used =
            self.store().write(move |tx| Box::pin(async move { Ok(rows::remove_attempt(tx.db(), &hash).await?) }));
        if !used.await? {
            return Err(gone());
        }
        let person = people::find_person(self.store().read(), PersonId(id)).await?.filter(|row| !row.disabled);
        self.begin(person.ok_or_else(gone)?, visit, true).await
    }

    async fn ask(&self, person: PersonId) -> Result<Ticket> {
        let (purpose, person) = (Purpose::Elsewhere, Some(person));
        self.begin_attempt(Begun { purpose, person, email: String::new(), body: String::new() }, "").await
    }

    /// The device that was used last, but for `except`.
    pub(crate) async fn elsewhere(&self, person: PersonId, except: Option<SessionId>) -> Result<Option<Step>> {
        let sessions = sessions::list_sessions(self.store().read(), person, self.now()).await?;
        let last = sessions.into_iter().find(|row| Some(SessionId(row.id)) != except);
        Ok(last.map(|row| Step::Elsewhere { device: row.device, seen_at: row.seen_at }))
    }

    /// The device on which the person has a live connection. A session without one keeps nobody
    /// out: a browser that crashed is noticed within half a minute.
    async fn connected(&self, person: PersonId) -> Result<Option<String>> {
        let live = self.hub().sessions_of(person);
        if live.is_empty() {
            return Ok(None);
        }
        let sessions = sessions::list_sessions(self.store().read(), person, self.now()).await?;
        Ok(sessions.into_iter().find(|row| live.contains(&SessionId(row.id))).map(|row| row.device))
    }

    /// Begins a session. Of two that replace each other at the same moment one is left: the
    /// person's row is locked until the first is committed.
    async fn begin(&self, row: person::Model, visit: &Visit, alone: bool) -> Result<SignedIn> {
        let (token, new) = self.new_session(visit);
        let (id, role, device) = (PersonId(row.id), row.site_role()?, new.device.clone());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let session = sessions::create_session(tx.db(), id, new, tx.now()).await?;
                if alone {
                    sessions::remove_sessions_except(tx.db(), id, session).await?;
                }
                Ok(session)
            })
        });
        let session = write.await?;
        if alone {
            self.replace_sessions(id, session, &device);
        }
        Ok(SignedIn {
            token,
            who: Who { person: Person::from(row), role, session, only: None },
            expires_at: self.now() + ABSOLUTE_MS,
        })
    }
}

//! Accounts as administrators see and run them.

use crate::audit::{self, Entry};
use crate::members::join_as;
use crate::names::name_key;
use crate::store::entities::invite::Purpose;
use crate::store::entities::person::{self, role_word};
use crate::store::{Tx, accounts, invites, members, people, restrictions, sessions};
use crate::ways_in::remove_ways_in;
use crate::{Admin, Chat, Problem, Result, Rule, Thing, Who};
use domain::audit::Act;
use domain::email::email_key;
use domain::event::What;
use domain::member::Role;
use domain::moderation::RestrictedIn;
use domain::person::{Person, Session, SiteRole};
use domain::{PersonId, RoomId, SessionId};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::net::IpAddr;

/// How many lines a page of a list has.
pub(crate) const PAGE: usize = 50;
/// How often rooms are looked for that would be without a host; each round appoints one in all.
const ROUNDS: usize = 3;

/// A person as an administrator sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonLine {
    pub person: Person,
    pub role: SiteRole,
    pub disabled: bool,
    /// Whether one of their pages is connected now.
    pub online: bool,
    pub created_at: i64,
    /// When they were last here; up to a minute late.
    pub seen_at: i64,
}

/// Which people, and in which order.
#[derive(Clone, Debug, Default)]
pub struct PeopleQuery {
    /// In the user name or the display name; or the whole of an address of e-mail, of a name that another
    /// system has for somebody, or of a network address of a session. Empty for all.
    pub words: String,
    pub role: Option<SiteRole>,
    pub state: Option<PersonState>,
    pub order: PeopleOrder,
    pub descending: bool,
    /// The page after this one: what [`Page::next`] said.
    pub after: Option<PageEnd>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonState {
    Online,
    Disabled,
    /// In some room, now.
    Muted,
    /// From some room.
    Banned,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeopleOrder {
    #[default]
    Name,
    Seen,
    Since,
}

/// Where a page of a list ends: the last line's number, and what it was ordered by if that is
/// a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageEnd {
    pub id: i64,
    pub at: i64,
}

/// A part of a list, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub lines: Vec<T>,
    pub next: Option<PageEnd>,
}

impl<T> Page<T> {
    /// Of at most one line more than a page has.
    pub(crate) fn of(mut lines: Vec<T>, end: impl Fn(&T) -> PageEnd) -> Self {
        let has_more = lines.len() > PAGE;
        lines.truncate(PAGE);
        let next = lines.last().filter(|_| has_more).map(end);
        Self { lines, next }
    }
}

impl Chat {
    /// A page of people.
    pub async fn people_page(&self, _admin: &Admin, query: &PeopleQuery) -> Result<Page<PersonLine>> {
        let words = query.words.trim().replace('\0', "\u{FFFD}");
        let online = self.hub().people_online();
        let asked = people::Asked {
            name_key: name_key(&words),
            email_key: email_key(&words),
            address: words.parse().ok().map(|address: IpAddr| address.to_canonical().to_string()),
            words,
            among: (query.state == Some(PersonState::Online)).then(|| online.iter().copied().collect()),
            now: self.now(),
            query,
        };
        let rows = people::list_people(self.store().read(), asked, PAGE as u64 + 1).await?;
        let lines: Result<Vec<PersonLine>> = rows.into_iter().map(|row| line(row, &online)).collect();
        Ok(Page::of(lines?, |line| PageEnd { id: line.person.id.0, at: line.seen_at }))
    }

    /// One person and their devices, last used first.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn account(&self, admin: &Admin, person: PersonId) -> Result<(PersonLine, Vec<Session>)> {
        let row = people::find_person(self.store().read(), person).await?;
        let row = row.ok_or(Problem::not_found(Thing::Person))?;
        let line = line(row, &self.hub().people_online())?;
        Ok((line, self.list_sessions(person, admin.who()).await?))
    }

    /// Where somebody may not write now, or not be; the newest 50.
    pub async fn restricted_in(&self, _admin: &Admin, person: PersonId) -> Result<Vec<RestrictedIn>> {
        Ok(restrictions::list_of_person(self.store().read(), person, self.now(), PAGE as u64).await?)
    }

    /// Makes somebody an administrator, or a member of the site. They sign in anew: what they
    /// may do is decided when they come in.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] about oneself; [`Rule::LastOne`] for the last administrator;
    /// [`Problem::NotFound`].
    pub async fn change_site_role(&self, admin: &Admin, person: PersonId, role: SiteRole) -> Result<()> {
        not_oneself(admin, person)?;
        let line = Entry::new(Act::SiteRoleChanged, admin.who()).to(person).saying(role_word(role));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let row = keep_an_admin(tx, person, role != SiteRole::Admin).await?;
                if row.site_role()? == role {
                    return Ok(false);
                }
                people::change_role(tx.db(), person, role).await?;
                remove_ways_in(tx, person).await?;
                sessions::remove_sessions(tx.db(), person).await?;
                audit::note(tx, line).await?;
                Ok(true)
            })
        });
        if write.await? {
            self.forget_sessions(person);
        }
        Ok(())
    }

    /// Keeps somebody out of the site, or lets them in again. Whoever is kept out is signed out
    /// everywhere when this returns; rooms that had no other host have this administrator.
    ///
    /// # Errors
    /// As [`Chat::change_site_role`]; [`Problem::Gone`] for an account that its person has closed.
    pub async fn disable_person(&self, admin: &Admin, person: PersonId, disabled: bool) -> Result<()> {
        not_oneself(admin, person)?;
        for _ in 0..ROUNDS {
            if disabled {
                self.replace_as_host(admin, person).await?;
            }
            let by = admin.who().clone();
            let write = self.store().write(move |tx| Box::pin(disable(tx, by, person, disabled)));
            if write.await? {
                if disabled {
                    self.forget_sessions(person);
                }
                return Ok(());
            }
        }
        Err(Problem::Unavailable.into())
    }

    /// Becomes host where this person is the only one.
    async fn replace_as_host(&self, admin: &Admin, person: PersonId) -> Result<()> {
        for room in members::list_only_hosted(self.store().read(), person).await? {
            let me = admin.who().clone();
            let id = me.person.id;
            self.store().write_in(room, move |tx| Box::pin(become_host(tx, room, me))).await?;
            self.note_role(room, id, Role::Host);
        }
        Ok(())
    }

    /// Ends one of somebody's sessions, with its connections.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn end_session_of(&self, admin: &Admin, person: PersonId, session: SessionId) -> Result<()> {
        let line = Entry::new(Act::SessionsEnded, admin.who()).to(person).saying("1");
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if !sessions::remove_session(tx.db(), person, session).await? {
                    return Err(Problem::not_found(Thing::Session).into());
                }
                audit::note(tx, line).await
            })
        });
        write.await?;
        self.forget_session(person, session);
        Ok(())
    }

    /// Ends all of somebody's sessions, with their connections.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn end_sessions_of(&self, admin: &Admin, person: PersonId) -> Result<()> {
        let line = Entry::new(Act::SessionsEnded, admin.who()).to(person);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                people::find_person(tx.db(), person).await?.ok_or(Problem::not_found(Thing::Person))?;
                sessions::remove_sessions(tx.db(), person).await?;
                audit::note(tx, line).await
            })
        });
        write.await?;
        self.forget_sessions(person);
        Ok(())
    }
}

fn line(row: person::Model, online: &HashSet<PersonId>) -> Result<PersonLine> {
    let (role, disabled, created_at, seen_at) = (row.site_role()?, row.disabled, row.created_at, row.seen_at);
    let person = Person::from(row);
    Ok(PersonLine { online: online.contains(&person.id), person, role, disabled, created_at, seen_at })
}

/// Nobody takes their own place away by accident: another administrator does.
fn not_oneself(admin: &Admin, person: PersonId) -> Result<()> {
    if admin.who().person.id == person { Err(Problem::NotAllowed.into()) } else { Ok(()) }
}

/// The person, if the site keeps an administrator when they are none any more. Two who take
/// each other's place away wait here for each other.
pub(crate) async fn keep_an_admin(tx: &mut Tx, person: PersonId, stops: bool) -> Result<person::Model> {
    let admins = people::lock_admins(tx.db()).await?;
    if stops && admins == [person] {
        return Err(Problem::invalid("person", Rule::LastOne).into());
    }
    Ok(people::find_person(tx.db(), person).await?.ok_or(Problem::not_found(Thing::Person))?)
}

/// `false` if a room would be without a host.
async fn disable(tx: &mut Tx, by: Who, person: PersonId, disabled: bool) -> Result<bool> {
    let row = keep_an_admin(tx, person, disabled).await?;
    if row.disabled == disabled {
        return Ok(true);
    }
    // Nobody is behind it any more.
    if !disabled && accounts::get_account(tx.db(), person).await?.closed_at.is_some() {
        return Err(Problem::Gone.into());
    }
    if disabled {
        if !members::list_only_hosted(tx.db(), person).await?.is_empty() {
            return Ok(false);
        }
        sessions::remove_sessions(tx.db(), person).await?;
        invites::remove_all(tx.db(), Purpose::Password(person)).await?;
    }
    people::change_disabled(tx.db(), person, disabled).await?;
    remove_ways_in(tx, person).await?;
    let act = if disabled { Act::PersonDisabled } else { Act::PersonEnabled };
    audit::note(tx, Entry::new(act, &by).to(person)).await?;
    Ok(true)
}

async fn become_host(tx: &mut Tx, room: RoomId, me: Who) -> Result<()> {
    members::lock_room(tx.db(), room).await?;
    let id = me.person.id;
    let line = |act| Entry::new(act, &me).in_room(room).to(id).saying(Role::Host.as_str());
    match members::find_member(tx.db(), room, id).await? {
        None => {
            join_as(tx, room, me.person.clone(), Role::Host).await?;
            audit::note(tx, line(Act::MemberAdded)).await
        }
        Some(member) if member.room_role()? == Role::Host => Ok(()),
        Some(_) => {
            tx.record(room, What::RoleChanged { person: id, role: Role::Host }).await?;
            members::change_role(tx.db(), room, id, Role::Host).await?;
            audit::note(tx, line(Act::RoleChanged)).await
        }
    }
}

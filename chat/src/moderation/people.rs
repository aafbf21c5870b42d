//! What is done about people: muted, sent out, banned. Hosts and administrators stand above it. Each act
//! answers what [`Chat::undo_deed`] undoes.

use crate::accounts::{PAGE, Page, PageEnd};
use crate::audit::{self, Entry};
use crate::join_requests::settle;
use crate::known::Changed;
use crate::moderation::{Stood, decline::decline};
use crate::store::entities::restriction;
use crate::store::{Tx, embed, held, members, people, restrictions};
use crate::ways_in::remove_ways_in;
use crate::{Chat, Problem, Result, RoomHost, Thing};
use domain::audit::Act;
use domain::event::What;
use domain::live::Frame;
use domain::moderation::{MuteFor, Restriction, mute_left, parse_reason};
use domain::person::Person;
use domain::{DeedId, PersonId, RoomId, SessionId};

/// Most restrictions that are listed.
const LISTED: u64 = 200;

impl Chat {
    /// Keeps somebody from writing in a room for a time. They are told at once.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] for hosts and administrators; [`Problem::NotFound`].
    pub async fn mute(&self, host: &RoomHost, person: PersonId, length: MuteFor, reason: &str) -> Result<DeedId> {
        self.mute_declining(host, person, (length, reason), None).await
    }

    /// The same, and declines what of theirs waits for approval under a number.
    pub(super) async fn mute_declining(
        &self,
        host: &RoomHost,
        person: PersonId,
        (length, reason): (MuteFor, &str),
        declines: Option<i64>,
    ) -> Result<DeedId> {
        let room = host.room().id;
        let until = length.until(self.now());
        let line = Entry::new(Act::Muted, host.who()).saying(spoken(length.as_str(), reason));
        let change = move |row: &mut restriction::Model| row.muted_until = Some(until);
        let (row, deed) = self.restrict(host, (person, declines), Some(reason), line, change).await?;
        let problem = mute_left(row.at, until, row.at).map(|wait_ms| Problem::Muted { wait_ms, reason: row.reason });
        self.hub().tell_people(room, &Frame::Quiet { room, problem }, |who| who.person.id == person);
        Ok(deed)
    }

    /// Lets somebody write again.
    pub async fn unmute(&self, host: &RoomHost, person: PersonId) -> Result<()> {
        let room = host.room().id;
        let line = Entry::new(Act::Unmuted, host.who());
        self.restrict(host, (person, None), None, line, |row| row.muted_until = None).await?;
        self.hub().tell_people(room, &Frame::Quiet { room, problem: None }, |who| who.person.id == person);
        Ok(())
    }

    /// Sends somebody out of a room now; they may come back. Their connections have stopped
    /// listening when this returns.
    ///
    /// # Errors
    /// As [`Chat::mute`].
    pub async fn kick(&self, host: &RoomHost, person: PersonId, reason: &str) -> Result<DeedId> {
        let (room, by, reason) = (host.room().id, host.who().clone(), parse_reason(reason)?);
        let line = Entry::new(Act::Kicked, &by).in_room(room).to(person).saying(reason.clone());
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                find_target(tx, room, person).await?;
                let stood = Stood::find(tx, room, person).await?;
                let sessions = leave(tx, room, person).await?;
                audit::note(tx, line).await?;
                Ok((sessions, stood.keep(tx, (room, &by), person).await?))
            })
        });
        let (sessions, deed) = write.await?;
        self.hub().expel(person, room, Problem::Removed { for_good: false, reason });
        self.end_visits(&sessions);
        Ok(deed)
    }

    /// Keeps somebody out of a room for good: they may neither read it while they are signed
    /// in, nor write, nor join. Their connections have stopped listening when this returns.
    ///
    /// # Errors
    /// As [`Chat::mute`].
    pub async fn ban(&self, host: &RoomHost, person: PersonId, reason: &str) -> Result<DeedId> {
        let room = host.room().id;
        let line = Entry::new(Act::Banned, host.who()).saying(reason.trim());
        let (row, deed) = self.restrict(host, (person, None), Some(reason), line, |row| row.banned = true).await?;
        self.hub().expel(person, room, Problem::Removed { for_good: true, reason: row.reason });
        self.tell_held(room);
        Ok(deed)
    }

    /// Lets somebody in again. They are no member any more.
    pub async fn unban(&self, host: &RoomHost, person: PersonId) -> Result<()> {
        let line = Entry::new(Act::Unbanned, host.who());
        self.restrict(host, (person, None), None, line, |row| row.banned = false).await.map(drop)
    }

    /// Who may not write in a room, or not be in it; the newest 200.
    pub async fn restrictions(&self, host: &RoomHost) -> Result<Vec<Restriction>> {
        Ok(restrictions::list_restrictions(self.store().read(), host.room().id, self.now(), LISTED).await?)
    }

    /// A page of them behind one, newest first or oldest first.
    pub async fn restrictions_page(
        &self,
        host: &RoomHost,
        oldest_first: bool,
        after: Option<PageEnd>,
    ) -> Result<Page<Restriction>> {
        let (read, room, most) = (self.store().read(), host.room().id, PAGE as u64 + 1);
        let rows = restrictions::list_restrictions_page(read, room, self.now(), oldest_first, after, most).await?;
        Ok(Page::of(rows, |row| PageEnd { id: row.person.id.0, at: row.at }))
    }

    /// Without a reason something is lifted: what was said of the rest stays. What changes nothing
    /// leaves no line. With a number, what waits for approval under it is declined first.
    async fn restrict(
        &self,
        host: &RoomHost,
        (person, declines): (PersonId, Option<i64>),
        reason: Option<&str>,
        line: Entry,
        change: impl FnOnce(&mut restriction::Model) + Send + 'static,
    ) -> Result<(restriction::Model, DeedId)> {
        let (room, by, reason) = (host.room().id, host.who().clone(), reason.map(parse_reason).transpose()?);
        let line = line.in_room(room).to(person);
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                find_target(tx, room, person).await?;
                let mut stood = Stood::find(tx, room, person).await?;
                if let Some(held) = declines {
                    decline(tx, (room, &by), person, held).await?;
                    stood.declined.push(held);
                }
                let now = tx.now();
                let none = restriction::Model {
                    room_id: room.0,
                    person_id: person.0,
                    muted_until: None,
                    banned: false,
                    reason: String::new(),
                    by_id: by.person.id.0,
                    at: now,
                };
                let mut before = restrictions::find_restriction(tx.db(), room, person).await?.unwrap_or(none);
                // A mute that is over is none.
                before.muted_until = before.muted_until.filter(|until| *until > now);
                let mut row = before.clone();
                if let Some(reason) = reason {
                    row = restriction::Model { reason, by_id: by.person.id.0, at: now, ..row };
                }
                change(&mut row);
                tx.changes(Changed::Standing(room, person));
                let what = |row: &restriction::Model| (row.banned, row.muted_until, row.reason.clone());
                if what(&row) == what(&before) {
                    restrictions::change_restriction(tx.db(), before).await?;
                    return Ok((row, Vec::new(), stood.keep(tx, (room, &by), person).await?));
                }
                restrictions::change_restriction(tx.db(), row.clone()).await?;
                let mut sessions = Vec::new();
                if row.banned {
                    sessions = leave(tx, room, person).await?;
                    settle(tx, room, person).await?;
                    stood.declined.append(&mut held::list_held_of(tx.db(), room, person, i64::MIN).await?);
                    held::decline(tx.db(), &stood.declined, now).await?;
                }
                audit::note(tx, line).await?;
                let deed = stood.keep(tx, (room, &by), person).await?;
                Ok((row, sessions, deed))
            })
        });
        let (row, sessions, deed) = write.await?;
        self.end_visits(&sessions);
        Ok((row, deed))
    }
}

/// # Errors
/// [`Problem::NotAllowed`] for those who stand above it.
async fn find_target(tx: &Tx, room: RoomId, person: PersonId) -> Result<Person> {
    let row = people::find_person(tx.db(), person).await?.ok_or(Problem::not_found(Thing::Person))?;
    let member = members::find_member(tx.db(), room, person).await?;
    let role = member.map(|member| member.room_role()).transpose()?;
    if Chat::is_above(role, row.site_role()?) { Err(Problem::NotAllowed.into()) } else { Ok(row.into()) }
}

/// Whoever is no member has nothing to leave but what they made when they ran it, and their visits from
/// other sites: answers those, for [`Chat::end_visits`].
async fn leave(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<Vec<SessionId>> {
    if members::find_member(tx.db(), room, person).await?.is_some() {
        tx.record(room, What::Left { person }).await?;
        members::remove_member(tx.db(), room, person).await?;
    }
    remove_ways_in(tx, person).await?;
    Ok(embed::remove_sessions(tx.db(), room, person).await?)
}

fn spoken(length: &str, reason: &str) -> String {
    format!("{length} {}", reason.trim()).trim_end().to_owned()
}

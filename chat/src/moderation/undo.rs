//! What was done about somebody, undone: they may again what they might before, belong to the room as they
//! did, and what of theirs waited for approval waits again. What they opened of the room in pages of other
//! sites has ended; such a page opens it anew.

use crate::audit::{self, Entry};
use crate::deeds::{Undoing, keep};
use crate::join_requests::settle;
use crate::known::Changed;
use crate::moderation::decline::wait_again;
use crate::store::entities::{member, restriction};
use crate::store::{Tx, members, people, restrictions};
use crate::{Chat, Problem, Result, RoomHost, Thing, Who};
use domain::audit::Act;
use domain::event::What;
use domain::live::Frame;
use domain::member::{Member, Role};
use domain::moderation::mute_left;
use domain::{DeedId, PersonId, RoomId};
use serde::{Deserialize, Serialize};

/// How somebody was restricted before and since, and what they were if they are it no longer.
#[derive(Serialize, Deserialize)]
pub(crate) struct Treated {
    person: PersonId,
    before: Option<Curbed>,
    since: Option<Curbed>,
    member: Option<Belonged>,
    /// What waited for approval and was declined with it.
    #[serde(default)]
    declined: Vec<i64>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Curbed {
    muted_until: Option<i64>,
    banned: bool,
    reason: String,
    by: i64,
    at: i64,
}

/// A member's row, but for the role: whoever is sent away like this was no host.
#[derive(Serialize, Deserialize)]
struct Belonged {
    joined_at: i64,
    last_read_seq: i64,
    heard: i64,
    level: String,
    said_at: i64,
    pinned: bool,
}

/// What somebody is in a room, to be noted before it is changed.
pub(crate) struct Stood {
    curb: Option<Curbed>,
    member: Option<member::Model>,
    /// What waited and is declined with it, to be noted when it is.
    pub(crate) declined: Vec<i64>,
}

impl Stood {
    pub(crate) async fn find(tx: &Tx, room: RoomId, person: PersonId) -> Result<Self> {
        let member = members::find_member(tx.db(), room, person).await?;
        Ok(Self { curb: find_curb(tx, room, person).await?, member, declined: Vec::new() })
    }

    /// Hosts are not made so again: links of theirs went with it, which do not come back.
    pub(crate) fn is_host(&self) -> bool {
        self.member.as_ref().is_some_and(|row| row.role == Role::Host.as_str())
    }

    /// Remembers how to make them that again, now that it is changed.
    pub(crate) async fn keep(self, tx: &Tx, (room, who): (RoomId, &Who), person: PersonId) -> Result<DeedId> {
        let is_member = members::find_member(tx.db(), room, person).await?.is_some();
        let member = self.member.filter(|_| !is_member).map(Belonged::from);
        let since = find_curb(tx, room, person).await?;
        let treated = Treated { person, before: self.curb, since, member, declined: self.declined };
        keep(tx, (room, who), &Undoing::Treated(treated)).await
    }
}

impl Chat {
    /// # Errors
    /// [`Problem::Changed`] if somebody was restricted anew meanwhile; [`Problem::NotFound`] for an account
    /// that is no more.
    pub(crate) async fn undo_treatment(&self, host: &RoomHost, treated: Treated) -> Result<()> {
        let (room, who, person) = (host.room().id, host.who().clone(), treated.person);
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                tx.changes(Changed::Standing(room, person));
                let now = find_curb(tx, room, person).await?;
                if now != treated.before {
                    if now != treated.since {
                        return Err(Problem::changed(tx.now()).into());
                    }
                    restore_curb(tx, (room, &who), person, &treated.before, now.as_ref()).await?;
                }
                if let Some(member) = treated.member {
                    restore_member(tx, (room, &who), person, member).await?;
                }
                let again = wait_again(tx, (room, &who), &treated.declined).await?;
                let quiet = treated.before.and_then(|curb| {
                    let wait_ms = mute_left(curb.at, curb.muted_until?, tx.now())?;
                    Some(Problem::Muted { wait_ms, reason: curb.reason })
                });
                Ok((quiet, again))
            })
        });
        let (problem, again) = write.await?;
        self.tell_held(room);
        self.hub().tell_people(room, &Frame::Quiet { room, problem }, |who| who.person.id == person);
        self.tell_waiting(room, &again);
        Ok(())
    }
}

async fn restore_curb(
    tx: &Tx,
    (room, who): (RoomId, &Who),
    person: PersonId,
    before: &Option<Curbed>,
    now: Option<&Curbed>,
) -> Result<()> {
    let was_banned = before.as_ref().is_some_and(|curb| curb.banned);
    let act = if now.is_some_and(|curb| curb.banned) && !was_banned { Act::Unbanned } else { Act::Unmuted };
    let row = match before.clone() {
        Some(Curbed { muted_until, banned, reason, by, at }) => {
            restriction::Model { room_id: room.0, person_id: person.0, muted_until, banned, reason, by_id: by, at }
        }
        None => restriction::Model {
            room_id: room.0,
            person_id: person.0,
            muted_until: None,
            banned: false,
            reason: String::new(),
            by_id: who.person.id.0,
            at: tx.now(),
        },
    };
    restrictions::change_restriction(tx.db(), row).await?;
    audit::note(tx, Entry::new(act, who).in_room(room).to(person)).await
}

/// Nothing for those who have come back by themselves.
async fn restore_member(tx: &mut Tx, (room, who): (RoomId, &Who), person: PersonId, was: Belonged) -> Result<()> {
    if members::find_member(tx.db(), room, person).await?.is_some() {
        return Ok(());
    }
    let row = people::find_person(tx.db(), person).await?.filter(|row| !row.disabled);
    let row = row.ok_or(Problem::not_found(Thing::Person))?;
    let member = Member { person: row.into(), role: Role::Member, joined_at: was.joined_at };
    tx.record(room, What::Joined { member }).await?;
    members::restore_member(tx.db(), was.row(room, person)).await?;
    settle(tx, room, person).await?;
    let line = Entry::new(Act::MemberAdded, who).in_room(room).to(person).saying(Role::Member.as_str());
    audit::note(tx, line).await
}

pub(super) async fn is_banned(tx: &Tx, room: RoomId, person: PersonId) -> Result<bool> {
    Ok(find_curb(tx, room, person).await?.is_some_and(|curb| curb.banned))
}

/// A mute that is over is none.
async fn find_curb(tx: &Tx, room: RoomId, person: PersonId) -> Result<Option<Curbed>> {
    let row = restrictions::find_restriction(tx.db(), room, person).await?;
    let bites = |row: &restriction::Model| row.banned || row.muted_until.is_some_and(|until| until > tx.now());
    Ok(row.filter(bites).map(Curbed::from))
}

impl From<restriction::Model> for Curbed {
    fn from(row: restriction::Model) -> Self {
        let restriction::Model { muted_until, banned, reason, by_id: by, at, .. } = row;
        Self { muted_until, banned, reason, by, at }
    }
}

impl From<member::Model> for Belonged {
    fn from(row: member::Model) -> Self {
        let member::Model { joined_at, last_read_seq, heard, level, said_at, pinned, .. } = row;
        Self { joined_at, last_read_seq, heard, level, said_at, pinned }
    }
}

impl Belonged {
    fn row(self, room: RoomId, person: PersonId) -> member::Model {
        let Self { joined_at, last_read_seq, heard, level, said_at, pinned } = self;
        member::Model {
            room_id: room.0,
            person_id: person.0,
            role: Role::Member.as_str().to_owned(),
            joined_at,
            last_read_seq,
            heard,
            level,
            undo_seq: None,
            said_at,
            pinned,
        }
    }
}

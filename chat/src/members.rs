//! Members: coming, going, and what one may do.

use crate::access::standing;
use crate::accounts::{PAGE, Page, PageEnd};
use crate::audit::{self, Entry};
use crate::join_requests::settle;
use crate::moderation::Stood;
use crate::names::name_key;
use crate::store::{Tx, embed, members, people, restrictions, rooms};
use crate::ways_in::remove_ways_in;
use crate::{Chat, Problem, Result, RoomHost, RoomReader, Rule, Thing, Who};
use domain::audit::Act;
use domain::event::What;
use domain::member::{Member, Role};
use domain::person::{Person, SiteRole};
use domain::role::{self, Action};
use domain::room::{Room, Visibility};
use domain::{DeedId, PersonId, RoomId};

/// Most members that are listed.
const LISTED: u64 = 200;

/// Which members of a room, and in which order.
#[derive(Clone, Debug, Default)]
pub struct MembersQuery {
    /// In the user name or the display name; empty for all.
    pub words: String,
    /// By name alone; else hosts first, then by name.
    pub by_name: bool,
    pub descending: bool,
    /// The page after this one: what [`Page::next`] said.
    pub after: Option<PersonId>,
}

impl Chat {
    /// Becomes a member of a public or open room; nothing for members.
    ///
    /// # Errors
    /// As [`Chat::reader`]; [`Problem::NotAllowed`] in an archived room.
    pub async fn enter(&self, who: &Who, room: RoomId) -> Result<()> {
        self.newcomer(who, room).await.map(drop)
    }

    /// Stops being a member. The person's connections stop listening before this returns.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for those who are not members; [`Rule::LastOne`] for the last host;
    /// [`Problem::NotAllowed`] in a private chat, which is two people's for good.
    pub async fn leave(&self, who: &Who, room: RoomId) -> Result<()> {
        let person = who.person.id;
        if self.find_known(room).await?.is_some_and(|known| known.room.is_direct()) {
            self.reader(Some(who), room).await?;
            return Err(Problem::NotAllowed.into());
        }
        self.store().write_in(room, move |tx| Box::pin(remove(tx, room, person))).await?;
        self.hub().expel(person, room, Problem::NotAllowed);
        Ok(())
    }

    /// Hosts first, then by name; at most 200.
    pub async fn members(&self, reader: &RoomReader) -> Result<Vec<Member>> {
        Ok(members::list_members(self.store().read(), reader.room().id, LISTED).await?)
    }

    /// A page of members whose names hold the words.
    pub async fn members_page(&self, host: &RoomHost, query: &MembersQuery) -> Result<Page<Member>> {
        let words = query.words.trim().replace('\0', "\u{FFFD}");
        let words = (&*name_key(&words), &*words);
        let room = host.room().id;
        let rows = members::list_members_page(self.store().read(), room, words, query, PAGE as u64 + 1).await?;
        Ok(Page::of(rows, |member| PageEnd { id: member.person.id.0, at: 0 }))
    }

    /// Lets somebody in, or gives a member another role.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if there is no such person; [`Rule::LastOne`] if the last host
    /// would stop being one.
    pub async fn add_member(&self, host: &RoomHost, person: PersonId, role: Role) -> Result<()> {
        let room = host.room().id;
        let by = host.who().clone();
        let write =
            self.store().write_in(room, move |tx| Box::pin(async move { add(tx, room, person, role, &by).await }));
        let had_asked = write.await?;
        self.note_role(room, person, role);
        self.tell_settled(room, had_asked);
        Ok(())
    }

    /// Sends a member away. Their connections stop listening before this returns. Answers what
    /// [`Chat::undo_deed`] undoes; `None` for a host, whose links went as well.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for those who are not members; [`Rule::LastOne`] for the last host.
    pub async fn remove_member(&self, host: &RoomHost, person: PersonId) -> Result<Option<DeedId>> {
        let (room, by) = (host.room().id, host.who().clone());
        let line = Entry::new(Act::Kicked, &by).in_room(room).to(person);
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                let stood = Stood::find(tx, room, person).await?;
                remove(tx, room, person).await?;
                // A visit from another site ends with it.
                let sessions = embed::remove_sessions(tx.db(), room, person).await?;
                audit::note(tx, line).await?;
                let deed = match stood.is_host() {
                    true => None,
                    false => Some(stood.keep(tx, (room, &by), person).await?),
                };
                Ok((sessions, deed))
            })
        });
        let (sessions, deed) = write.await?;
        self.hub().expel(person, room, Problem::NotAllowed);
        self.end_visits(&sessions);
        Ok(deed)
    }

    /// Makes another member host in one's own place, at once: there is no moment with none or two.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] for those who are not hosts themselves; [`Problem::NotFound`]
    /// if the other one is not a member.
    pub async fn hand_over(&self, host: &RoomHost, to: PersonId) -> Result<()> {
        host.may(Action::HandOver)?;
        let (room, by) = (host.room().id, host.who().clone());
        let from = by.person.id;
        self.store().write_in(room, move |tx| Box::pin(async move { hand_over(tx, room, &by, to).await })).await?;
        self.note_role(room, to, Role::Host);
        if to != from {
            self.note_role(room, from, Role::Member);
        }
        Ok(())
    }

    /// Notes that a member has seen everything up to `seq`; never less than before, and not
    /// more than there is. Nothing for those who are not members.
    pub async fn seen(&self, who: &Who, room: RoomId, seq: i64) -> Result<()> {
        let person = who.person.id;
        let read = self.store().read();
        let Some(member) = members::find_member(read, room, person).await? else { return Ok(()) };
        let Some(row) = rooms::find_room(read, room).await? else { return Ok(()) };
        let seq = seq.min(row.last_seq);
        // Pages say it often; most of the time there is nothing to write.
        if seq <= member.last_read_seq {
            return Ok(());
        }
        self.store()
            .write_in(room, move |tx| {
                Box::pin(async move { Ok(members::change_last_read(tx.db(), room, person, seq).await?) })
            })
            .await?;
        self.hub().note_unread(person, room);
        // The other one in a private chat sees that it was read.
        if row.visibility == Visibility::Direct.as_str() {
            self.hub().note_contact(room);
        }
        Ok(())
    }

    /// Makes a reader a member. Access was checked; a room that was archived or closed
    /// meanwhile is noticed here.
    pub(crate) async fn join(&self, who: &Who, room: RoomId) -> Result<Role> {
        let who = who.clone();
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                if let Some(member) = members::find_member(tx.db(), room, who.person.id).await? {
                    return Ok((member.room_role()?, false));
                }
                let row = rooms::find_room(tx.db(), room).await?.ok_or(Problem::not_found(Thing::Room))?;
                role::may(Action::TakePart, standing(Some(&who), None), &Room::try_from(&row)?)?;
                refuse_banned(tx, room, &who).await?;
                Ok((Role::Member, join_as(tx, room, who.person, Role::Member).await?))
            })
        });
        let (role, had_asked) = write.await?;
        self.tell_settled(room, had_asked);
        Ok(role)
    }
}

/// Nobody who is banned from a room comes in again by themselves.
pub(crate) async fn refuse_banned(tx: &Tx, room: RoomId, who: &Who) -> Result<()> {
    let found = restrictions::find_restriction(tx.db(), room, who.person.id).await?;
    match found.filter(|row| row.banned && who.role != SiteRole::Admin) {
        Some(row) => Err(Problem::Removed { for_good: true, reason: row.reason }.into()),
        None => Ok(()),
    }
}

/// Adds a member who is not one yet. What was said before counts as seen. Answers whether they had asked
/// for it, for [`Chat::tell_settled`].
pub(crate) async fn join_as(tx: &mut Tx, room: RoomId, person: Person, role: Role) -> Result<bool> {
    let member = Member { person: person.clone(), role, joined_at: tx.now() };
    let joined = tx.record(room, What::Joined { member }).await?;
    members::create_member(tx.db(), room, person.id, role, tx.now(), joined.seq).await?;
    settle(tx, room, person.id).await
}

/// As [`join_as`].
async fn add(tx: &mut Tx, room: RoomId, person: PersonId, role: Role, by: &Who) -> Result<bool> {
    members::lock_room(tx.db(), room).await?;
    let row = people::find_person(tx.db(), person).await?.filter(|row| !row.disabled);
    let row = row.ok_or(Problem::not_found(Thing::Person))?;
    let Some(member) = members::find_member(tx.db(), room, person).await? else {
        let curb = restrictions::find_restriction(tx.db(), room, person).await?;
        if curb.is_some_and(|row| row.banned) {
            return Err(Problem::NotAllowed.into());
        }
        let had_asked = join_as(tx, room, row.into(), role).await?;
        let line = Entry::new(Act::MemberAdded, by).in_room(room).to(person).saying(role.as_str());
        audit::note(tx, line).await?;
        return Ok(had_asked);
    };
    let before = member.room_role()?;
    if before == role {
        return Ok(false);
    }
    if before == Role::Host {
        keep_a_host(tx, room, person).await?;
    }
    change(tx, room, person, role, by).await?;
    Ok(false)
}

async fn change(tx: &mut Tx, room: RoomId, person: PersonId, role: Role, by: &Who) -> Result<()> {
    tx.record(room, What::RoleChanged { person, role }).await?;
    members::change_role(tx.db(), room, person, role).await?;
    remove_ways_in(tx, person).await?;
    audit::note(tx, Entry::new(Act::RoleChanged, by).in_room(room).to(person).saying(role.as_str())).await
}

async fn hand_over(tx: &mut Tx, room: RoomId, by: &Who, to: PersonId) -> Result<()> {
    let from = by.person.id;
    members::lock_room(tx.db(), room).await?;
    let role = async |tx: &Tx, person| -> Result<Option<Role>> {
        Ok(members::find_member(tx.db(), room, person).await?.map(|row| row.room_role()).transpose()?)
    };
    // Perhaps somebody took it away a moment ago.
    if role(tx, from).await? != Some(Role::Host) {
        return Err(Problem::NotAllowed.into());
    }
    let before = role(tx, to).await?.ok_or(Problem::not_found(Thing::Member))?;
    let person = people::find_person(tx.db(), to).await?.filter(|row| !row.disabled);
    person.ok_or(Problem::not_found(Thing::Person))?;
    if to == from {
        return Ok(());
    }
    if before != Role::Host {
        change(tx, room, to, Role::Host, by).await?;
    }
    change(tx, room, from, Role::Member, by).await
}

async fn remove(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<()> {
    // The room first, as those who say something lock it: two processes must not wait for each
    // other, and two hosts who send each other away must not both succeed.
    members::lock_room(tx.db(), room).await?;
    let member = members::find_member(tx.db(), room, person).await?;
    let member = member.ok_or(Problem::not_found(Thing::Member))?;
    if member.room_role()? == Role::Host {
        keep_a_host(tx, room, person).await?;
    }
    tx.record(room, What::Left { person }).await?;
    members::remove_member(tx.db(), room, person).await?;
    // Nor does anybody else come in by their links.
    remove_ways_in(tx, person).await
}

/// A room is never without a host.
async fn keep_a_host(tx: &Tx, room: RoomId, leaving: PersonId) -> Result<()> {
    if members::has_other_host(tx.db(), room, leaving).await? {
        Ok(())
    } else {
        Err(Problem::invalid("member", Rule::LastOne).into())
    }
}

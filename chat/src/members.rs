//! Members: coming, going, and what one may do.

use crate::audit::{self, Entry};
use crate::store::{Tx, members, people, rooms};
use crate::{Chat, Problem, Result, RoomHost, RoomReader, Rule, Thing, Who};
use domain::audit::Act;
use domain::event::What;
use domain::member::{Member, Role};
use domain::person::Person;
use domain::{PersonId, RoomId};

/// Most members that are listed.
const LISTED: u64 = 200;

impl Chat {
    /// Becomes a member of a public or open room; nothing for members.
    ///
    /// # Errors
    /// As [`Chat::reader`]; [`Problem::NotAllowed`] in an archived room.
    pub async fn enter(&self, who: &Who, room: RoomId) -> Result<()> {
        self.writer(Some(who), room).await.map(drop)
    }

    /// Stops being a member. The person's connections stop listening before this returns.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for those who are not members; [`Rule::LastOne`] for the last host.
    pub async fn leave(&self, who: &Who, room: RoomId) -> Result<()> {
        let person = who.person.id;
        self.store().write_in(room, move |tx| Box::pin(remove(tx, room, person))).await?;
        self.hub().expel(person, room, Problem::NotAllowed);
        Ok(())
    }

    /// Hosts first, then by name; at most 200.
    pub async fn members(&self, reader: &RoomReader) -> Result<Vec<Member>> {
        Ok(members::list_members(self.store().read(), reader.room().id, LISTED).await?)
    }

    /// Lets somebody in, or gives a member another role.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if there is no such person; [`Rule::LastOne`] if the last host
    /// would stop being one.
    pub async fn add_member(&self, host: &RoomHost, person: PersonId, role: Role) -> Result<()> {
        let room = host.room().id;
        let by = host.who().clone();
        self.store().write_in(room, move |tx| Box::pin(async move { add(tx, room, person, role, &by).await })).await?;
        self.note_role(room, person, role);
        Ok(())
    }

    /// Sends a member away. Their connections stop listening before this returns.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for those who are not members; [`Rule::LastOne`] for the last host.
    pub async fn remove_member(&self, host: &RoomHost, person: PersonId) -> Result<()> {
        let room = host.room().id;
        let line = Entry::new(Act::Kicked, host.who()).in_room(room).to(person);
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                remove(tx, room, person).await?;
                audit::note(tx, line).await
            })
        });
        write.await?;
        self.hub().expel(person, room, Problem::NotAllowed);
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
            .await
    }

    /// Makes a reader a member. Access was checked; a room that was archived or closed
    /// meanwhile is noticed here.
    pub(crate) async fn join(&self, who: &Who, room: RoomId) -> Result<Role> {
        let who = who.clone();
        self.store()
            .write_in(room, move |tx| {
                Box::pin(async move {
                    if let Some(member) = members::find_member(tx.db(), room, who.person.id).await? {
                        return Ok(member.room_role()?);
                    }
                    let row = rooms::find_room(tx.db(), room).await?.ok_or(Problem::not_found(Thing::Room))?;
                    let now = domain::room::Room::try_from(&row)?;
                    if !crate::access::may_read(now.visibility, Some(&who), false) {
                        return Err(Problem::not_found(Thing::Room).into());
                    }
                    if now.archived {
                        return Err(Problem::NotAllowed.into());
                    }
                    join_as(tx, room, who.person, Role::Member).await?;
                    Ok(Role::Member)
                })
            })
            .await
    }
}

/// Adds a member who is not one yet. What was said before counts as seen.
pub(crate) async fn join_as(tx: &mut Tx, room: RoomId, person: Person, role: Role) -> Result<()> {
    let member = Member { person: person.clone(), role, joined_at: tx.now() };
    let joined = tx.record(room, What::Joined { member }).await?;
    members::create_member(tx.db(), room, person.id, role, tx.now(), joined.seq).await?;
    Ok(())
}

async fn add(tx: &mut Tx, room: RoomId, person: PersonId, role: Role, by: &Who) -> Result<()> {
    let line = |act| Entry::new(act, by).in_room(room).to(person).saying(role.as_str());
    let row = people::find_person(tx.db(), person).await?.filter(|row| !row.disabled);
    let row = row.ok_or(Problem::not_found(Thing::Person))?;
    let Some(member) = members::find_member(tx.db(), room, person).await? else {
        join_as(tx, room, row.into(), role).await?;
        return audit::note(tx, line(Act::MemberAdded)).await;
    };
    let before = member.room_role()?;
    if before == role {
        return Ok(());
    }
    if before == Role::Host {
        keep_a_host(tx, room, person).await?;
    }
    // The room first, as those who say something lock it: two processes must not wait for each other.
    tx.record(room, What::RoleChanged { person, role }).await?;
    members::change_role(tx.db(), room, person, role).await?;
    audit::note(tx, line(Act::RoleChanged)).await
}

async fn remove(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<()> {
    let member = members::find_member(tx.db(), room, person).await?;
    let member = member.ok_or(Problem::not_found(Thing::Member))?;
    if member.room_role()? == Role::Host {
        keep_a_host(tx, room, person).await?;
    }
    tx.record(room, What::Left { person }).await?;
    Ok(members::remove_member(tx.db(), room, person).await?)
}

/// A room is never without a host.
async fn keep_a_host(tx: &Tx, room: RoomId, leaving: PersonId) -> Result<()> {
    if members::has_other_host(tx.db(), room, leaving).await? {
        Ok(())
    } else {
        Err(Problem::invalid("member", Rule::LastOne).into())
    }
}

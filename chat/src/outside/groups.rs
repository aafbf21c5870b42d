//! Rooms that the people of another system make for themselves. They come in by what the system
//! calls a room, or are brought in by its host; when the host goes, the next one is host.

use super::Vouched;
use super::aliases::join_unless_banned;
use crate::audit::{self, Entry};
use crate::rooms::changed;
use crate::store::{Tx, members, outside as rows, rooms};
use crate::ways_in::remove_ways_in;
use crate::{Chat, Problem, Result, RoomHost, Thing, Who};
use domain::audit::Act;
use domain::event::What;
use domain::member::Role;
use domain::person::Person;
use domain::room::RoomWords;
use domain::{PersonId, RoomId};

impl Chat {
    /// Makes the room that a system calls so, for somebody whom it vouches for: they are its host.
    ///
    /// # Errors
    /// [`Problem::TooFast`]; as [`Chat::room_of`].
    pub async fn make_group(&self, host: &Vouched, name: &str, words: &RoomWords) -> Result<RoomId> {
        self.limits().join(host.person.id)?;
        self.room_of(&host.system, name, words, Some(&host.person)).await
    }

    /// Somebody comes into a room of the system that vouches for them. Nothing for members.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if the system calls no room so, or it is archived;
    /// [`Problem::Removed`] for those who are banned.
    pub async fn enter_group(&self, vouched: &Vouched, name: &str) -> Result<RoomId> {
        let nothing = || Problem::not_found(Thing::Room);
        let room = self.find_room_of(&vouched.system, name).await?.ok_or_else(nothing)?;
        let row = rooms::find_room(self.store().read(), room).await?;
        if row.is_none_or(|row| row.archived) {
            return Err(nothing().into());
        }
        let person = vouched.person.clone();
        self.store().write_in(room, move |tx| Box::pin(async move { join(tx, room, person).await.map(drop) })).await?;
        Ok(room)
    }

    /// A host brings somebody into a room of the system that vouches for them. Nothing for members.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if the system has no name for the room; [`Problem::NotAllowed`] in an
    /// archived one; [`Problem::Removed`] for those who are banned.
    pub async fn add_to_group(&self, host: &RoomHost, vouched: &Vouched) -> Result<()> {
        host.not_archived()?;
        let room = host.room().id;
        if rows::list_aliases(self.store().read(), &vouched.system, &[room]).await?.is_empty() {
            return Err(Problem::not_found(Thing::Room).into());
        }
        let (person, by) = (vouched.person.clone(), host.who().clone());
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let id = person.id;
                if !join(tx, room, person).await? {
                    return Ok(());
                }
                let line = Entry::new(Act::MemberAdded, &by).in_room(room).to(id).saying(Role::Member.as_str());
                audit::note(tx, line).await
            })
        });
        write.await
    }

    /// Somebody goes for good. If nobody else is host, whoever has been there longest becomes it;
    /// when the last one goes, the room is archived. Nothing for those who are not members. Their
    /// connections stop listening before this returns.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] in a private chat.
    pub async fn leave_group(&self, who: &Who, room: RoomId) -> Result<()> {
        if self.find_known(room).await?.is_some_and(|known| known.room.is_direct()) {
            return Err(Problem::NotAllowed.into());
        }
        let (person, by) = (who.person.id, who.clone());
        let write = self.store().write_in(room, move |tx| Box::pin(async move { go(tx, room, &by).await }));
        let heir = write.await?;
        self.hub().expel(person, room, Problem::NotAllowed);
        if let Some(heir) = heir {
            self.note_role(room, heir, Role::Host);
        }
        Ok(())
    }
}

/// Whether they were no member before.
async fn join(tx: &mut Tx, room: RoomId, person: Person) -> Result<bool> {
    members::lock_room(tx.db(), room).await?;
    if members::find_member(tx.db(), room, person.id).await?.is_some() {
        return Ok(false);
    }
    join_unless_banned(tx, room, person, Role::Member).await?;
    Ok(true)
}

/// Who is host in the place of whoever went.
async fn go(tx: &mut Tx, room: RoomId, who: &Who) -> Result<Option<PersonId>> {
    let person = who.person.id;
    members::lock_room(tx.db(), room).await?;
    let Some(member) = members::find_member(tx.db(), room, person).await? else { return Ok(None) };
    let next = members::find_eldest_other(tx.db(), room, person).await?;
    let is_needed = member.room_role()? == Role::Host && !members::has_other_host(tx.db(), room, person).await?;
    let heir = next.filter(|_| is_needed);
    if let Some(heir) = heir {
        tx.record(room, What::RoleChanged { person: heir, role: Role::Host }).await?;
        members::change_role(tx.db(), room, heir, Role::Host).await?;
        let line = Entry::new(Act::RoleChanged, who).in_room(room).to(heir).saying(Role::Host.as_str());
        audit::note(tx, line).await?;
    }
    tx.record(room, What::Left { person }).await?;
    members::remove_member(tx.db(), room, person).await?;
    // Nor does anybody else come in by their links.
    remove_ways_in(tx, person).await?;
    if next.is_none() {
        rooms::change_archived(tx.db(), room, true).await?;
        audit::note(tx, Entry::new(Act::RoomArchived, who).in_room(room)).await?;
        changed(tx, room).await?;
    }
    Ok(heir)
}

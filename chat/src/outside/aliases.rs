//! Rooms that another system has a name for.

use crate::audit::{self, Entry};
use crate::members::join_as;
use crate::rooms::new_epoch;
use crate::store::fault::OnUnique;
use crate::store::{Tx, members, outside as rows, restrictions, rooms};
use crate::ways_in::remove_ways_in;
use crate::{Chat, Problem, Result, Thing};
use domain::RoomId;
use domain::audit::Act;
use domain::event::What;
use domain::member::Role;
use domain::person::Person;
use domain::room::RoomWords;
use std::collections::HashMap;

/// How often another address is tried when one is in use.
const TRIES: usize = 8;

impl Chat {
    /// The room that a system calls so.
    pub async fn find_room_of(&self, system: &str, name: &str) -> Result<Option<RoomId>> {
        Ok(rows::find_alias(self.store().read(), system, name).await?)
    }

    /// All rooms that a system has a name for, in the order in which they were made.
    pub async fn rooms_of(&self, system: &str) -> Result<Vec<RoomId>> {
        Ok(rows::list_rooms(self.store().read(), system).await?)
    }

    /// What a system calls these rooms.
    pub async fn aliases(&self, system: &str, rooms: &[RoomId]) -> Result<HashMap<RoomId, String>> {
        Ok(rows::list_aliases(self.store().read(), system, rooms).await?)
    }

    /// The room that a system calls so; made with these words if there is none. If their address is
    /// in use, a number is put behind it.
    ///
    /// # Errors
    /// [`Problem::Unavailable`] if no address could be found.
    pub async fn room_of(&self, system: &str, name: &str, words: &RoomWords, host: Option<&Person>) -> Result<RoomId> {
        for attempt in 0..TRIES {
            if let Some(room) = self.find_room_of(system, name).await? {
                return Ok(room);
            }
            let mut words = words.clone();
            if attempt > 0 {
                words.slug = format!("{}-{:04x}", words.slug, rand::random::<u16>());
            }
            match self.make_room_of(system, name, words, host).await.map_err(crate::Error::into_problem) {
                // The address, or the name itself by somebody who was a moment faster.
                Err(Problem::Taken { .. }) => {}
                made => return Ok(made?),
            }
        }
        Err(Problem::Unavailable.into())
    }

    async fn make_room_of(&self, system: &str, name: &str, words: RoomWords, host: Option<&Person>) -> Result<RoomId> {
        let (system, name, host, epoch) = (system.to_owned(), name.to_owned(), host.cloned(), new_epoch());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let taken = Problem::Taken { thing: Thing::Room };
                let created = rooms::create_room(tx.db(), words, epoch, tx.now()).await;
                let room = RoomId(created.on_unique("room_slug", taken.clone())?.id);
                let aliased = rows::create_alias(tx.db(), &system, &name, room).await;
                aliased.on_unique("alias_system_name", taken)?;
                if let Some(host) = host {
                    join_as(tx, room, host, Role::Host).await?;
                }
                audit::note(tx, Entry::by_command(Act::RoomCreated).in_room(room).saying(system)).await?;
                Ok(room)
            })
        });
        write.await
    }

    /// Makes somebody a member of a room, or gives them another role there.
    pub(crate) async fn seat_person(&self, person: Person, room: RoomId, role: Role) -> Result<()> {
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                match members::find_member(tx.db(), room, person.id).await? {
                    None => join_unless_banned(tx, room, person, role).await,
                    Some(row) if row.room_role()? == role => Ok(false),
                    Some(_) => {
                        tx.record(room, What::RoleChanged { person: person.id, role }).await?;
                        members::change_role(tx.db(), room, person.id, role).await?;
                        remove_ways_in(tx, person.id).await?;
                        Ok(false)
                    }
                }
            })
        });
        let had_asked = write.await?;
        self.tell_settled(room, had_asked);
        Ok(())
    }
}

/// Whoever a room has banned does not come in by another system either. Answers as [`join_as`].
pub(super) async fn join_unless_banned(tx: &mut Tx, room: RoomId, person: Person, role: Role) -> Result<bool> {
    let found = restrictions::find_restriction(tx.db(), room, person.id).await?;
    match found.filter(|row| row.banned) {
        Some(row) => Err(Problem::Removed { for_good: true, reason: row.reason }.into()),
        None => join_as(tx, room, person, role).await,
    }
}

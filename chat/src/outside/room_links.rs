//! What other systems call our rooms, as the operator sets it: a room that was there before them, for
//! instance, as room 1 of an old protocol.

use crate::audit::{self, Entry};
use crate::store::{Tx, outside as rows, rooms};
use crate::{Chat, Problem, Result, Rule, Thing};
use domain::audit::Act;
use domain::room::{Room, Visibility};
use domain::text;

/// Longest name of a system, and of a room in it, in characters.
const MAX_NAME: usize = 64;

/// A room, and what a system calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomLink {
    pub slug: String,
    pub system: String,
    pub name: String,
}

impl Chat {
    /// Has a system call a room so. A room that it called so before it does not know any more; which
    /// that was.
    ///
    /// # Errors
    /// `NotFound(Room)`, also for a private chat; `Taken(Room)` if the system has another name for the
    /// room; `Invalid` for names that are empty, too long, or not to be seen.
    pub async fn link_room(&self, slug: &str, system: &str, name: &str) -> Result<Option<Room>> {
        let (system, name) = (parse("system", system)?, parse("name", name)?);
        let slug = slug.to_owned();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let room = found(tx, &slug).await?;
                let known = rows::list_aliases(tx.db(), &system, &[room.id]).await?.remove(&room.id);
                match known {
                    Some(known) if known == name => return Ok(None),
                    Some(_) => return Err(Problem::Taken { thing: Thing::Room }.into()),
                    None => {}
                }
                let before = rows::find_alias(tx.db(), &system, &name).await?;
                rows::remove_alias(tx.db(), &system, &name).await?;
                rows::create_alias(tx.db(), &system, &name, room.id).await?;
                let line = Entry::by_command(Act::RoomChanged).in_room(room.id);
                audit::note(tx, line.saying(format!("{system} {name}"))).await?;
                let before = match before {
                    Some(before) => {
                        rooms::find_room(tx.db(), before).await?.as_ref().map(Room::try_from).transpose()?
                    }
                    None => None,
                };
                Ok(before)
            })
        });
        write.await
    }

    /// Has a system not know any room by a name.
    ///
    /// # Errors
    /// `NotFound(Room)` if it does not know one.
    pub async fn unlink_room(&self, system: &str, name: &str) -> Result<()> {
        let (system, name) = (system.trim().to_owned(), name.trim().to_owned());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let room = rows::find_alias(tx.db(), &system, &name).await?;
                let room = room.ok_or(Problem::not_found(Thing::Room))?;
                rows::remove_alias(tx.db(), &system, &name).await?;
                audit::note(tx, Entry::by_command(Act::RoomChanged).in_room(room).saying(system)).await
            })
        });
        write.await
    }

    /// What all systems call our rooms: by system, then as it came about.
    pub async fn room_links(&self) -> Result<Vec<RoomLink>> {
        let rows = rows::list_all_aliases(self.store().read()).await?;
        Ok(rows.into_iter().map(|(row, slug)| RoomLink { slug, system: row.system, name: row.name }).collect())
    }
}

async fn found(tx: &Tx, slug: &str) -> Result<Room> {
    let row = rooms::find_by_slug(tx.db(), slug).await?.ok_or(Problem::not_found(Thing::Room))?;
    let room = Room::try_from(&row)?;
    // Nobody but its two people is in a private chat, by whatever name.
    if room.visibility == Visibility::Direct {
        return Err(Problem::not_found(Thing::Room).into());
    }
    Ok(room)
}

fn parse(field: &str, name: &str) -> std::result::Result<String, Problem> {
    let name = text::line(field, name, 1, MAX_NAME)?;
    if name.contains(char::is_whitespace) { Err(Problem::invalid(field, Rule::Characters)) } else { Ok(name) }
}

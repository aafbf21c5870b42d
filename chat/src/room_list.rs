//! All rooms, as administrators see them, and their end.

use crate::accounts::{PAGE, Page, PageEnd};
use crate::audit::{self, Entry};
use crate::known::Changed;
use crate::store::{members, rooms};
use crate::{Admin, Chat, Problem, Result, Rule, Thing};
use domain::RoomId;
use domain::audit::Act;
use domain::gate::{GateRule, Phase};
use domain::room::{Room, Visibility};

/// A room as administrators see it.
#[derive(Clone, Debug)]
pub struct RoomEntry {
    pub room: Room,
    pub members: u64,
    /// When something happened in it last.
    pub last_at: i64,
    /// How many are in it now, guests included.
    pub present: u32,
    pub phase: Phase,
}

/// Which rooms, and in which order.
#[derive(Clone, Debug, Default)]
pub struct RoomsQuery {
    /// In the name or the address; empty for all.
    pub words: String,
    pub visibility: Option<Visibility>,
    /// `None` for both.
    pub archived: Option<bool>,
    pub order: RoomsOrder,
    pub descending: bool,
    /// The page after this one: what [`Page::next`] said.
    pub after: Option<PageEnd>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoomsOrder {
    #[default]
    Title,
    /// When something happened last.
    Active,
    Since,
}

impl Chat {
    /// A page of rooms.
    pub async fn rooms_page(&self, _admin: &Admin, query: &RoomsQuery) -> Result<Page<RoomEntry>> {
        let read = self.store().read();
        let rows = rooms::list_rooms(read, query, PAGE as u64 + 1).await?;
        let mut counts = members::count_members(read, rows.iter().map(|row| RoomId(row.id)).collect()).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let (room, rule) = (Room::try_from(&row)?, GateRule::try_from(&row)?);
            entries.push(RoomEntry {
                members: counts.remove(&room.id).unwrap_or_default(),
                last_at: row.last_at,
                present: self.hub().count_present(room.id),
                phase: self.gate_state(room.id, rule).phase,
                room,
            });
        }
        Ok(Page::of(entries, |entry| PageEnd { id: entry.room.id.0, at: entry.last_at }))
    }

    /// Removes a room for good, with everything said and hung in it. `title` is its name, typed
    /// once more. Nobody hears it any more when this returns; the files of its pictures go with
    /// the next housekeeping.
    ///
    /// # Errors
    /// `Invalid(room_name)` if that is not its name; [`Problem::NotFound`].
    pub async fn remove_room(&self, admin: &Admin, room: RoomId, title: &str) -> Result<()> {
        let (title, by) = (title.trim().to_owned(), admin.who().clone());
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                let row = rooms::find_room(tx.db(), room).await?.ok_or(Problem::not_found(Thing::Room))?;
                if Room::try_from(&row)?.is_direct() {
                    return Err(Problem::not_found(Thing::Room).into());
                }
                if row.title != title {
                    return Err(Problem::invalid("room_name", Rule::Shape).into());
                }
                rooms::remove_room(tx.db(), &row).await?;
                tx.changes(Changed::Room(room));
                audit::note(tx, Entry::new(Act::RoomRemoved, &by).saying(format!("/r/{}", row.slug))).await
            })
        });
        write.await?;
        self.0.known.note_change();
        self.0.scenes.forget();
        self.forget_gate(room);
        self.hub().expel_unless(room, |_| false, Problem::not_found(Thing::Room));
        Ok(())
    }
}

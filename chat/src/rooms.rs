//! Rooms: the list, and their words.

use crate::access::may_read;
use crate::audit::{self, Entry};
use crate::members::join_as;
use crate::store::fault::OnUnique;
use crate::store::lines::{Sees, list_lines};
use crate::store::{Tx, members, people, rooms};
use crate::{Admin, Chat, Problem, Result, RoomHost, Rule, Thing, Who};
use domain::audit::Act;
use domain::event::What;
use domain::gate::Opening;
use domain::member::Role;
use domain::person::{Person, SiteRole};
use domain::room::{Room, RoomLine, RoomWords};
use domain::{PersonId, RoomId};
use std::collections::HashSet;

/// Most rooms that are listed.
const LISTED: u32 = 500;

/// Numbers that a page's script can hold.
const EPOCHS: std::ops::Range<i64> = 1..1 << 53;

/// Names a history that no page knows.
pub(crate) fn new_epoch() -> i64 {
    rand::random_range(EPOCHS)
}

impl Chat {
    /// What this visitor may see: last activity first, archived rooms last.
    pub async fn rooms(&self, who: Option<&Who>) -> Result<Vec<RoomLine>> {
        let sees = match who {
            None => Sees::Public,
            Some(who) if who.role == SiteRole::Admin => Sees::All,
            Some(who) => Sees::AsPerson(who.person.id),
        };
        let me = who.map(|who| who.person.id);
        let mut listed = list_lines(self.store().read(), sees, me, LISTED).await?;
        if let Some(only) = who.and_then(|who| who.only) {
            listed.retain(|(line, _)| line.room.id == only);
        }
        let mut lines = Vec::with_capacity(listed.len());
        for (mut line, rule) in listed {
            line.present = self.hub().count_present(line.room.id);
            if rule.opening != Opening::Always {
                line.phase = self.gate_state(line.room.id, rule).phase;
            }
            let is_inside = line.role == Some(Role::Host) || matches!(sees, Sees::All);
            if !line.phase.is_open() && !is_inside {
                line = self.seen_from_outside(line).await?;
            }
            lines.push(line);
        }
        if let Some(who) = who {
            self.count_in(who, &mut lines).await?;
            self.add_drafts(who, &mut lines).await?;
        }
        if let Some(me) = me {
            self.put_faces(me, lines.iter_mut().map(|line| &mut line.room)).await?;
        }
        Ok(lines)
    }

    /// What somebody may know of a room that is shut for them.
    async fn seen_from_outside(&self, line: RoomLine) -> Result<RoomLine> {
        let cover = rooms::find_cover(self.store().read(), line.room.id).await?;
        Ok(RoomLine { last: None, unread: 0, mentions: 0, cover, ..line })
    }

    /// Makes a room; its creator becomes host when nobody else is named.
    ///
    /// # Errors
    /// [`Problem::Taken`] if the address is in use; [`Problem::NotFound`] for an unknown host.
    pub async fn create_room(&self, admin: &Admin, words: RoomWords, host: Option<PersonId>) -> Result<Room> {
        let host = Some(host.unwrap_or(admin.who().person.id));
        self.make_room(words, host, Entry::new(Act::RoomCreated, admin.who())).await
    }

    /// Makes a room from the command line, where there is nobody who could become its host.
    ///
    /// # Errors
    /// As [`Chat::create_room`].
    pub async fn add_room(&self, words: RoomWords, host: Option<PersonId>) -> Result<Room> {
        self.make_room(words, host, Entry::by_command(Act::RoomCreated)).await
    }

    async fn make_room(&self, words: RoomWords, host: Option<PersonId>, line: Entry) -> Result<Room> {
        let words = checked(words)?;
        let epoch = new_epoch();
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    let created = rooms::create_room(tx.db(), words, epoch, tx.now()).await;
                    let room = Room::try_from(&created.on_unique("room_slug", taken())?)?;
                    if let Some(host) = host {
                        let row = people::find_person(tx.db(), host).await?;
                        let person = Person::from(row.ok_or(Problem::not_found(Thing::Person))?);
                        join_as(tx, room.id, person, Role::Host).await?;
                    }
                    audit::note(tx, line.in_room(room.id)).await?;
                    Ok(room)
                })
            })
            .await
    }

    /// Changes a room's words. Who may no longer read it stops listening before this returns.
    ///
    /// # Errors
    /// [`Problem::Taken`] if the address is in use.
    pub async fn change_room(&self, host: &RoomHost, words: RoomWords) -> Result<Room> {
        let words = checked(words)?;
        let id = host.room().id;
        let line = Entry::new(Act::RoomChanged, host.who()).in_room(id).saying(words.visibility.as_str());
        let room = self
            .store()
            .write_in(id, move |tx| {
                Box::pin(async move {
                    rooms::change_words(tx.db(), id, words).await.on_unique("room_slug", taken())?;
                    audit::note(tx, line).await?;
                    changed(tx, id).await
                })
            })
            .await?;
        self.expel_who_may_not_read(&room).await?;
        Ok(room)
    }

    /// [`Chat::change_room`] by hand. Who lets more people see what was said and hung types the room's
    /// present name once more: it cannot be taken back.
    ///
    /// # Errors
    /// `Invalid(room_name)` if that is not its name; as [`Chat::change_room`].
    pub async fn change_room_by_hand(&self, host: &RoomHost, words: RoomWords, typed: &str) -> Result<Room> {
        let room = host.room();
        if words.visibility.is_wider_than(room.visibility) && typed.trim() != room.title {
            return Err(Problem::invalid("room_name", Rule::Mismatch).into());
        }
        self.change_room(host, words).await
    }

    /// An archived room can be read but takes nothing new.
    pub async fn archive_room(&self, host: &RoomHost, archived: bool) -> Result<()> {
        let id = host.room().id;
        let act = if archived { Act::RoomArchived } else { Act::RoomReopened };
        let line = Entry::new(act, host.who()).in_room(id);
        self.store()
            .write_in(id, move |tx| {
                Box::pin(async move {
                    let row = rooms::find_room(tx.db(), id).await?;
                    if row.is_some_and(|row| row.archived == archived) {
                        return Ok(());
                    }
                    rooms::change_archived(tx.db(), id, archived).await?;
                    audit::note(tx, line).await?;
                    changed(tx, id).await.map(drop)
                })
            })
            .await
    }

    async fn expel_who_may_not_read(&self, room: &Room) -> Result<()> {
        let inside: HashSet<PersonId> =
            members::list_member_ids(self.store().read(), room.id).await?.into_iter().collect();
        let role = |who: &Who| inside.contains(&who.person.id).then_some(Role::Member);
        let may = |who: Option<&Who>| may_read(room, who, who.and_then(role));
        self.hub().expel_unless(room.id, may, Problem::not_found(Thing::Room));
        Ok(())
    }
}

/// The fields are public, so the words may have come past `RoomWords::parse`.
fn checked(words: RoomWords) -> Result<RoomWords> {
    Ok(RoomWords::parse(&words.slug, &words.title, &words.about, words.visibility)?)
}

fn taken() -> Problem {
    Problem::Taken { thing: Thing::Room }
}

/// Tells everybody what the room is like now.
pub(crate) async fn changed(tx: &mut Tx, id: RoomId) -> Result<Room> {
    let row = rooms::find_room(tx.db(), id).await?.ok_or(Problem::not_found(Thing::Room))?;
    let room = Room::try_from(&row)?;
    tx.record(id, What::RoomChanged { room: room.clone() }).await?;
    Ok(room)
}

//! Rooms and their words. Their list: `lines.rs`.

use crate::access::may_read;
use crate::audit::{self, Entry};
use crate::members::join_as;
use crate::store::fault::OnUnique;
use crate::store::{Tx, members, people, rooms};
use crate::{Admin, Chat, Problem, Result, RoomHost, Rule, Thing, Who};
use domain::audit::Act;
use domain::event::What;
use domain::member::Role;
use domain::person::Person;
use domain::room::{Room, RoomWords};
use domain::{PersonId, RoomId};
use std::collections::HashSet;

/// Numbers that a page's script can hold.
const EPOCHS: std::ops::Range<i64> = 1..1 << 53;

/// Names a history that no page knows.
pub(crate) fn new_epoch() -> i64 {
    rand::random_range(EPOCHS)
}

impl Chat {
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
        let line = Entry::new(Act::RoomChanged, host.who()).in_room(id);
        let room = self
            .store()
            .write_in(id, move |tx| {
                Box::pin(async move {
                    let row = rooms::find_room(tx.db(), id).await?.ok_or(Problem::not_found(Thing::Room))?;
                    let before = Room::try_from(&row)?;
                    let changes = what_changes(&before, &words);
                    if changes.is_empty() {
                        return Ok(before);
                    }
                    rooms::change_words(tx.db(), id, words).await.on_unique("room_slug", taken())?;
                    audit::note(tx, line.saying(changes)).await?;
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

/// For the trail: what people wrote is not in it, only that it is other words now.
fn what_changes(before: &Room, now: &RoomWords) -> String {
    let mut parts = Vec::new();
    for (name, is_other) in [("title", before.title != now.title), ("about", before.about != now.about)] {
        parts.extend(is_other.then(|| name.to_owned()));
    }
    parts.extend((before.slug != now.slug).then(|| format!("slug={}", now.slug)));
    parts.extend((before.visibility != now.visibility).then(|| format!("visibility={}", now.visibility.as_str())));
    parts.join(" ")
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

//! How a private chat begins, and how it is found.

use crate::access::RoomReader;
use crate::known::KnownRoom;
use crate::names::name_key;
use crate::rooms::new_epoch;
use crate::store::entities::person;
use crate::store::fault::OnUnique;
use crate::store::{Tx, contacts, members, people, rooms};
use crate::{Chat, Problem, Result, Thing, Who};
use domain::member::Role;
use domain::moderation::Policy;
use domain::person::Person;
use domain::room::{Room, RoomWords, Visibility};
use domain::{PersonId, RoomId};
use std::collections::HashMap;

/// For so many seconds one may take back what one said in private.
const RECALL: u32 = 600;

impl Chat {
    /// The private chat with somebody; made if there is none yet. Two who begin it at once get
    /// the same. The other one learns of it when something is said.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if nobody is called so or their account is disabled;
    /// [`Problem::NotAllowed`] with oneself; [`Problem::TooFast`] for too many new ones.
    pub async fn start_private(&self, who: &Who, name: &str) -> Result<Room> {
        let other = self.find_other(who, name).await?;
        let pair = [who.person.id, PersonId(other.id)];
        if let Some(room) = contacts::find_pair(self.store().read(), pair[0], pair[1]).await? {
            return self.private_room(who, room).await;
        }
        self.limits().join(who.person.id)?;
        let room = match self.create_private(pair).await.map_err(crate::Error::into_problem) {
            // The other one was a moment faster.
            Err(Problem::Taken { .. }) => {
                contacts::find_pair(self.store().read(), pair[0], pair[1]).await?.ok_or(Problem::Unavailable)?
            }
            made => made?,
        };
        self.private_room(who, room).await
    }

    pub(super) async fn private_room(&self, who: &Who, room: RoomId) -> Result<Room> {
        Ok(self.reader(Some(who), room).await?.room().clone())
    }

    async fn find_other(&self, who: &Who, name: &str) -> Result<person::Model> {
        let found = people::find_by_key(self.store().read(), &name_key(name.trim())).await?;
        let other = found.filter(|row| !row.disabled).ok_or(Problem::not_found(Thing::Person))?;
        if other.id == who.person.id.0 {
            return Err(Problem::NotAllowed.into());
        }
        Ok(other)
    }

    async fn create_private(&self, pair: [PersonId; 2]) -> Result<RoomId> {
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    match contacts::find_pair(tx.db(), pair[0], pair[1]).await? {
                        Some(room) => Ok(room),
                        None => create(tx, pair).await,
                    }
                })
            })
            .await
    }

    /// Access to the chat with somebody, by their name as it stands in an address.
    pub(crate) async fn private_reader(&self, who: Option<&Who>, name: &str) -> Result<RoomReader> {
        let hidden = || Problem::not_found(Thing::Room);
        let who = who.ok_or_else(hidden)?;
        let read = self.store().read();
        let other = people::find_by_key(read, &name_key(name)).await?.ok_or_else(hidden)?;
        let room = contacts::find_pair(read, who.person.id, PersonId(other.id)).await?;
        self.reader(Some(who), room.ok_or_else(hidden)?).await
    }

    /// With whom somebody has these private chats; rooms that are none, or not theirs, are missing.
    pub async fn private_others(&self, who: &Who, rooms: &[RoomId]) -> Result<HashMap<RoomId, Person>> {
        Ok(contacts::list_faces(self.store().read(), who.person.id, rooms).await?)
    }

    /// [`Chat::put_faces`] for whoever it is.
    pub(crate) async fn with_faces(&self, who: Option<&Who>, mut rooms: Vec<Room>) -> Result<Vec<Room>> {
        if let Some(who) = who {
            self.put_faces(who.person.id, rooms.iter_mut()).await?;
        }
        Ok(rooms)
    }

    /// Gives private chats among these rooms the name and address that they have for somebody.
    pub(crate) async fn put_faces<'a>(&self, me: PersonId, rooms: impl Iterator<Item = &'a mut Room>) -> Result<()> {
        let rooms: Vec<&mut Room> = rooms.filter(|room| room.is_direct()).collect();
        let ids: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
        let faces: HashMap<RoomId, Person> = contacts::list_faces(self.store().read(), me, &ids).await?;
        for room in rooms {
            if let Some(face) = faces.get(&room.id) {
                *room = room.clone().with(face);
            }
        }
        Ok(())
    }
}

/// A room as one of its readers sees it: private chats are called after the other one.
pub(crate) fn room_for(known: &KnownRoom, me: Option<PersonId>) -> Room {
    let other = me.and_then(|me| known.pair.iter().find(|person| person.id != me));
    match other {
        Some(other) => known.room.clone().with(other),
        None => known.room.clone(),
    }
}

/// Its two people are in it from the first moment. Nothing is told: nothing has happened yet.
pub(super) async fn create(tx: &mut Tx, pair: [PersonId; 2]) -> Result<RoomId> {
    let taken = Problem::Taken { thing: Thing::Room };
    // No room that somebody makes has such an address.
    let slug = format!("@{}.{}", pair[0].min(pair[1]), pair[0].max(pair[1]));
    let words = RoomWords { slug, title: String::new(), about: String::new(), visibility: Visibility::Direct };
    let row = rooms::create_room(tx.db(), words, new_epoch(), tx.now()).await.on_unique("room_slug", taken.clone())?;
    let room = RoomId(row.id);
    rooms::change_policy(tx.db(), room, Policy { recall: RECALL, ..Policy::default() }).await?;
    for person in pair {
        members::create_member(tx.db(), room, person, Role::Member, tx.now(), 0).await?;
    }
    contacts::create_pair(tx.db(), room, pair).await.on_unique("contact_person_id_other_id", taken)?;
    Ok(room)
}

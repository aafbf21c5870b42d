//! Whoever is connected hears all rooms that they belong to, also those that they come into later, by
//! whatever door.

use crate::house::House;
use chat::hub::Outbox;
use domain::live::Position;
use domain::{PersonId, RoomId};
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Most rooms that one connection hears.
pub const MOST_ROOMS: u64 = 1_000;

/// Where a connection's frames come from.
#[derive(Clone)]
pub struct Place {
    outbox: Outbox,
    /// Private chats that it hears: nobody can be sent out of those.
    private: Arc<Mutex<HashSet<RoomId>>>,
}

/// From where on a room is heard.
#[derive(Clone, Copy, Debug)]
pub enum Since {
    Now,
    /// After an event.
    Seq(i64),
    Place(Position),
    /// It was not there a moment ago, or the person was not in it; where it stands now.
    New(Position),
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").finish_non_exhaustive()
    }
}

impl Place {
    pub fn new(outbox: Outbox) -> Self {
        Self { outbox, private: Arc::default() }
    }

    /// Only one task may say so of a room that is no private chat: that of the connection.
    pub async fn hear(&self, house: &House, room: RoomId, since: Since) {
        let hear = async {
            let reader = house.chat.reader(self.outbox.who(), room).await?;
            let is_private = reader.room().is_direct();
            // Begun anew, it would be told twice of what was said since.
            let hears_it = match is_private {
                true => !self.private.lock().unwrap_or_else(PoisonError::into_inner).insert(room),
                false => self.outbox.listens_to(room),
            };
            if hears_it {
                return Ok(());
            }
            let since = match since {
                Since::Now => None,
                Since::Seq(seq) => Some(Position { epoch: reader.epoch(), seq }),
                Since::Place(place) => Some(place),
                // Nobody is new in a private chat, so it is.
                Since::New(now) => is_private.then_some(Position { seq: 0, ..now }),
            };
            house.chat.listen(reader, &self.outbox, since).await
        };
        let heard: chat::Result<()> = hear.await;
        if let Err(cause) = heard {
            tracing::debug!(%cause, %room, "a room is not heard");
        }
    }
}

/// Makes all connections of a person hear a private chat.
pub async fn hears(house: &House, person: PersonId, room: RoomId) {
    for guest in house.compat.simple.floor.of(person) {
        guest.place.hear(house, room, Since::Now).await;
    }
}

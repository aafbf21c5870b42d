//! Two people who both want to talk with each other: each is connected with the other as target.

use super::Place;
use crate::compat::floor::{Floor, Guest};
use crate::house::House;
use chat::Who;
use domain::person::Person;
use domain::{PersonId, RoomId};
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// One side's view.
#[derive(Clone, Debug)]
pub struct Pair {
    pub me: PersonId,
    pub other: Person,
    /// Their private chat.
    pub room: RoomId,
    floor: Floor<Place>,
}

impl Pair {
    pub fn new(me: PersonId, other: Person, room: RoomId, floor: Floor<Place>) -> Self {
        Self { me, other, room, floor }
    }

    /// Connections of one who talks with the other.
    fn sides(&self, one: PersonId, with: PersonId) -> Vec<Guest<Place>> {
        let mut guests = self.floor.of(one);
        guests.retain(|guest| matches!(&guest.place, Place::With { other, .. } if *other == with));
        guests
    }

    /// Whether the other one is here too.
    pub fn is_complete(&self) -> bool {
        !self.sides(self.other.id, self.me).is_empty()
    }

    /// How many of the two are connected.
    pub fn online(&self) -> usize {
        let mine = !self.sides(self.me, self.other.id).is_empty();
        usize::from(mine) + usize::from(self.is_complete())
    }

    /// Says something to all connections of both.
    pub fn tell(&self, text: &Utf8Bytes) {
        for guest in self.sides(self.me, self.other.id).into_iter().chain(self.sides(self.other.id, self.me)) {
            guest.voice.say(text.clone());
        }
    }

    /// If both are here, neither is a stranger any more.
    pub async fn welcome(&self, house: &House, who: &Who) -> chat::Result<()> {
        let theirs = self.sides(self.other.id, self.me).pop().map(|guest| guest.place);
        if let Some(Place::With { who: them, .. }) = theirs {
            house.chat.accept_contact(who, self.other.id).await?;
            house.chat.accept_contact(&them, self.me).await?;
        }
        Ok(())
    }
}

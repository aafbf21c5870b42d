//! Whose coming or going the others have to be told.

use super::line::Line;
use super::{Hub, Listeners, locked};
use crate::access::Who;
use bytes::Bytes;
use domain::person::Person;
use domain::{PersonId, RoomId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// Whose presence may have changed. What it changed to is looked up when it is told, so
/// that coming and going in quick succession cannot leave a ghost.
#[derive(Clone, Default)]
pub(super) struct Changed {
    people: BTreeMap<PersonId, Person>,
    guests: bool,
}

/// A frame for one listener, and what it is about, should there be no room for it.
pub(super) struct Telling {
    pub line: Arc<Line>,
    pub frame: Bytes,
    pub about: Arc<Changed>,
}

impl Telling {
    /// Tells it outside of all locks; what could not be told, and to whom.
    pub fn tell(self) -> Option<(u64, Arc<Changed>)> {
        if self.line.push_hint(&self.frame) { None } else { Some((self.line.id, self.about)) }
    }
}

impl Hub {
    /// The rooms that somebody is in now, guests included.
    pub(crate) fn live_rooms(&self) -> Vec<RoomId> {
        let live = |shard: &Mutex<HashMap<RoomId, Listeners>>| -> Vec<RoomId> {
            let shard = locked(shard);
            shard.iter().filter(|(_, listeners)| listeners.count_all() > 0).map(|(room, _)| *room).collect()
        };
        self.0.shards.iter().flat_map(live).collect()
    }
}

impl Changed {
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && !self.guests
    }

    pub fn note(&mut self, who: Option<&Who>) {
        match who {
            Some(who) => _ = self.people.insert(who.person.id, who.person.clone()),
            None => self.guests = true,
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.people.extend(other.people.iter().map(|(id, person)| (*id, person.clone())));
        self.guests |= other.guests;
    }

    /// The people in it, with whether they are here.
    pub fn split(&self, is_here: impl Fn(PersonId) -> bool) -> (Vec<Person>, Vec<PersonId>) {
        let (came, went): (Vec<&Person>, Vec<&Person>) = self.people.values().partition(|p| is_here(p.id));
        (came.into_iter().cloned().collect(), went.into_iter().map(|p| p.id).collect())
    }
}

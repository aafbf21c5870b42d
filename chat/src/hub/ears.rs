//! Connections that hear whatever is said in the private chats of their person. They listen to a chat
//! from the moment at which something is about to be said in it: nobody has to know them all before.

use super::line::Line;
use super::{Hub, Missed, Replay, locked};
use crate::hub::Outbox;
use domain::live::Position;
use domain::{PersonId, RoomId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// By person and line. Locked before a room is, never after it.
#[derive(Default)]
pub(super) struct Ears(Mutex<HashMap<PersonId, HashMap<u64, Arc<Line>>>>);

impl Ears {
    pub fn remove(&self, line: &Line) {
        let Some(who) = &line.who else { return };
        let mut people = locked(&self.0);
        if let Some(lines) = people.get_mut(&who.person.id) {
            lines.remove(&line.id);
            if lines.is_empty() {
                people.remove(&who.person.id);
            }
        }
    }
}

impl Hub {
    /// From now on a connection hears all private chats of its person. Nothing for guests.
    pub(crate) fn add_ear(&self, outbox: &Outbox) {
        let Some(who) = outbox.who() else { return };
        let line = outbox.line();
        locked(&self.0.ears.0).entry(who.person.id).or_default().insert(line.id, line.clone());
    }

    /// Whether anybody has such a connection.
    pub(crate) fn has_ears(&self) -> bool {
        !locked(&self.0.ears.0).is_empty()
    }

    /// Has those of the two listen to their chat who do not yet; called before something is said.
    pub(crate) fn gather_ears(&self, room: RoomId, pair: [PersonId; 2], epoch: i64) {
        // Held until all listen: two who say something at once would begin the same listening twice.
        let people = locked(&self.0.ears.0);
        let lines = pair.iter().filter_map(|person| people.get(person)).flat_map(HashMap::values);
        for line in lines.filter(|line| !line.rooms().contains(&room)) {
            self.hold_line(line, room, pair);
            if let Some(listeners) = self.0.shard(room).get_mut(&room) {
                let nothing = Missed::Events(Replay::default());
                listeners.begin(line.id, room, Position { epoch, seq: 0 }, nothing);
            }
        }
    }
}

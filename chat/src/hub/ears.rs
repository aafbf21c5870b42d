//! Connections that hear whatever is said in the private chats of their person. They listen to a chat
//! from the moment at which something is about to be said in it: nobody has to know them all before.
//! And connections that are told when their person comes into a room, by whatever door.

use super::frames::{Frames, encode};
use super::line::Line;
use super::{Hub, Missed, Replay, locked};
use crate::hub::Outbox;
use domain::event::{Event, What};
use domain::live::{Frame, Position};
use domain::{PersonId, RoomId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// By person and line.
type Lines = HashMap<PersonId, HashMap<u64, Arc<Line>>>;

/// Locked before a room is, never after it.
#[derive(Default)]
pub(super) struct Ears {
    private: Mutex<Lines>,
    joining: Mutex<Lines>,
}

impl Ears {
    pub fn remove(&self, line: &Line) {
        let Some(who) = &line.who else { return };
        for ears in [&self.private, &self.joining] {
            let mut people = locked(ears);
            if let Some(lines) = people.get_mut(&who.person.id) {
                lines.remove(&line.id);
                if lines.is_empty() {
                    people.remove(&who.person.id);
                }
            }
        }
    }

    /// Tells those who came into a room of it. Whoever listens there already hears it there.
    pub fn tell_newcomers(&self, events: &[Event]) {
        for event in events {
            let What::Joined { member } = &event.what else { continue };
            let lines = locked(&self.joining).get(&member.person.id).cloned().unwrap_or_default();
            for line in lines.values().filter(|line| !line.rooms().contains(&event.room)) {
                if let Some(frame) = encode(&Frame::Event(event.clone())) {
                    line.push(Frames::one(frame));
                }
            }
        }
    }
}

fn add(ears: &Mutex<Lines>, outbox: &Outbox) {
    let Some(who) = outbox.who() else { return };
    let line = outbox.line();
    locked(ears).entry(who.person.id).or_default().insert(line.id, line.clone());
}

impl Hub {
    /// From now on a connection hears all private chats of its person. Nothing for guests.
    pub(crate) fn add_ear(&self, outbox: &Outbox) {
        add(&self.0.ears.private, outbox);
    }

    /// From now on a connection is told when its person comes into a room. Nothing for guests.
    pub(crate) fn add_joining_ear(&self, outbox: &Outbox) {
        add(&self.0.ears.joining, outbox);
    }

    /// Whether anybody has such a connection.
    pub(crate) fn has_ears(&self) -> bool {
        !locked(&self.0.ears.private).is_empty()
    }

    /// Has those of the two listen to their chat who do not yet; called before something is said.
    pub(crate) fn gather_ears(&self, room: RoomId, pair: [PersonId; 2], epoch: i64) {
        // Held until all listen: two who say something at once would begin the same listening twice.
        let people = locked(&self.0.ears.private);
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

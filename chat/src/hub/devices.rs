//! Beginning to listen, also where each person may on one device at a time.

use super::Hub;
use super::outbox::Outbox;
use crate::access::Who;
use domain::{Problem, RoomId, SessionId};
use std::sync::atomic::Ordering;

impl Hub {
    /// First half of listening: from now on nothing said in the room escapes the
    /// connection; it is held back until [`Hub::begin`]. `alone`: unless the person listens there on
    /// another device.
    ///
    /// # Errors
    /// The session of that device.
    pub(crate) fn hold(&self, outbox: &Outbox, room: RoomId, is_host: bool, alone: bool) -> Result<(), SessionId> {
        let line = outbox.line();
        let listening = self.0.listenings.fetch_add(1, Ordering::Relaxed);
        let mut shard = self.0.shard(room);
        let listeners = shard.entry(room).or_default();
        // Asked under the lock: of two devices that come at once one is first.
        let other = line.who.as_ref().filter(|_| alone).and_then(|who| listeners.other_session(who));
        if let Some(other) = other {
            return Err(other);
        }
        line.enters(room, listening);
        listeners.hold(line, listening, is_host);
        self.0.after_change(&mut shard, room);
        drop(shard);
        if is_host {
            self.0.gates.note(room);
        }
        Ok(())
    }

    /// On which other device somebody listens to a room.
    pub(crate) fn other_session(&self, who: &Who, room: RoomId) -> Option<SessionId> {
        self.0.shard(room).get(&room)?.other_session(who)
    }

    /// Takes somebody's other devices off a room's listeners.
    pub(crate) fn leave_elsewhere(&self, who: &Who, room: RoomId, problem: Problem) {
        let is_other = |o: &Who| o.person.id == who.person.id && o.session != who.session;
        self.expel_unless(room, |o| !o.is_some_and(is_other), problem);
    }
}

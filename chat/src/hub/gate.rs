//! Who is in front of a room's gate, and opening and shutting it for them.

use super::frames::{Frames, encode};
use super::{Hub, Inner, Listeners, locked};
use crate::access::Who;
use crate::hub::Outbox;
use crate::hub::line::Line;
use domain::live::Frame;
use domain::{PersonId, Problem, RoomId};
use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// Rooms whose gates somebody should look at.
#[derive(Default)]
pub(super) struct News {
    rooms: Mutex<HashSet<RoomId>>,
    wake: Notify,
}

impl News {
    pub fn note(&self, room: RoomId) {
        locked(&self.rooms).insert(room);
        self.wake.notify_one();
    }
}

impl Hub {
    /// Has somebody look at a room's gate soon.
    pub(crate) fn look_at_gate(&self, room: RoomId) {
        self.0.gates.note(room);
    }

    /// Waits until a gate is to be looked at.
    pub(crate) async fn gate_news(&self) -> HashSet<RoomId> {
        loop {
            let rooms = self.take_gate_news();
            if !rooms.is_empty() {
                return rooms;
            }
            self.0.gates.wake.notified().await;
        }
    }

    /// The gates that are to be looked at now.
    pub(crate) fn take_gate_news(&self) -> HashSet<RoomId> {
        std::mem::take(&mut *locked(&self.0.gates.rooms))
    }

    /// Lets a connection wait until the room opens. It hears nothing of the room but that.
    pub(crate) fn wait(&self, outbox: &Outbox, room: RoomId) {
        let line = outbox.line();
        let listening = self.0.listenings.fetch_add(1, Ordering::Relaxed);
        let mut shard = self.0.shard(room);
        line.enters(room, listening);
        shard.entry(room).or_default().wait(line);
        self.0.after_change(&mut shard, room);
        drop(shard);
        self.0.gates.note(room);
    }

    /// How many people wait in front of a room, guests included.
    pub fn count_waiting(&self, room: RoomId) -> u32 {
        self.0.shard(room).get(&room).map_or(0, Listeners::count_waiting)
    }

    /// Whether one of the room's hosts listens to it.
    pub(crate) fn has_host(&self, room: RoomId) -> bool {
        self.0.shard(room).get(&room).is_some_and(Listeners::has_host)
    }

    /// Notes that a person became a host of a room, or is none any more.
    pub(crate) fn set_host(&self, room: RoomId, person: PersonId, is_host: bool) {
        if let Some(listeners) = self.0.shard(room).get_mut(&room) {
            listeners.set_host(person, is_host);
        }
        self.0.gates.note(room);
    }

    /// Notes who a room's hosts are; whether that is news to anybody who listens to it.
    pub(crate) fn set_hosts(&self, room: RoomId, hosts: &[PersonId]) -> bool {
        let is_news = self.0.shard(room).get_mut(&room).is_some_and(|listeners| listeners.set_hosts(hosts));
        if is_news {
            self.0.gates.note(room);
        }
        is_news
    }

    /// Takes everybody but hosts and administrators off the room's listeners.
    pub(crate) fn shut(&self, room: RoomId) {
        let gone = self.0.take(room, Listeners::take_viewers);
        tell(&gone, &Frame::Gone { room, problem: Problem::Shut });
    }

    /// Tells everybody who waits that they may enter now.
    pub(crate) fn open(&self, room: RoomId) {
        let waited = self.0.take(room, Listeners::take_waiting);
        tell(&waited, &Frame::Opened { room });
    }

    /// Tells something to those of a room's listeners whom it concerns.
    pub(crate) fn tell_people(&self, room: RoomId, frame: &Frame, whom: impl Fn(&Who) -> bool) {
        let inside = self.0.shard(room).get(&room).map(|listeners| listeners.lines_where(whom)).unwrap_or_default();
        tell(&inside, frame);
    }

    /// Tells those who wait, and those inside, how the gate stands.
    pub(crate) fn tell_gate(&self, room: RoomId, frame: &Frame) {
        let lines = self.0.shard(room).get(&room).map(Listeners::at_the_gate).unwrap_or_default();
        tell(&lines, frame);
    }
}

impl Inner {
    /// Takes lines off a room: from here on nothing of it reaches them, even if it is on its
    /// way already.
    fn take(self: &Arc<Self>, room: RoomId, which: impl FnOnce(&mut Listeners) -> Vec<Arc<Line>>) -> Vec<Arc<Line>> {
        let mut shard = self.shard(room);
        let Some(listeners) = shard.get_mut(&room) else { return Vec::new() };
        let lines = which(listeners);
        lines.iter().for_each(|line| line.leaves(room));
        self.after_change(&mut shard, room);
        lines
    }
}

fn tell(lines: &[Arc<Line>], frame: &Frame) {
    let Some(frame) = encode(frame) else { return };
    lines.iter().for_each(|line| line.push(Frames::one(frame.clone())));
}

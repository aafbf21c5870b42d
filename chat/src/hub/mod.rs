//! Who listens where. Publishing encodes once and puts the shared bytes into bounded
//! queues; it never waits for a socket, and no lock is held across an await.

mod listeners;
mod outbox;
#[cfg(test)]
mod tests;

pub use bytes::Bytes;
pub(crate) use listeners::Missed;
pub use outbox::{MAX_BYTES, MAX_FRAMES, Outbox, OutboxReader, Take};

use crate::access::Who;
use domain::event::Event;
use domain::live::{Frame, Position, close};
use domain::person::Person;
use domain::{PersonId, Problem, RoomId, SessionId};
use listeners::Listeners;
use outbox::{Line, encode};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

const SHARDS: usize = 64;
/// Who came and went is collected for so long before the others are told.
const PRESENCE_TICK: Duration = Duration::from_millis(500);

/// The meeting point of everything that happens and everybody who listens, in this process.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    /// By room. Locked before a line's own lock, never after it.
    shards: Vec<Mutex<HashMap<RoomId, Listeners>>>,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    open: HashMap<u64, Arc<Line>>,
    last: u64,
    /// Set for good when the server goes down: whoever comes now is sent away at once.
    draining: Option<u64>,
}

impl Default for Hub {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self(Arc::new(Inner { shards, lines: Mutex::default() }))
    }
}

impl Hub {
    /// A new connection, which listens nowhere yet. From now on the end of its session
    /// closes it; so ask `Chat::who` once more *after* this call, or a session that ended a
    /// moment before it would be overlooked.
    pub fn connect(&self, who: Option<Who>) -> (Outbox, OutboxReader) {
        let mut lines = locked(&self.0.lines);
        lines.last += 1;
        let line = Arc::new(Line::new(lines.last, who));
        if let Some(spread_ms) = lines.draining {
            line.close(close::DRAIN, &spread_ms.to_string());
        }
        lines.open.insert(line.id, line.clone());
        Outbox::new(line, Arc::downgrade(&self.0))
    }

    /// Tells everybody who listens to the room. Called in the order of `seq`, after the commit.
    pub fn publish(&self, event: &Event) {
        let Some(bytes) = encode(&Frame::Event(event.clone())) else { return };
        if let Some(listeners) = self.0.shard(event.room).get_mut(&event.room) {
            listeners.publish(event.seq, &bytes);
        }
    }

    /// Closes the session's connections, for good.
    pub fn end_session(&self, session: SessionId) {
        self.end(|who| who.session == session);
    }

    /// Closes the connections of all of a person's sessions but `keep`.
    pub fn end_person_sessions_except(&self, person: PersonId, keep: Option<SessionId>) {
        self.end(|who| who.person.id == person && Some(who.session) != keep);
    }

    /// Takes a person off a room's listeners; their connections stay open for other rooms.
    pub fn expel(&self, person: PersonId, room: RoomId, problem: Problem) {
        self.expel_unless(room, |who| who.is_none_or(|who| who.person.id != person), problem);
    }

    /// Takes everybody off a room's listeners whom `may` does not let stay (`None` asks for guests).
    pub fn expel_unless(&self, room: RoomId, may: impl Fn(Option<&Who>) -> bool, problem: Problem) {
        let gone = encode(&Frame::Gone { room, problem });
        let mut shard = self.0.shard(room);
        let Some(listeners) = shard.get_mut(&room) else { return };
        for line in listeners.take_unless(may) {
            line.leaves(room);
            if let Some(gone) = &gone {
                line.push(gone);
            }
        }
        self.0.after_change(&mut shard, room);
    }

    /// Asks every connection, and every later one, to come back elsewhere. Each is told a
    /// number of milliseconds to wait at most; they grow evenly up to `spread_ms`, so that
    /// not all return at once. What waits in their queues is still written.
    pub fn drain(&self, spread_ms: u64) {
        let open: Vec<Arc<Line>> = {
            let mut lines = locked(&self.0.lines);
            lines.draining = Some(spread_ms);
            lines.open.values().cloned().collect()
        };
        let count = open.len() as u64;
        for (i, line) in (1..).zip(open) {
            line.close(close::DRAIN, &(spread_ms.saturating_mul(i) / count).to_string());
        }
    }

    /// Open connections, guests included.
    pub fn connections(&self) -> usize {
        locked(&self.0.lines).open.len()
    }

    /// Who listens to a room, each person once, by id; and how many guests.
    pub fn present(&self, room: RoomId) -> (Vec<Person>, u32) {
        self.0.shard(room).get(&room).map(Listeners::present).unwrap_or_default()
    }

    /// First half of listening: from now on nothing said in the room escapes the
    /// connection; it is held back until [`Hub::begin`].
    pub(crate) fn hold(&self, outbox: &Outbox, room: RoomId) {
        let line = outbox.line();
        let mut shard = self.0.shard(room);
        line.enters(room);
        shard.entry(room).or_default().hold(line);
        self.0.after_change(&mut shard, room);
    }

    /// Second half: says where the room stands and what was missed up to there, then what
    /// was held back beyond it. Nothing if the connection was expelled in between.
    pub(crate) fn begin(&self, outbox: &Outbox, room: RoomId, position: Position, missed: Missed) {
        if let Some(listeners) = self.0.shard(room).get_mut(&room) {
            listeners.begin(outbox.line().id, room, position, missed);
        }
    }

    pub(crate) fn unlisten(&self, outbox: &Outbox, room: RoomId) {
        self.0.remove(outbox.line(), room);
    }

    /// Tells the others in the room, at most once in two seconds.
    pub(crate) fn typing(&self, outbox: &Outbox, room: RoomId) {
        if let Some(listeners) = self.0.shard(room).get_mut(&room) {
            listeners.typing(outbox.line(), room);
        }
    }

    fn end(&self, which: impl Fn(&Who) -> bool) {
        let ended: Vec<Arc<Line>> = {
            let lines = locked(&self.0.lines);
            lines.open.values().filter(|line| line.who.as_ref().is_some_and(&which)).cloned().collect()
        };
        for line in ended {
            line.close(close::SESSION_ENDED, "");
            self.0.remove_everywhere(&line);
        }
    }
}

impl Inner {
    fn shard(&self, room: RoomId) -> MutexGuard<'_, HashMap<RoomId, Listeners>> {
        locked(&self.shards[room.0.rem_euclid(SHARDS as i64) as usize])
    }

    fn forget(self: &Arc<Self>, line: &Line) {
        locked(&self.lines).open.remove(&line.id);
        self.remove_everywhere(line);
    }

    fn remove_everywhere(self: &Arc<Self>, line: &Line) {
        for room in line.rooms() {
            self.remove(line, room);
        }
    }

    fn remove(self: &Arc<Self>, line: &Line, room: RoomId) {
        let mut shard = self.shard(room);
        line.leaves(room);
        if let Some(listeners) = shard.get_mut(&room) {
            listeners.remove(line.id);
        }
        self.after_change(&mut shard, room);
    }

    /// Forgets an empty room, and has the others told when somebody came or went.
    fn after_change(self: &Arc<Self>, shard: &mut HashMap<RoomId, Listeners>, room: RoomId) {
        let Some(listeners) = shard.get_mut(&room) else { return };
        if listeners.is_empty() {
            shard.remove(&room);
        } else if listeners.starts_ticking()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(tick(Arc::downgrade(self), room));
        }
    }
}

/// Runs while there is something to tell about who is in the room.
async fn tick(hub: Weak<Inner>, room: RoomId) {
    loop {
        tokio::time::sleep(PRESENCE_TICK).await;
        let Some(hub) = hub.upgrade() else { return };
        let mut shard = hub.shard(room);
        let Some(listeners) = shard.get_mut(&room) else { return };
        if !listeners.tick(room) {
            return;
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while one is held; if something ever does, the tables are still whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Who listens where. Publishing encodes once and sends the shared bytes to everybody, or
//! puts them into bounded queues; it never waits for a socket. No lock is held across an
//! await, and none of a room while its listeners are written to.

mod contacts;
mod deliveries;
mod devices;
mod ears;
mod frames;
mod gate;
mod line;
mod listeners;
mod outbox;
mod presence;
mod said;
mod stage;
#[cfg(test)]
mod tests;
mod waiting;
mod watch;

pub use bytes::Bytes;
pub use frames::texts;
pub use line::{MAX_BYTES, MAX_FRAMES, Pipe, Take};
pub(crate) use listeners::{Missed, Replay};
pub use outbox::{Outbox, OutboxReader, Way};
pub(crate) use said::Said;
pub(crate) use watch::RowFrame;

use crate::access::Who;
pub use deliveries::Delivered;
use deliveries::Deliveries;
use domain::event::Event;
use domain::live::{Frame, Position, close};
use domain::person::Person;
use domain::{PersonId, Problem, RoomId, SessionId};
use frames::{Frames, encode};
use line::Line;
use listeners::Listeners;
use presence::Telling;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

const SHARDS: usize = 64;
/// Tables of fewer places than this are not made smaller.
const SPARSE: usize = 256;
/// Most of what goes out in one piece: it has to fit into a queue.
const PIECE_FRAMES: usize = line::MAX_FRAMES / 4;
const PIECE_BYTES: usize = line::MAX_BYTES / 4;
/// Who came and went is collected for so long before the others are told.
const PRESENCE_TICK: Duration = Duration::from_millis(500);
/// The same where they are only counted: thousands are told each time.
const CROWD_TICK: Duration = Duration::from_secs(2);

/// The meeting point of everything that happens and everybody who listens, in this process.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    /// By room. Locked before a line's own lock, never after it.
    shards: Vec<Mutex<HashMap<RoomId, Listeners>>>,
    lines: Mutex<Lines>,
    /// Rooms in front of which, or in which, hosts or people who wait came or went.
    gates: gate::News,
    contacts: contacts::Contacts,
    /// Counts, so that each listening has a number of its own.
    listenings: AtomicU64,
    deliveries: Deliveries,
    watchers: watch::Watchers,
    ears: ears::Ears,
    /// For notices.
    said: said::Queue,
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
        Self(Arc::new(Inner {
            shards,
            lines: Mutex::default(),
            gates: gate::News::default(),
            contacts: contacts::Contacts::default(),
            listenings: AtomicU64::default(),
            deliveries: Deliveries::default(),
            watchers: watch::Watchers::default(),
            ears: ears::Ears::default(),
            said: said::Queue::default(),
        }))
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
        drop(lines);
        if let Some(who) = &line.who {
            self.0.contacts.came(who.person.id);
        }
        Outbox::new(line, Arc::downgrade(&self.0))
    }

    /// Tells everybody who listens to the events' rooms, and whether anybody did. Called after
    /// the commit, by one task, with the events of each room in the order of `seq`.
    pub fn publish(&self, events: &[Event]) -> bool {
        self.0.watchers.note(events);
        self.0.said.note(events);
        self.0.ears.tell_newcomers(events);
        // Few rooms at a time, or few events of each.
        let mut rooms: Vec<(RoomId, Vec<(i64, Bytes)>)> = Vec::new();
        for event in events {
            self.note_stage(event);
            let Some(frame) = encode(&Frame::Event(event.clone())) else { continue };
            match rooms.iter_mut().find(|(room, _)| *room == event.room) {
                Some((_, frames)) => frames.push((event.seq, frame)),
                None => rooms.push((event.room, vec![(event.seq, frame)])),
            }
        }
        let mut is_heard = false;
        for (room, frames) in rooms {
            pieces(&frames).for_each(|piece| is_heard |= self.publish_in(room, piece));
        }
        is_heard
    }

    fn publish_in(&self, room: RoomId, events: &[(i64, Bytes)]) -> bool {
        let hearers = self.0.shard(room).get_mut(&room).map(|listeners| listeners.publish(events));
        // Joined once for each beginning: nearly always one, the first.
        let mut joined: HashMap<usize, Frames> = HashMap::new();
        let hearers = hearers.unwrap_or_default();
        let is_heard = !hearers.is_empty();
        for hearer in hearers {
            let join = || Frames::join(events[hearer.from..].iter().map(|(_, frame)| frame));
            let frames = joined.entry(hearer.from).or_insert_with(join).clone();
            hearer.line.push_from(room, hearer.listening, frames);
        }
        is_heard
    }

    /// Closes the session's connections, for good.
    pub fn end_session(&self, session: SessionId) {
        self.end(|who| who.session == session);
    }

    /// Closes the connections of all of a person's sessions but `keep`.
    pub fn end_person_sessions_except(&self, person: PersonId, keep: Option<SessionId>) {
        self.end(|who| who.person.id == person && Some(who.session) != keep);
    }

    /// The same when the person signed in on another device: `device` is the reason their pages get.
    pub fn replace_person_sessions(&self, person: PersonId, keep: SessionId, device: &str) {
        // As long as a reason may be (RFC 6455 §5.5).
        let device: String = device.chars().take(30).collect();
        self.end_with(close::REPLACED, &device, |who| who.person.id == person && who.session != keep);
    }

    /// The sessions with which a person is connected now.
    pub fn sessions_of(&self, person: PersonId) -> HashSet<SessionId> {
        let lines = locked(&self.0.lines);
        let people = lines.open.values().filter_map(|line| line.who.as_ref());
        people.filter(|who| who.person.id == person).map(|who| who.session).collect()
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
        let lines = listeners.take_unless(may);
        // From here on nothing of the room reaches them, even if it is on its way already.
        lines.iter().for_each(|line| line.leaves(room));
        self.0.after_change(&mut shard, room);
        drop(shard);
        for (line, gone) in lines.iter().zip(std::iter::repeat(gone).flatten()) {
            line.push(Frames::one(gone));
        }
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

    /// Everybody who is signed in on an open connection.
    pub fn people_online(&self) -> HashSet<PersonId> {
        let lines = locked(&self.0.lines);
        lines.open.values().filter_map(|line| line.who.as_ref()).map(|who| who.person.id).collect()
    }

    /// How often somebody listens to a room, over all rooms.
    pub fn listeners(&self) -> usize {
        self.0.shards.iter().map(|shard| locked(shard).values().map(Listeners::count_lines).sum::<usize>()).sum()
    }

    /// Who listens to a room, each person once, by id; how many, if they are too many to be
    /// named; and how many guests.
    pub fn present(&self, room: RoomId) -> (Vec<Person>, u32, u32) {
        let shard = self.0.shard(room);
        shard.get(&room).map(|l| (l.named(), l.unnamed(), l.guests())).unwrap_or_default()
    }

    /// How many are in a room, guests included.
    pub fn count_present(&self, room: RoomId) -> u32 {
        self.0.shard(room).get(&room).map_or(0, Listeners::count_all)
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
        let Some(who) = outbox.who() else { return };
        let others = self.0.shard(room).get_mut(&room).map(|l| l.typing(outbox.line(), who.person.id));
        let Some(frame) = encode(&Frame::Typing { room, person: who.person.clone() }) else { return };
        others.unwrap_or_default().iter().for_each(|line| _ = line.push_hint(&frame));
    }

    fn end(&self, which: impl Fn(&Who) -> bool) {
        self.end_with(close::SESSION_ENDED, "", which);
    }

    fn end_with(&self, code: u16, reason: &str, which: impl Fn(&Who) -> bool) {
        let ended: Vec<Arc<Line>> = {
            let lines = locked(&self.0.lines);
            lines.open.values().filter(|line| line.who.as_ref().is_some_and(&which)).cloned().collect()
        };
        for line in ended {
            line.close(code, reason);
            self.0.remove_everywhere(&line);
        }
    }
}

impl Inner {
    fn shard(&self, room: RoomId) -> MutexGuard<'_, HashMap<RoomId, Listeners>> {
        locked(&self.shards[room.0.rem_euclid(SHARDS as i64) as usize])
    }

    fn forget(self: &Arc<Self>, line: &Line) {
        self.close_up(line);
        if let Some(who) = &line.who {
            self.note_gone(who.person.id);
        }
        self.remove_everywhere(line);
    }

    fn close_up(&self, line: &Line) {
        let mut lines = locked(&self.lines);
        lines.open.remove(&line.id);
        shrink(&mut lines.open);
    }

    fn remove_everywhere(self: &Arc<Self>, line: &Line) {
        self.watchers.remove(line);
        self.ears.remove(line);
        for room in line.rooms() {
            self.remove(line, room);
        }
    }

    fn remove(self: &Arc<Self>, line: &Line, room: RoomId) {
        let mut shard = self.shard(room);
        line.leaves(room);
        if let Some(listeners) = shard.get_mut(&room) {
            let matters = listeners.matters_at_the_gate(line.id);
            listeners.remove(line.id);
            if matters {
                self.gates.note(room);
            }
        }
        self.after_change(&mut shard, room);
    }

    /// Forgets an empty room, and has the others told when somebody came or went.
    fn after_change(self: &Arc<Self>, shard: &mut HashMap<RoomId, Listeners>, room: RoomId) {
        self.watchers.note_row(room);
        let Some(listeners) = shard.get_mut(&room) else { return };
        if listeners.is_empty() {
            shard.remove(&room);
            self.contacts.forget(room);
        } else if listeners.starts_ticking()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(tick(Arc::downgrade(self), room));
        }
    }
}

/// Runs while there is something to tell about who is in the room.
async fn tick(hub: Weak<Inner>, room: RoomId) {
    let mut pause = PRESENCE_TICK;
    loop {
        tokio::time::sleep(pause).await;
        let Some(hub) = hub.upgrade() else { return };
        let tellings = hub.shard(room).get_mut(&room).map(|listeners| listeners.tick(room));
        let untold = tellings.unwrap_or_default().into_iter().filter_map(Telling::tell).collect();
        let mut shard = hub.shard(room);
        let Some(listeners) = shard.get_mut(&room) else { return };
        if !listeners.owe(untold) {
            return;
        }
        pause = if listeners.unnamed() > 0 { CROWD_TICK } else { PRESENCE_TICK };
    }
}

/// In pieces that fit into a queue.
fn pieces(events: &[(i64, Bytes)]) -> impl Iterator<Item = &[(i64, Bytes)]> {
    let mut rest = events;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |(_, frame): &&(i64, Bytes)| {
            bytes += frame.len();
            bytes <= PIECE_BYTES
        };
        let count = rest.iter().take(PIECE_FRAMES).take_while(fits).count().max(1);
        let (piece, after) = rest.split_at_checked(count)?;
        rest = after;
        Some(piece)
    })
}

/// Gives back what a table needed when it was much fuller.
fn shrink<K: Eq + Hash, V>(table: &mut HashMap<K, V>) {
    if table.capacity() > SPARSE && table.len() < table.capacity() / 8 {
        table.shrink_to(table.len() * 2);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while one is held; if something ever does, the tables are still whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

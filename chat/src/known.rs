//! What was looked up a moment ago to decide who may: rooms, memberships, mutes and bans. A change made
//! by this process is noticed at once; one made by another (the command line, another
//! server on the same PostgreSQL) within two seconds: after that it is looked up again, unless the
//! store says that nobody else wrote to it. And how far each room has come, as long as no other
//! process says anything in it.

use crate::store::entities::room;
use crate::store::{contacts, rooms};
use crate::{Chat, Error, Result};
use domain::event::{Event, What};
use domain::gate::GateRule;
use domain::member::Role;
use domain::moderation::Policy;
use domain::person::Person;
use domain::room::{Room, parse_slug};
use domain::{PersonId, RoomId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long others' changes may stay unnoticed.
const FRESH: Duration = Duration::from_secs(2);
/// How long anything is believed without a look, even when nobody else writes.
const LONGEST: Duration = Duration::from_secs(30);
/// Entries of each kind before all are forgotten.
const MOST: usize = 50_000;

/// A handle; clones share everything.
#[derive(Clone, Default)]
pub(crate) struct Known(Arc<Mutex<Entries>>);

#[derive(Default)]
struct Entries {
    rooms: HashMap<RoomId, Fresh<Arc<KnownRoom>>>,
    /// Where an address led once; the room there says whether it still does.
    addresses: HashMap<String, RoomId>,
    standings: HashMap<(RoomId, PersonId), Fresh<Footing>>,
    /// The last place of each room that was asked for or written to; never too low.
    last: HashMap<RoomId, i64>,
    /// Until then others' changes of what is known here would have been noticed.
    alone_until: Option<Instant>,
    /// Counts the commits with events.
    commits: u64,
    /// Counts what was forgotten, so that a lookup that began before does not bring it back.
    generation: u64,
}

/// A room, what opens it, how people may write in it, and which history it has.
#[derive(Clone)]
pub(crate) struct KnownRoom {
    pub room: Room,
    pub rule: GateRule,
    pub policy: Policy,
    /// Whether anybody is muted in it or banned from it.
    pub restricted: bool,
    /// Whether anybody has hidden a message of it from themselves.
    pub hides: bool,
    pub epoch: i64,
    /// The two people of a private chat; nobody in other rooms.
    pub pair: Vec<Person>,
}

/// What a commit changed of what is known here, without an event.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Changed {
    /// A room's row.
    Room(RoomId),
    /// What somebody may do in a room.
    Standing(RoomId, PersonId),
}

/// What somebody is in a room, and may not do there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Footing {
    /// `None` for those who are not members.
    pub role: Option<Role>,
    pub curb: Option<Arc<Curb>>,
}

/// Why somebody may not write in a room, or not be in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Curb {
    pub muted_until: Option<i64>,
    pub banned: bool,
    pub reason: String,
    pub at: i64,
}

impl KnownRoom {
    /// The two people of a private chat.
    pub fn pair_ids(&self) -> Option<[PersonId; 2]> {
        self.pair.iter().map(|person| person.id).collect::<Vec<_>>().try_into().ok()
    }
}

impl TryFrom<&room::Model> for KnownRoom {
    type Error = Error;

    fn try_from(row: &room::Model) -> Result<Self> {
        Ok(Self {
            room: Room::try_from(row)?,
            rule: GateRule::try_from(row)?,
            policy: Policy::try_from(row)?,
            restricted: row.restricted,
            hides: row.hides,
            epoch: row.epoch,
            pair: Vec::new(),
        })
    }
}

struct Fresh<T> {
    value: T,
    since: Instant,
    /// How long it is believed when nobody else writes.
    longest: Duration,
}

impl<T: Clone> Fresh<T> {
    fn new(value: T, longest: Duration) -> Self {
        Self { value, since: Instant::now(), longest }
    }

    fn get(&self, alone_until: Option<Instant>) -> Option<T> {
        self.is_good(Instant::now(), alone_until).then(|| self.value.clone())
    }

    fn is_good(&self, now: Instant, alone_until: Option<Instant>) -> bool {
        let age = now - self.since;
        age < FRESH || (age < self.longest && alone_until.is_some_and(|until| now < until))
    }
}

impl Known {
    pub fn generation(&self) -> u64 {
        self.entries().generation
    }

    pub fn room(&self, room: RoomId) -> Option<Arc<KnownRoom>> {
        let entries = self.entries();
        entries.rooms.get(&room)?.get(entries.alone_until)
    }

    pub fn room_at(&self, slug: &str) -> Option<Arc<KnownRoom>> {
        let room = self.entries().addresses.get(slug).copied()?;
        self.room(room).filter(|known| known.room.slug == slug)
    }

    /// Which room was at an address when it was asked for last.
    pub fn id_at(&self, slug: &str) -> Option<RoomId> {
        self.entries().addresses.get(slug).copied()
    }

    /// `None`: not known.
    pub fn standing(&self, room: RoomId, person: PersonId) -> Option<Footing> {
        let entries = self.entries();
        entries.standings.get(&(room, person))?.get(entries.alone_until)
    }

    /// Remembers what was read after `generation` was asked for.
    pub fn put_room(&self, known: Arc<KnownRoom>, generation: u64) {
        let mut entries = self.entries();
        if entries.generation == generation {
            if entries.rooms.len().max(entries.addresses.len()) >= MOST {
                entries.rooms.clear();
                entries.addresses.clear();
            }
            entries.addresses.insert(known.room.slug.clone(), known.room.id);
            // What the two of a private chat are called changes without a word about the room.
            let longest = if known.pair.is_empty() { LONGEST } else { FRESH };
            entries.rooms.insert(known.room.id, Fresh::new(known, longest));
        }
    }

    pub fn put_standing(&self, room: RoomId, person: PersonId, standing: Footing, generation: u64) {
        let mut entries = self.entries();
        if entries.generation == generation {
            if entries.standings.len() >= MOST {
                entries.standings.clear();
            }
            entries.standings.insert((room, person), Fresh::new(standing, LONGEST));
        }
    }

    /// The room's last place. Only right where this is the only process that writes.
    pub fn last(&self, room: RoomId) -> Option<i64> {
        self.entries().last.get(&room).copied()
    }

    /// Remembers a last place that was read; a later one that is known already stays.
    pub fn put_last(&self, room: RoomId, seq: i64) {
        let mut entries = self.entries();
        let last = entries.last.entry(room).or_insert(seq);
        *last = seq.max(*last);
    }

    /// How many commits of this process had something to tell.
    pub fn commits(&self) -> u64 {
        self.entries().commits
    }

    /// Forgets a room's row, which another process has changed.
    pub fn forget_room(&self, room: RoomId) {
        let mut entries = self.entries();
        entries.generation += 1;
        entries.rooms.remove(&room);
    }

    /// Something changed that pages show, though nothing was committed.
    pub fn note_change(&self) {
        self.entries().commits += 1;
    }

    /// Nobody but this process wrote to the store until `now`, since that was said last or
    /// all was forgotten.
    pub fn note_alone(&self, now: Instant) {
        self.entries().alone_until = Some(now + FRESH);
    }

    /// Forgets all rooms and standings.
    pub fn forget_all(&self) {
        let mut entries = self.entries();
        entries.generation += 1;
        entries.alone_until = None;
        entries.rooms = HashMap::new();
        entries.addresses = HashMap::new();
        entries.standings = HashMap::new();
    }

    /// Forgets what these events change, and what was changed without one. Called after their commit
    /// and before anybody is told that it was done, whether or not who asked for it still waits.
    pub fn forget(&self, events: &[Event], changed: &[Changed]) {
        let changes = |event: &&Event| {
            matches!(
                event.what,
                What::Joined { .. } | What::Left { .. } | What::RoleChanged { .. } | What::RoomChanged { .. }
            )
        };
        let mut entries = self.entries();
        entries.commits += u64::from(!events.is_empty());
        for event in events {
            let last = entries.last.entry(event.room).or_insert(event.seq);
            *last = event.seq.max(*last);
        }
        for changed in changed {
            entries.generation += 1;
            match changed {
                Changed::Room(room) => _ = entries.rooms.remove(room),
                Changed::Standing(room, person) => {
                    entries.commits += 1;
                    entries.standings.remove(&(*room, *person));
                    entries.rooms.remove(room);
                }
            }
        }
        for event in events.iter().filter(changes) {
            entries.generation += 1;
            match &event.what {
                What::Joined { member } => _ = entries.standings.remove(&(event.room, member.person.id)),
                What::Left { person } | What::RoleChanged { person, .. } => {
                    entries.standings.remove(&(event.room, *person));
                }
                _ => _ = entries.rooms.remove(&event.room),
            }
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // Nothing panics while it is held; if something ever does, the entries are still whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chat {
    pub(crate) async fn find_known(&self, room: RoomId) -> Result<Option<Arc<KnownRoom>>> {
        // A closed house says nothing any more, not even from memory.
        if !self.0.closing.is_cancelled()
            && let Some(known) = self.0.known.room(room)
        {
            return Ok(Some(known));
        }
        let generation = self.0.known.generation();
        let row = rooms::find_room(self.store().read(), room).await?;
        self.remember(row.as_ref(), generation).await
    }

    pub(crate) async fn find_known_by_slug(&self, slug: &str) -> Result<Option<Arc<KnownRoom>>> {
        // What cannot be a room's address is not looked for: not every store could hold it.
        let Ok(slug) = parse_slug(slug) else { return Ok(None) };
        if !self.0.closing.is_cancelled()
            && let Some(known) = self.0.known.room_at(&slug)
        {
            return Ok(Some(known));
        }
        let generation = self.0.known.generation();
        let row = rooms::find_by_slug(self.store().read(), &slug).await?;
        self.remember(row.as_ref(), generation).await
    }

    /// Keeps a room that was looked up after `generation` was asked for.
    async fn remember(&self, row: Option<&room::Model>, generation: u64) -> Result<Option<Arc<KnownRoom>>> {
        let mut found = row.map(KnownRoom::try_from).transpose()?;
        if let Some(known) = found.as_mut().filter(|known| known.room.is_direct()) {
            known.pair = contacts::list_pair(self.store().read(), known.room.id).await?;
        }
        let found = found.map(Arc::new);
        if let Some(known) = &found {
            self.0.known.put_room(known.clone(), generation);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let known = Known::default();
        let (room, person) = (RoomId(1), PersonId(1));
        let before = known.generation();
        let left = Event { room, seq: 1, at: 0, what: What::Left { person }, by: None };
        known.forget(&[left], &[]);
        let member = Footing { role: Some(Role::Member), curb: None };
        known.put_standing(room, person, member, before);
        assert_eq!(known.standing(room, person), None);
        known.put_standing(room, person, Footing::default(), known.generation());
        assert_eq!(known.standing(room, person), Some(Footing::default()));
    }

    #[test]
    fn what_nobody_else_changed_is_believed_longer() {
        let fresh = Fresh::new(1, LONGEST);
        let after = |seconds| fresh.since + Duration::from_secs(seconds);
        let cases = [(1, None, true), (3, None, false), (3, Some(4), true), (3, Some(3), false), (31, Some(40), false)];
        for (now, alone, good) in cases {
            assert_eq!(fresh.is_good(after(now), alone.map(after)), good, "{now} {alone:?}");
        }
    }

    #[test]
    fn a_place_that_was_read_late_does_not_hide_a_later_one() {
        let known = Known::default();
        let (room, person) = (RoomId(1), PersonId(1));
        known.forget(&[Event { room, seq: 11, at: 0, what: What::Left { person }, by: None }], &[]);
        known.put_last(room, 10);
        assert_eq!((known.last(room), known.commits()), (Some(11), 1));
    }
}

//! Who wants to know what is unread in all of their rooms, and what they look at. What changed is
//! noted here and told by a task (`chat/src/unread.rs`), so that saying something costs no more.

use super::frames::{Frames, encode_any};
use super::line::Line;
use super::{Hub, locked};
use crate::access::Who;
use crate::hub::Outbox;
use bytes::Bytes;
use domain::event::{Event, What};
use domain::unread::{RoomRow, WatchFrame};
use domain::{PersonId, RoomId};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// So many rooms of those that a device says to show are believed.
const LOOKING: usize = 8;
/// And so many of those that it says to list.
const LISTING: usize = 200;

/// What somebody should tell soon.
#[derive(Default)]
pub(crate) struct UnreadNews {
    /// Where something was said or taken back.
    pub rooms: HashSet<RoomId>,
    /// What these people saw, or became in a room.
    pub own: HashSet<(PersonId, RoomId)>,
    /// What the list shows of these has changed.
    pub rows: HashSet<RoomId>,
    /// They watch for a moment only, and know nothing yet.
    pub new: HashSet<PersonId>,
}

impl UnreadNews {
    fn is_empty(&self) -> bool {
        self.rooms.is_empty() && self.own.is_empty() && self.rows.is_empty() && self.new.is_empty()
    }
}

#[derive(Default)]
pub(super) struct Watchers {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    /// By person and line.
    people: HashMap<PersonId, HashMap<u64, Watcher>>,
    /// Guests, who list rooms only; by line.
    guests: HashMap<u64, Watcher>,
    news: UnreadNews,
}

struct Watcher {
    line: Arc<Line>,
    looking: Vec<RoomId>,
    listing: HashSet<RoomId>,
    /// Whether it was told everything once.
    knows: bool,
}

impl State {
    fn has_nobody(&self) -> bool {
        self.people.is_empty() && self.guests.is_empty()
    }
}

/// A connection that shows the row of a room, and whose it is; `None` for a guest's.
pub(crate) struct Lister {
    pub who: Option<Who>,
    line: Arc<Line>,
}

impl Lister {
    pub fn tell(&self, RowFrame(frame): RowFrame) {
        self.line.push(Frames::one(frame));
    }
}

/// A row, encoded.
#[derive(Clone)]
pub(crate) struct RowFrame(Bytes);

impl RowFrame {
    pub fn of(row: &RoomRow) -> Option<Self> {
        encode_any(&WatchFrame::Row(row.clone())).map(Self)
    }
}

impl Watchers {
    /// What was committed.
    pub fn note(&self, events: &[Event]) {
        let mut state = locked(&self.state);
        if state.has_nobody() {
            return;
        }
        for event in events {
            match &event.what {
                What::Said { .. } | What::Recalled { .. } | What::RoomChanged { .. } => {
                    state.news.rooms.insert(event.room);
                    state.news.rows.insert(event.room);
                }
                // Of the wall its first picture stands there.
                what if matches!(what, What::Edited { .. }) || what.wall_rev().is_some() => {
                    state.news.rows.insert(event.room);
                }
                What::Joined { member } => _ = state.news.own.insert((member.person.id, event.room)),
                What::Left { person } => _ = state.news.own.insert((*person, event.room)),
                _ => {}
            }
        }
        if !state.news.is_empty() {
            self.wake.notify_one();
        }
    }

    /// Somebody came or went, or the list shows the room otherwise for another reason.
    pub fn note_row(&self, room: RoomId) {
        let mut state = locked(&self.state);
        // Whether anybody lists it is asked once for all, when it is told.
        if !state.has_nobody() {
            state.news.rows.insert(room);
            self.wake.notify_one();
        }
    }

    pub fn remove(&self, line: &Line) {
        let mut state = locked(&self.state);
        let Some(who) = &line.who else {
            state.guests.remove(&line.id);
            return;
        };
        if let Some(lines) = state.people.get_mut(&who.person.id) {
            lines.remove(&line.id);
            if lines.is_empty() {
                state.people.remove(&who.person.id);
            }
        }
    }
}

impl Hub {
    /// From now on a connection hears what is unread; `looking` is what its device shows. A guest's hears
    /// of the rooms that it lists, no more.
    pub(crate) fn watch(&self, outbox: &Outbox, mut looking: Vec<RoomId>, listing: Vec<RoomId>) {
        looking.truncate(LOOKING);
        let listing = listing.into_iter().take(LISTING).collect();
        let line = outbox.line();
        let mut state = locked(&self.0.watchers.state);
        let Some(who) = outbox.who() else {
            let guest = Watcher { line: line.clone(), looking: Vec::new(), listing, knows: true };
            state.guests.insert(line.id, guest);
            return;
        };
        let person = who.person.id;
        let lines = state.people.entry(person).or_default();
        let knows = lines.get(&line.id).is_some_and(|watcher| watcher.knows);
        lines.insert(line.id, Watcher { line: line.clone(), looking, listing, knows });
        self.want_said();
        if !knows {
            state.news.new.insert(person);
            self.0.watchers.wake.notify_one();
        }
    }

    /// Notes that somebody saw something, or wants to hear something else of a room.
    pub(crate) fn note_unread(&self, person: PersonId, room: RoomId) {
        let mut state = locked(&self.0.watchers.state);
        if state.people.contains_key(&person) {
            state.news.own.insert((person, room));
            self.0.watchers.wake.notify_one();
        }
    }

    /// Notes that the list shows a room otherwise now.
    pub(crate) fn note_row(&self, room: RoomId) {
        self.0.watchers.note_row(room);
    }

    /// Who shows the rows of these rooms; those that nobody shows are left out.
    pub(crate) fn listers(&self, rooms: &HashSet<RoomId>) -> HashMap<RoomId, Vec<Lister>> {
        let mut found: HashMap<RoomId, Vec<Lister>> = HashMap::new();
        let state = locked(&self.0.watchers.state);
        let people = state.people.values().flat_map(HashMap::values);
        for Watcher { line, listing, .. } in people.chain(state.guests.values()) {
            for room in rooms.intersection(listing) {
                found.entry(*room).or_default().push(Lister { who: line.who.clone(), line: line.clone() });
            }
        }
        found
    }

    /// Everybody who watches.
    pub(crate) fn watching(&self) -> Vec<PersonId> {
        locked(&self.0.watchers.state).people.keys().copied().collect()
    }

    /// Waits until there is something to tell.
    pub(crate) async fn unread_noted(&self) {
        while locked(&self.0.watchers.state).news.is_empty() {
            self.0.watchers.wake.notified().await;
        }
    }

    /// What there is to tell, and who watches.
    pub(crate) fn take_unread_news(&self) -> (UnreadNews, HashSet<PersonId>) {
        let mut state = locked(&self.0.watchers.state);
        (std::mem::take(&mut state.news), state.people.keys().copied().collect())
    }

    /// Tells those of a person's connections that know what was unread before.
    pub(crate) fn tell_watchers(&self, person: PersonId, frame: &WatchFrame) {
        let lines = self.watchers_of(person, |watcher| watcher.knows);
        push(&lines, frame);
    }

    /// Tells those that know nothing yet.
    pub(crate) fn tell_new_watchers(&self, person: PersonId, frame: &WatchFrame) {
        let lines = self.watchers_of(person, |watcher| !std::mem::replace(&mut watcher.knows, true));
        push(&lines, frame);
    }

    /// Whether a room is on a screen of this person's.
    pub(crate) fn is_looking(&self, person: PersonId, room: RoomId) -> bool {
        let state = locked(&self.0.watchers.state);
        let lines = state.people.get(&person);
        lines.is_some_and(|lines| lines.values().any(|watcher| watcher.looking.contains(&room)))
    }

    fn watchers_of(&self, person: PersonId, which: impl Fn(&mut Watcher) -> bool) -> Vec<Arc<Line>> {
        let mut state = locked(&self.0.watchers.state);
        let Some(lines) = state.people.get_mut(&person) else { return Vec::new() };
        lines.values_mut().filter_map(|watcher| which(watcher).then(|| watcher.line.clone())).collect()
    }
}

fn push(lines: &[Arc<Line>], frame: &WatchFrame) {
    if lines.is_empty() {
        return;
    }
    let Some(frame) = encode_any(frame) else { return };
    lines.iter().for_each(|line| line.push(Frames::one(frame.clone())));
}

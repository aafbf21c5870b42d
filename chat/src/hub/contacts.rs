//! Who is here at all, and in which private chats somebody is to be told of it.

use super::line::Line;
use super::{Hub, Inner, locked};
use crate::hub::Outbox;
use domain::{PersonId, RoomId};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tokio::sync::Notify;

/// Somebody who goes from one page to another is not gone in between.
const GONE_AFTER: Duration = Duration::from_secs(3);

#[derive(Default)]
pub(super) struct Contacts {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    /// How many connections everybody has.
    online: HashMap<PersonId, usize>,
    /// Private chats that somebody listens to, and of whom.
    pairs: HashMap<RoomId, [PersonId; 2]>,
    /// The same by person: where it matters that they come and go.
    watched: HashMap<PersonId, HashSet<RoomId>>,
    /// Private chats in which something waits for a person who is not here.
    awaited: HashMap<PersonId, HashSet<RoomId>>,
    /// Chats to be looked at.
    news: HashSet<RoomId>,
}

impl Contacts {
    /// One connection more.
    pub fn came(&self, person: PersonId) {
        let mut state = locked(&self.state);
        let lines = state.online.entry(person).or_default();
        *lines += 1;
        if *lines > 1 {
            return;
        }
        let awaited = state.awaited.remove(&person).unwrap_or_default();
        let watched = state.watched.get(&person).cloned().unwrap_or_default();
        self.wake_for(&mut state, awaited.into_iter().chain(watched));
    }

    /// One connection less. Whether anybody is to be told, should they stay away.
    fn went(&self, person: PersonId) -> bool {
        let mut state = locked(&self.state);
        let Some(lines) = state.online.get_mut(&person) else { return false };
        *lines -= 1;
        if *lines > 0 {
            return false;
        }
        state.online.remove(&person);
        super::shrink(&mut state.online);
        state.watched.contains_key(&person)
    }

    /// Has those told who watch somebody that is away.
    fn tell_gone(&self, person: PersonId) {
        let mut state = locked(&self.state);
        if !state.online.contains_key(&person) {
            let watched = state.watched.get(&person).cloned().unwrap_or_default();
            self.wake_for(&mut state, watched.into_iter());
        }
    }

    fn watch(&self, room: RoomId, pair: [PersonId; 2]) {
        let mut state = locked(&self.state);
        state.pairs.insert(room, pair);
        for person in pair {
            state.watched.entry(person).or_default().insert(room);
        }
    }

    /// Nobody listens to this room any more.
    pub fn forget(&self, room: RoomId) {
        let mut state = locked(&self.state);
        for person in state.pairs.remove(&room).into_iter().flatten() {
            if let Some(rooms) = state.watched.get_mut(&person) {
                rooms.remove(&room);
                if rooms.is_empty() {
                    state.watched.remove(&person);
                }
            }
        }
    }

    fn wake_for(&self, state: &mut State, rooms: impl Iterator<Item = RoomId>) {
        let before = state.news.len();
        state.news.extend(rooms);
        if state.news.len() > before {
            self.wake.notify_one();
        }
    }
}

impl Hub {
    /// Whether somebody has a page open anywhere.
    pub fn is_online(&self, person: PersonId) -> bool {
        locked(&self.0.contacts.state).online.contains_key(&person)
    }

    /// Has somebody look soon at how a private chat stands.
    pub(crate) fn note_contact(&self, room: RoomId) {
        let mut state = locked(&self.0.contacts.state);
        self.0.contacts.wake_for(&mut state, std::iter::once(room));
    }

    /// Has somebody look at a private chat when this person comes; at once if they are here.
    pub(crate) fn await_person(&self, person: PersonId, room: RoomId) {
        let contacts = &self.0.contacts;
        let mut state = locked(&contacts.state);
        if state.online.contains_key(&person) {
            contacts.wake_for(&mut state, std::iter::once(room));
        } else {
            state.awaited.entry(person).or_default().insert(room);
        }
    }

    /// Waits until a private chat is to be looked at.
    pub(crate) async fn contact_news(&self) -> HashSet<RoomId> {
        loop {
            let news = std::mem::take(&mut locked(&self.0.contacts.state).news);
            if !news.is_empty() {
                return news;
            }
            self.0.contacts.wake.notified().await;
        }
    }

    /// [`Hub::hold`] for a private chat: nobody is told who listens to it, only who is here.
    pub(crate) fn hold_private(&self, outbox: &Outbox, room: RoomId, pair: [PersonId; 2]) {
        self.hold_line(outbox.line(), room, pair);
    }

    pub(super) fn hold_line(&self, line: &Arc<Line>, room: RoomId, pair: [PersonId; 2]) {
        self.0.contacts.watch(room, pair);
        let listening = self.0.listenings.fetch_add(1, Ordering::Relaxed);
        let mut shard = self.0.shard(room);
        line.enters(room, listening);
        let listeners = shard.entry(room).or_default();
        listeners.keep_quiet();
        listeners.hold(line, listening, false);
        self.0.after_change(&mut shard, room);
    }

    /// Whether anybody listens to a room.
    pub(crate) fn is_heard(&self, room: RoomId) -> bool {
        self.0.shard(room).contains_key(&room)
    }
}

impl Inner {
    /// A connection of this person is over.
    pub(super) fn note_gone(self: &Arc<Self>, person: PersonId) {
        if !self.contacts.went(person) {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(tell_gone(Arc::downgrade(self), person));
        }
    }
}

async fn tell_gone(hub: Weak<Inner>, person: PersonId) {
    tokio::time::sleep(GONE_AFTER).await;
    if let Some(hub) = hub.upgrade() {
        hub.contacts.tell_gone(person);
    }
}

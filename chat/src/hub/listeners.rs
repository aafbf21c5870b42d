//! The listeners of one room, and what each of them has been told.

use super::outbox::{Line, MAX_FRAMES, encode};
use crate::access::Who;
use bytes::Bytes;
use domain::event::Event;
use domain::live::{Frame, Position, close};
use domain::person::Person;
use domain::{PersonId, RoomId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Typing is passed on at most this often, per connection and room.
const TYPING_EVERY: Duration = Duration::from_secs(2);
/// Most people named in one frame, so that it stays below `domain::live::MAX_FRAME`.
const PEOPLE_PER_FRAME: usize = 150;

/// What a connection missed while it was away.
pub(crate) enum Missed {
    /// Every event between its place and the room's position, in order.
    Events(Vec<Event>),
    /// They cannot be told one by one.
    TooMuch,
}

#[derive(Default)]
pub(super) struct Listeners {
    lines: HashMap<u64, Listener>,
    /// Since the last tick.
    changed: Changed,
    ticking: bool,
}

struct Listener {
    line: Arc<Line>,
    stage: Stage,
    typed_at: Option<Instant>,
    /// Comings and goings that it was not told yet, because its queue was half full.
    owed: Changed,
}

enum Stage {
    /// What it missed is being read; meanwhile what happens is kept here, with its `seq`.
    Held(Vec<(i64, Bytes)>),
    /// It was told everything up to `after`.
    Live { after: i64 },
}

/// Whose presence may have changed. What it changed to is looked up when it is told, so
/// that coming and going in quick succession cannot leave a ghost.
#[derive(Clone, Default)]
struct Changed {
    people: BTreeMap<PersonId, Person>,
    guests: bool,
}

impl Changed {
    fn is_empty(&self) -> bool {
        self.people.is_empty() && !self.guests
    }

    fn note(&mut self, who: Option<&Who>) {
        match who {
            Some(who) => _ = self.people.insert(who.person.id, who.person.clone()),
            None => self.guests = true,
        }
    }

    fn add(&mut self, other: &Changed) {
        self.people.extend(other.people.iter().map(|(id, person)| (*id, person.clone())));
        self.guests |= other.guests;
    }
}

impl Listener {
    fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Live { .. })
    }

    fn publish(&mut self, seq: i64, bytes: &Bytes) {
        match &mut self.stage {
            Stage::Live { after } if seq > *after => self.line.push(bytes),
            // It was among what it missed.
            Stage::Live { .. } => {}
            Stage::Held(held) if held.len() < MAX_FRAMES => held.push((seq, bytes.clone())),
            Stage::Held(_) => self.line.close(close::SLOW, ""),
        }
    }
}

impl Listeners {
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn publish(&mut self, seq: i64, bytes: &Bytes) {
        self.lines.values_mut().for_each(|listener| listener.publish(seq, bytes));
    }

    pub fn hold(&mut self, line: &Arc<Line>) {
        let stage = Stage::Held(Vec::new());
        let listener = Listener { line: line.clone(), stage, typed_at: None, owed: Changed::default() };
        if self.lines.insert(line.id, listener).is_none() {
            self.changed.note(line.who.as_ref());
        }
    }

    pub fn begin(&mut self, id: u64, room: RoomId, position: Position, missed: Missed) {
        let (present, guests) = self.present();
        let Some(listener) = self.lines.get_mut(&id) else { return };
        let after = Stage::Live { after: position.seq };
        let Stage::Held(held) = std::mem::replace(&mut listener.stage, after) else { return };
        let told = match missed {
            Missed::Events(events) => {
                let mut frames = entered(room, position, present, guests);
                frames.extend(events.into_iter().map(Frame::Event));
                listener.line.push_replay(frames.iter().filter_map(encode).collect())
            }
            Missed::TooMuch => false,
        };
        if !told && let Some(reset) = encode(&Frame::Reset { room, position }) {
            listener.line.push(&reset);
        }
        for (seq, bytes) in held {
            listener.publish(seq, &bytes);
        }
    }

    pub fn remove(&mut self, id: u64) {
        if let Some(listener) = self.lines.remove(&id) {
            self.changed.note(listener.line.who.as_ref());
        }
    }

    /// Removes and returns the lines that may not stay.
    pub fn take_unless(&mut self, may: impl Fn(Option<&Who>) -> bool) -> Vec<Arc<Line>> {
        let gone: Vec<Arc<Line>> = self
            .lines
            .values()
            .filter(|listener| !may(listener.line.who.as_ref()))
            .map(|listener| listener.line.clone())
            .collect();
        gone.iter().for_each(|line| self.remove(line.id));
        gone
    }

    pub fn typing(&mut self, line: &Line, room: RoomId) {
        let Some(who) = &line.who else { return };
        let Some(listener) = self.lines.get_mut(&line.id) else { return };
        let now = Instant::now();
        if listener.typed_at.is_some_and(|at| now.duration_since(at) < TYPING_EVERY) {
            return;
        }
        listener.typed_at = Some(now);
        let Some(bytes) = encode(&Frame::Typing { room, person: who.person.clone() }) else { return };
        for other in self.lines.values().filter(|other| other.is_live()) {
            if other.line.who.as_ref().is_none_or(|o| o.person.id != who.person.id) {
                other.line.push_hint(&bytes);
            }
        }
    }

    pub fn present(&self) -> (Vec<Person>, u32) {
        let here = self.here();
        let guests = self.lines.values().filter(|listener| listener.line.who.is_none()).count();
        (here.into_values().cloned().collect(), guests as u32)
    }

    /// Whether somebody should begin to call [`Listeners::tick`].
    pub fn starts_ticking(&mut self) -> bool {
        let starts = !self.ticking && !self.changed.is_empty();
        self.ticking |= starts;
        starts
    }

    /// Tells everybody who came and went. `false` when there is nothing more to tell.
    pub fn tick(&mut self, room: RoomId) -> bool {
        let changed = std::mem::take(&mut self.changed);
        let shared = self.presence(room, &changed);
        let mut late: Vec<(u64, Changed)> = Vec::new();
        for (id, listener) in self.lines.iter().filter(|(_, listener)| listener.is_live()) {
            let mut owed = listener.owed.clone();
            let told = if owed.is_empty() {
                shared.iter().all(|frame| listener.line.push_hint(frame))
            } else {
                owed.add(&changed);
                self.presence(room, &owed).iter().all(|frame| listener.line.push_hint(frame))
            };
            if !told {
                owed.add(&changed);
                late.push((*id, owed));
            } else if !owed.is_empty() {
                late.push((*id, Changed::default()));
            }
        }
        for (id, owed) in late {
            if let Some(listener) = self.lines.get_mut(&id) {
                listener.owed = owed;
            }
        }
        self.ticking = self.lines.values().any(|listener| !listener.owed.is_empty());
        self.ticking
    }

    fn presence(&self, room: RoomId, changed: &Changed) -> Vec<Bytes> {
        let here = self.here();
        let guests = self.lines.values().filter(|listener| listener.line.who.is_none()).count() as u32;
        let people: Vec<&Person> = changed.people.values().collect();
        let mut parts: Vec<&[&Person]> = people.chunks(PEOPLE_PER_FRAME).collect();
        if parts.is_empty() && changed.guests {
            parts.push(&[]);
        }
        let frame = |part: &[&Person]| {
            let (came, went): (Vec<&Person>, Vec<&Person>) =
                part.iter().copied().partition(|p| here.contains_key(&p.id));
            let came = came.into_iter().cloned().collect();
            Frame::Presence { room, came, went: went.into_iter().map(|p| p.id).collect(), guests }
        };
        parts.into_iter().filter_map(|part| encode(&frame(part))).collect()
    }

    fn here(&self) -> BTreeMap<PersonId, &Person> {
        self.lines.values().filter_map(|l| l.line.who.as_ref()).map(|who| (who.person.id, &who.person)).collect()
    }
}

/// Where the room stands and who is there; more people than one frame holds follow as presence.
fn entered(room: RoomId, position: Position, mut present: Vec<Person>, guests: u32) -> Vec<Frame> {
    let rest = present.split_off(present.len().min(PEOPLE_PER_FRAME));
    let more = rest.chunks(PEOPLE_PER_FRAME).map(|part| Frame::Presence {
        room,
        came: part.to_vec(),
        went: Vec::new(),
        guests,
    });
    std::iter::once(Frame::Entered { room, position, present, guests }).chain(more).collect()
}

//! The listeners of one room, and what each of them has been told. Nothing is written here,
//! under the lock: what is to be told, and to whom, is handed out.

use super::frames::{Frames, encode};
use super::line::{Line, MAX_FRAMES};
use super::presence::{Changed, Telling};
use super::shrink;
use super::stage::Staged;
use super::waiting::Waiting;
use crate::access::Who;
use bytes::Bytes;
use domain::event::Event;
use domain::live::{Frame, MAX_NAMED, Position, close};
use domain::person::Person;
use domain::{PersonId, RoomId, SessionId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Typing is passed on at most this often, per connection and room.
const TYPING_EVERY: Duration = Duration::from_secs(2);

/// What a connection missed while it was away.
#[derive(Clone)]
pub(crate) enum Missed {
    /// Every event between its place and the room's position, in order, as frames.
    Events(Replay),
    /// They cannot be told one by one.
    TooMuch,
}

/// Frames of events that were missed, in one piece; shared by all who missed the same.
#[derive(Clone, Default)]
pub(crate) struct Replay(Frames);

impl Replay {
    pub fn of(events: Vec<Event>) -> Self {
        let frames: Vec<Bytes> = events.into_iter().filter_map(|event| encode(&Frame::Event(event))).collect();
        Self(Frames::join(&frames))
    }
}

#[derive(Default)]
pub(super) struct Listeners {
    lines: HashMap<u64, Listener>,
    waiting: Waiting,
    /// How many of the lines each person has; and the guests'.
    people: BTreeMap<PersonId, (usize, Person)>,
    guests: u32,
    /// Since the last tick.
    changed: Changed,
    ticking: bool,
    /// A private chat: nobody is told who listens to it.
    quiet: bool,
    /// Somebody was told only how many people are here.
    told_number: bool,
    pub staged: Staged,
}

struct Listener {
    line: Arc<Line>,
    listening: u64,
    /// Whether this is one of the room's hosts.
    is_host: bool,
    stage: Stage,
    /// The last change of the room's stage that it has shown.
    painted: i64,
    typed_at: Option<Instant>,
    /// Comings and goings that it was not told yet, because its queue was half full.
    owed: Option<Box<Changed>>,
}

enum Stage {
    /// What it missed is being read; meanwhile what happens is kept here, with its `seq`.
    Held(Vec<(i64, Bytes)>),
    /// It was told everything up to `after`.
    Live { after: i64 },
}

/// Somebody who is to be told what was published, from the so-maniest frame on.
pub(super) struct Hearer {
    pub line: Arc<Line>,
    pub listening: u64,
    pub from: usize,
}

impl Listener {
    fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Live { .. })
    }

    fn publish(&mut self, events: &[(i64, Bytes)]) -> Option<Hearer> {
        match &mut self.stage {
            Stage::Live { after } => {
                // What is not after it was among what it missed.
                let from = events.iter().position(|(seq, _)| seq > after)?;
                Some(Hearer { line: self.line.clone(), listening: self.listening, from })
            }
            Stage::Held(held) if held.len() + events.len() <= MAX_FRAMES => {
                held.extend_from_slice(events);
                None
            }
            Stage::Held(_) => {
                self.line.close(close::SLOW, "");
                None
            }
        }
    }
}

impl Listeners {
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.waiting.is_empty()
    }

    /// Who is to be told of these events now; the others get them when they begin.
    pub fn publish(&mut self, events: &[(i64, Bytes)]) -> Vec<Hearer> {
        self.lines.values_mut().filter_map(|listener| listener.publish(events)).collect()
    }

    /// Tells nobody who is here, from now on.
    pub fn keep_quiet(&mut self) {
        self.quiet = true;
    }

    pub fn hold(&mut self, line: &Arc<Line>, listening: u64, is_host: bool) {
        self.waiting.remove(line.id);
        let stage = Stage::Held(Vec::new());
        let listener =
            Listener { line: line.clone(), listening, is_host, stage, painted: 0, typed_at: None, owed: None };
        if self.lines.insert(line.id, listener).is_none() {
            self.count(line.who.as_ref());
        }
    }

    /// Tells one listener, under the lock, so that nothing published comes in between.
    pub fn begin(&mut self, id: u64, room: RoomId, position: Position, missed: Missed) {
        let (present, unnamed, guests) = (self.named(), self.unnamed(), self.guests);
        self.told_number |= unnamed > 0;
        let Some(listener) = self.lines.get_mut(&id) else { return };
        let after = Stage::Live { after: position.seq };
        let Stage::Held(held) = std::mem::replace(&mut listener.stage, after) else { return };
        let told = match missed {
            Missed::Events(Replay(events)) => {
                let entered = encode(&Frame::Entered { room, position, present, guests, unnamed });
                entered.is_some_and(|entered| listener.line.push_replay(Frames::one(entered), events))
            }
            Missed::TooMuch => false,
        };
        if !told && let Some(reset) = encode(&Frame::Reset { room, position }) {
            listener.line.push(Frames::one(reset));
        }
        for (_, frame) in held.into_iter().filter(|(seq, _)| *seq > position.seq) {
            listener.line.push(Frames::one(frame));
        }
    }

    /// Lets a line wait in front of the room.
    pub fn wait(&mut self, line: &Arc<Line>) {
        self.remove(line.id);
        self.waiting.insert(line);
    }

    pub fn count_waiting(&self) -> u32 {
        self.waiting.count()
    }

    /// Everybody who waits; they wait no longer.
    pub fn take_waiting(&mut self) -> Vec<Arc<Line>> {
        self.waiting.take()
    }

    /// Those to whom the gate matters while it is shut: who waits, and who is inside.
    pub fn at_the_gate(&self) -> Vec<Arc<Line>> {
        self.waiting.lines().chain(self.lines.values().map(|listener| &listener.line)).cloned().collect()
    }

    /// Whether the room's gate has to hear when this line goes.
    pub fn matters_at_the_gate(&self, id: u64) -> bool {
        self.waiting.contains(id) || self.lines.get(&id).is_some_and(|listener| listener.is_host)
    }

    /// The lines of some of the people here.
    pub fn lines_where(&self, whom: impl Fn(&Who) -> bool) -> Vec<Arc<Line>> {
        let lines = self.lines.values().map(|listener| &listener.line);
        lines.filter(|line| line.who.as_ref().is_some_and(&whom)).cloned().collect()
    }

    /// Another session with which this person listens.
    pub fn other_session(&self, who: &Who) -> Option<SessionId> {
        let others = self.lines.values().filter_map(|listener| listener.line.who.as_ref());
        others.filter(|o| o.person.id == who.person.id && o.session != who.session).map(|o| o.session).next()
    }

    pub fn has_host(&self) -> bool {
        self.lines.values().any(|listener| listener.is_host)
    }

    /// Notes that a person became a host, or is none any more.
    pub fn set_host(&mut self, person: PersonId, is_host: bool) {
        for listener in self.lines.values_mut() {
            if listener.line.who.as_ref().is_some_and(|who| who.person.id == person && who.only.is_none()) {
                listener.is_host = is_host;
            }
        }
    }

    /// Notes who the room's hosts are; whether it was anybody else. In a frame of another site nobody
    /// is host.
    pub fn set_hosts(&mut self, hosts: &[PersonId]) -> bool {
        let mut is_news = false;
        for listener in self.lines.values_mut() {
            let who = listener.line.who.as_ref().filter(|who| who.only.is_none());
            let is_host = who.is_some_and(|who| hosts.contains(&who.person.id));
            is_news |= std::mem::replace(&mut listener.is_host, is_host) != is_host;
        }
        is_news
    }

    /// Removes and returns the lines of those who may not be in a shut room.
    pub fn take_viewers(&mut self) -> Vec<Arc<Line>> {
        let is_viewer = |listener: &&Listener| !listener.is_host && !listener.line.is_admin();
        let gone: Vec<Arc<Line>> = self.lines.values().filter(is_viewer).map(|l| l.line.clone()).collect();
        gone.iter().for_each(|line| self.remove(line.id));
        gone
    }

    pub fn remove(&mut self, id: u64) {
        self.waiting.remove(id);
        if let Some(listener) = self.lines.remove(&id) {
            self.uncount(listener.line.who.as_ref());
            shrink(&mut self.lines);
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
        let waiting = self.waiting.lines().filter(|line| !may(line.who.as_ref())).cloned();
        let gone: Vec<Arc<Line>> = gone.into_iter().chain(waiting).collect();
        gone.iter().for_each(|line| self.remove(line.id));
        gone
    }

    /// Who is to be told that this person types: nobody if they were just told.
    pub fn typing(&mut self, line: &Line, person: PersonId) -> Vec<Arc<Line>> {
        let Some(listener) = self.lines.get_mut(&line.id) else { return Vec::new() };
        let now = Instant::now();
        if listener.typed_at.is_some_and(|at| now.duration_since(at) < TYPING_EVERY) {
            return Vec::new();
        }
        listener.typed_at = Some(now);
        let others = self.lines.values().filter(|other| other.is_live());
        others
            .filter(|other| other.line.who.as_ref().is_none_or(|o| o.person.id != person))
            .map(|other| other.line.clone())
            .collect()
    }

    /// Counts a screen that shows the stage's last change; see [`Staged::paint`].
    pub fn painted(&mut self, id: u64, seq: i64) -> bool {
        let Some(listener) = self.lines.get_mut(&id).filter(|l| l.painted < seq) else { return false };
        if !self.staged.is_last(seq) {
            return false;
        }
        listener.painted = seq;
        self.staged.paint(seq)
    }

    /// The lines of these people, and of administrators.
    pub fn lines_of(&self, people: &[PersonId]) -> Vec<Arc<Line>> {
        let is_theirs =
            |line: &&Arc<Line>| line.is_admin() || line.who.as_ref().is_some_and(|who| people.contains(&who.person.id));
        self.lines.values().map(|listener| &listener.line).filter(is_theirs).cloned().collect()
    }

    /// The people here, by id, if they are few enough to be named; else nobody.
    pub fn named(&self) -> Vec<Person> {
        if self.quiet || self.unnamed() > 0 {
            return Vec::new();
        }
        self.people.values().map(|(_, person)| person.clone()).collect()
    }

    /// How many people are here, if they are too many to be named; else 0.
    pub fn unnamed(&self) -> u32 {
        if self.people.len() > MAX_NAMED { self.people.len() as u32 } else { 0 }
    }

    pub fn count_all(&self) -> u32 {
        if self.quiet { 0 } else { self.guests + self.people.len() as u32 }
    }

    /// Each connection, whoever it belongs to.
    pub fn count_lines(&self) -> usize {
        self.lines.len()
    }

    pub fn guests(&self) -> u32 {
        self.guests
    }

    /// Whether somebody should begin to call [`Listeners::tick`].
    pub fn starts_ticking(&mut self) -> bool {
        let starts = !self.ticking && !self.changed.is_empty();
        self.ticking |= starts;
        starts
    }

    /// Who came and went, for everybody; after it, [`Listeners::owe`].
    pub fn tick(&mut self, room: RoomId) -> Vec<Telling> {
        let changed = Arc::new(std::mem::take(&mut self.changed));
        let is_crowd = self.unnamed() > 0;
        let all_anew = std::mem::replace(&mut self.told_number, is_crowd);
        let Some(shared) = self.presence(room, &changed, all_anew) else { return Vec::new() };
        let mut tellings = Vec::new();
        let mut late: Vec<(Arc<Line>, Changed)> = Vec::new();
        for listener in self.lines.values_mut().filter(|listener| listener.is_live()) {
            let line = listener.line.clone();
            match listener.owed.take() {
                Some(owed) => late.push((line, *owed)),
                None if changed.is_empty() => {}
                None => tellings.push(Telling { line, frame: shared.clone(), about: changed.clone() }),
            }
        }
        for (line, mut about) in late {
            about.add(&changed);
            let Some(frame) = self.presence(room, &about, true) else { continue };
            tellings.push(Telling { line, frame, about: Arc::new(about) });
        }
        tellings
    }

    /// Keeps what could not be told. `false` when there is nothing more to tell.
    pub fn owe(&mut self, untold: Vec<(u64, Arc<Changed>)>) -> bool {
        for (id, about) in untold {
            if let Some(listener) = self.lines.get_mut(&id) {
                listener.owed.get_or_insert_default().add(&about);
            }
        }
        self.ticking = !self.changed.is_empty() || self.lines.values().any(|listener| listener.owed.is_some());
        self.ticking
    }

    /// With `all_anew` everybody here is named, for those who do not know the others either.
    fn presence(&self, room: RoomId, changed: &Changed, all_anew: bool) -> Option<Bytes> {
        let (guests, unnamed) = (self.guests, self.unnamed());
        let (mut came, mut went) = changed.split(|person| self.people.contains_key(&person));
        if unnamed > 0 {
            (came, went) = (Vec::new(), Vec::new());
        } else if all_anew {
            came = self.named();
        }
        encode(&Frame::Presence { room, came, went, guests, unnamed })
    }

    fn count(&mut self, who: Option<&Who>) {
        match who {
            Some(who) => self.people.entry(who.person.id).or_insert_with(|| (0, who.person.clone())).0 += 1,
            None => self.guests += 1,
        }
        if !self.quiet {
            self.changed.note(who);
        }
    }

    fn uncount(&mut self, who: Option<&Who>) {
        match who {
            Some(who) => {
                let lines = self.people.get_mut(&who.person.id).map(|(lines, _)| {
                    *lines -= 1;
                    *lines
                });
                if lines == Some(0) {
                    self.people.remove(&who.person.id);
                }
            }
            None => self.guests -= 1,
        }
        if !self.quiet {
            self.changed.note(who);
        }
    }
}

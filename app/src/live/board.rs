//! What a room's page knows, and how each frame from the server changes it. Pure: no
//! browser, no clock, no signals, so that every rule here is tested natively.

use crate::calls::rooms::RoomPageData;
use domain::event::{Event, What};
use domain::gate::GateView;
use domain::join_request::Asked;
use domain::live::{Frame, Position};
use domain::member::{Member, Role};
use domain::message::Message;
use domain::person::Person;
use domain::picture::Picture;
use domain::room::Room;
use domain::stage::Stage;
use domain::wall::{Applied, Wall};
use domain::{ClientId, MessageId, PersonId, PictureId, Problem};
use std::sync::Arc;

use super::pending::{Pending, Sending};
use super::quiet::until;

/// Most messages kept; beyond it the far side is dropped and can be loaded again.
pub const KEEP: usize = 300;

/// How long somebody counts as typing after the last sign of it.
pub const TYPING_MS: i64 = 5_000;

#[derive(Clone, Debug)]
pub struct Board {
    pub room: Room,
    pub me: Option<Person>,
    pub role: Option<Role>,
    pub members: Vec<Member>,
    pub present: Vec<Person>,
    pub guests: u32,
    /// How many people are here, if they are too many to be named.
    pub unnamed: u32,
    /// With the moment at which it no longer counts.
    pub typing: Vec<(Person, i64)>,
    pub wall: Wall,
    /// What everybody is shown.
    pub stage: Stage,
    /// The room is shut for this visitor, and nothing of it is here.
    pub shut: bool,
    /// For those who wait, and those who run the room.
    pub gate: Option<GateView>,
    /// For those who wait.
    pub cover: Option<Picture>,
    /// In the room's order, without gaps in between.
    pub messages: Vec<Arc<Message>>,
    /// Whether there are earlier messages than the first kept.
    pub has_more: bool,
    /// Whether there are later messages than the last kept: new ones are not appended then.
    pub cut: bool,
    /// Why the visitor cannot write now, and until when by the server's clock.
    pub quiet: Option<(Problem, i64)>,
    /// What the visitor has hidden from themselves since the page was made, or elsewhere.
    pub hidden: Vec<MessageId>,
    /// How many messages wait for approval, and people ask to join; for hosts.
    pub held: u32,
    pub asking: u32,
    /// How it stands with the visitor's own request to join.
    pub asked: Asked,
    /// Own messages not yet confirmed, in the order they were written.
    pub pending: Vec<Pending>,
    /// The last event taken over.
    pub position: Position,
    /// Whether the reader is at the end and follows what is said.
    pub following: bool,
    /// Messages by others since the reader left the end, and those before that they have not seen yet.
    pub fresh: u32,
    /// The reader has seen everything up to this place.
    pub seen: i64,
    /// What the reader had seen when the page was opened, if something new was there. It is
    /// not moved afterwards, so that the line stays while one reads.
    pub line_after: Option<i64>,
    /// What is said after the page was opened never gets a line.
    pub(super) line_until: i64,
}

/// What has to happen after a frame.
#[derive(Debug, Default, PartialEq)]
pub struct Effects {
    /// Parts that have to be drawn anew.
    pub talk: bool,
    pub wall: bool,
    pub people: bool,
    pub room: bool,
    pub typing: bool,
    pub gate: bool,
    /// Whether the visitor may write, or what waits for approval.
    pub quiet: bool,
    /// A change of the wall is missing: fetch the wall.
    pub fetch_wall: bool,
    /// Fetch the whole room.
    pub reload: bool,
    /// The same, but not at the same moment as so many others.
    pub reload_among: Option<u32>,
    /// An event is missing: connect anew and resume.
    pub resume: bool,
    /// This message is stored; it need not be kept any more.
    pub settled: Option<ClientId>,
    /// Send this one again after so many milliseconds.
    pub again: Option<u64>,
    /// The room is no longer open to this visitor.
    pub gone: Option<Problem>,
    /// The stage changed, at this place.
    pub staged: Option<i64>,
    /// A picture was added: mark it.
    pub hung: Option<PictureId>,
    /// The visitor's change of a message was not let through.
    pub edit_declined: bool,
    /// The visitor asked to join, and is a member now.
    pub let_in: bool,
}

impl Board {
    pub fn new(data: RoomPageData, me: Option<Person>, now: i64) -> Self {
        let mut board = Self {
            room: data.room,
            me,
            role: data.role,
            members: data.members,
            present: data.present,
            guests: data.guests,
            unnamed: data.unnamed,
            typing: Vec::new(),
            wall: data.wall,
            stage: data.stage,
            shut: data.shut,
            gate: data.gate,
            cover: data.cover,
            quiet: data.quiet.map(|problem| until(problem, now)),
            hidden: Vec::new(),
            held: data.held,
            asking: data.asking,
            asked: data.asked,
            messages: arcs(data.history.messages),
            has_more: data.history.has_more,
            cut: data.cut,
            pending: Vec::new(),
            position: data.position,
            // Whoever has something to read is where it begins, until they come to the end.
            following: !data.cut && data.unread == 0,
            fresh: data.unread,
            seen: data.last_read,
            line_after: None,
            line_until: data.position.seq,
        };
        let unread = board.messages.iter().any(|m| m.seq > data.last_read && !board.is_mine(&m.author));
        board.line_after = (data.last_read > 0 && unread).then_some(data.last_read);
        board
    }

    pub fn is_mine(&self, author: &Person) -> bool {
        self.me.as_ref().is_some_and(|me| me.id == author.id)
    }

    /// Takes over one frame. `now` in milliseconds of the server's clock.
    pub fn apply(&mut self, frame: Frame, now: i64) -> Effects {
        match frame {
            Frame::Entered { room, position, present, guests, unnamed } if room == self.room.id => {
                self.present = present;
                self.guests = guests;
                self.unnamed = unnamed;
                let quiet = self.doubt_quiet(now);
                Effects { people: true, quiet, reload: position.epoch != self.position.epoch, ..Effects::default() }
            }
            Frame::Reset { room, .. } if room == self.room.id => Effects { reload: true, ..Effects::default() },
            Frame::Event(event) if event.room == self.room.id => self.happened(event),
            Frame::Posted { client_id, seq, at, .. } => self.posted(&client_id, seq, at),
            Frame::Refused { of, problem, .. } => self.refused(&of, problem, now),
            Frame::Quiet { room, problem } if room == self.room.id => self.told_quiet(problem, now),
            Frame::Hidden { room, messages, on } if room == self.room.id => self.hid(messages, on),
            Frame::Held { room, count, asking } if room == self.room.id => self.told_held(count, asking),
            Frame::Asked { room, asked } if room == self.room.id => self.told_asked(asked),
            Frame::Typing { room, person } if room == self.room.id => self.typed(person, now),
            Frame::Presence { room, came, went, guests, unnamed } if room == self.room.id => {
                self.guests = guests;
                self.unnamed = unnamed;
                self.moved(came, &went)
            }
            Frame::Waiting { room, gate } if room == self.room.id => self.waits(gate),
            Frame::Opened { room } if room == self.room.id => {
                let among = self.gate.map_or(0, |gate| gate.waiting);
                Effects { reload_among: Some(among), ..Effects::default() }
            }
            Frame::Gone { room, problem } if room == self.room.id => {
                Effects { gone: Some(problem), ..Effects::default() }
            }
            Frame::Welcome { .. }
            | Frame::Pong { .. }
            | Frame::Entered { .. }
            | Frame::Reset { .. }
            | Frame::Event(_)
            | Frame::Typing { .. }
            | Frame::Presence { .. }
            | Frame::Waiting { .. }
            | Frame::Opened { .. }
            | Frame::Quiet { .. }
            | Frame::Held { .. }
            | Frame::Asked { .. }
            | Frame::Hidden { .. }
            | Frame::Contact { .. }
            | Frame::Gone { .. }
            | Frame::Followers { .. } => Effects::default(),
        }
    }

    /// How the gate stands. For somebody inside who is no host it means: not inside any more.
    fn waits(&mut self, gate: GateView) -> Effects {
        if self.gate.is_none() {
            return Effects { reload: true, ..Effects::default() };
        }
        self.gate = Some(gate);
        Effects { gate: true, ..Effects::default() }
    }

    fn happened(&mut self, event: Event) -> Effects {
        if event.seq <= self.position.seq {
            return Effects::default();
        }
        if event.seq > self.position.seq + 1 {
            return Effects { resume: true, ..Effects::default() };
        }
        self.position.seq = event.seq;
        match event.what {
            What::Said { message } => self.said(message),
            What::Recalled { messages, name } => self.recalled(&messages, &name),
            What::Edited { message, spans } => self.edited(message, spans, event.at),
            What::Reacted { message, by, emoji, on, count } => self.reacted(message, (by, on), &emoji, count),
            What::Joined { member } => self.joined(member),
            What::Left { person } => {
                self.members.retain(|m| m.person.id != person);
                self.changed_role(person, None)
            }
            What::RoleChanged { person, role } => {
                for m in self.members.iter_mut().filter(|m| m.person.id == person) {
                    m.role = role;
                }
                self.sort_members();
                self.changed_role(person, Some(role))
            }
            What::RoomChanged { room } => {
                self.room = room;
                Effects { room: true, ..Effects::default() }
            }
            What::GateChanged { opening, phase } => {
                self.gate = self.gate.map(|gate| GateView { opening, phase, ..gate });
                Effects { gate: true, ..Effects::default() }
            }
            What::StageChanged { stage } => {
                self.stage = stage;
                Effects { staged: Some(event.seq), ..Effects::default() }
            }
            what @ (What::PictureAdded { .. }
            | What::PictureChanged { .. }
            | What::PictureRemoved { .. }
            | What::PictureMoved { .. }
            | What::WallSpread { .. }
            | What::WallRenumbered { .. }) => self.hung(&what),
            What::HeldChanged => Effects::default(),
        }
    }

    fn hung(&mut self, what: &What) -> Effects {
        let hung = match what {
            What::PictureAdded { picture, .. } => Some(picture.id),
            _ => None,
        };
        match self.wall.apply(what) {
            Applied::Yes => Effects { wall: true, hung, ..Effects::default() },
            Applied::Nothing => Effects::default(),
            Applied::Gap => Effects { fetch_wall: true, ..Effects::default() },
        }
    }

    fn said(&mut self, message: Message) -> Effects {
        let mine = self.is_mine(&message.author);
        let settled = mine.then(|| self.settle(&message.client_id)).flatten();
        self.typing.retain(|(person, _)| person.id != message.author.id);
        if !mine && !self.following {
            self.fresh += 1;
        }
        // Somebody who reads far above keeps what they read; the end is loaded again later.
        if !self.following && self.messages.len() >= KEEP {
            self.cut = true;
        }
        // A page loaded a moment ago may have brought it already.
        if !self.cut && message.seq > self.last_seq() {
            self.messages.push(Arc::new(message));
            self.trim_front();
        }
        Effects { talk: true, typing: true, settled, ..Effects::default() }
    }

    fn joined(&mut self, member: Member) -> Effects {
        let (person, role) = (member.person.id, member.role);
        self.members.retain(|m| m.person.id != person);
        self.members.push(member);
        self.sort_members();
        self.changed_role(person, Some(role))
    }

    /// Hosts first, then by name, as the server sends them.
    fn sort_members(&mut self) {
        self.members.sort_by(|a, b| a.role.cmp(&b.role).then_with(|| a.person.name.cmp(&b.person.name)));
    }

    fn posted(&mut self, client_id: &ClientId, seq: i64, at: i64) -> Effects {
        // The message itself comes, or came, as an event; only one that was taken over long
        // ago (the page was loaded anew meanwhile) is settled by the answer alone.
        if seq <= self.position.seq {
            let settled = self.settle(client_id);
            return Effects { talk: settled.is_some(), settled, ..Effects::default() };
        }
        let Some(pending) = self.pending.iter_mut().find(|p| p.client_id == *client_id) else {
            return Effects::default();
        };
        pending.sending = Sending::Stored { at };
        Effects { talk: true, settled: Some(client_id.clone()), ..Effects::default() }
    }

    fn refused(&mut self, of: &str, problem: Problem, now: i64) -> Effects {
        if of == "enter" {
            // Anything else passes: the next connection asks again.
            let shut = matches!(
                problem,
                Problem::NotFound { .. } | Problem::NotAllowed | Problem::SignInNeeded | Problem::Removed { .. }
            );
            return Effects { gone: shut.then_some(problem), ..Effects::default() };
        }
        let Some(pending) = self.pending.iter_mut().find(|p| p.client_id.as_str() == of) else {
            // A change of an earlier message, which waited for a host under this name.
            let edit_declined = problem == Problem::Declined && of.starts_with("edit-");
            return Effects { edit_declined, ..Effects::default() };
        };
        if let Problem::TooFast { wait_ms } = problem {
            pending.sending = Sending::Waiting;
            return Effects { again: Some(wait_ms), ..Effects::default() };
        }
        let quiet = problem.is_quiet();
        if quiet {
            self.quiet = Some(until(problem.clone(), now));
        }
        pending.sending = Sending::Failed(problem);
        Effects { talk: true, quiet, again: Some(0), ..Effects::default() }
    }

    fn typed(&mut self, person: Person, now: i64) -> Effects {
        if self.is_mine(&person) {
            return Effects::default();
        }
        self.typing.retain(|(other, _)| other.id != person.id);
        self.typing.push((person, now + TYPING_MS));
        Effects { typing: true, ..Effects::default() }
    }

    /// Forgets who stopped typing; whether anybody did.
    pub fn expire_typing(&mut self, now: i64) -> bool {
        let before = self.typing.len();
        self.typing.retain(|(_, until)| *until > now);
        self.typing.len() != before
    }

    fn moved(&mut self, came: Vec<Person>, went: &[PersonId]) -> Effects {
        let stays = |p: &Person| self.unnamed == 0 && !went.contains(&p.id) && !came.iter().any(|c| c.id == p.id);
        self.present.retain(stays);
        self.present.extend(came);
        self.typing.retain(|(p, _)| !went.contains(&p.id));
        Effects { people: true, typing: true, ..Effects::default() }
    }

    /// The message is no longer pending; its name if it was.
    fn settle(&mut self, client_id: &ClientId) -> Option<ClientId> {
        let i = self.pending.iter().position(|p| p.client_id == *client_id)?;
        Some(self.pending.remove(i).client_id)
    }

    fn trim_front(&mut self) {
        if self.following && self.messages.len() > KEEP {
            self.messages.drain(..self.messages.len() - KEEP);
            self.has_more = true;
        }
    }
}

pub(super) fn arcs(messages: Vec<Message>) -> Vec<Arc<Message>> {
    messages.into_iter().map(Arc::new).collect()
}

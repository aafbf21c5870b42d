//! The living part of a room's page: what it knows ([`board`]), the socket that keeps it
//! true, and the signals that draw it.

pub mod actions;
pub mod board;
mod changes;
pub mod drafts;
mod history;
pub mod kept;
pub mod lines;
pub mod link;
pub mod pending;
mod quiet;
mod reader;
mod seen;
#[cfg(feature = "hydrate")]
mod socket;
#[cfg(feature = "hydrate")]
mod watch;

#[cfg(test)]
mod board_tests;
#[cfg(test)]
mod changes_tests;
#[cfg(test)]
mod quiet_tests;
#[cfg(test)]
mod seen_tests;

use crate::browser;
use crate::calls::rooms::RoomPageData;
use crate::visitor::prefs;
use board::Board;
use domain::contact::Contact;
use domain::event::Event;
use domain::gate::GateView;
use domain::join_request::Asked;
use domain::live::Command;
use domain::member::{Member, Role};
use domain::person::Person;
use domain::picture::Picture;
use domain::room::Room;
use domain::stage::Stage;
use domain::wall::Wall;
use domain::{ClientId, PictureId, Problem, RoomId};
use leptos::prelude::*;
use lines::{Key, Line, lines};
use link::{Banner, Link, News, Pulse, banner};
use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(feature = "hydrate")]
type Outgoing = socket::Outgoing;
/// The server has no socket to itself.
#[cfg(not(feature = "hydrate"))]
type Outgoing = ();

/// A line of the conversation with the signal that redraws it alone.
#[derive(Clone)]
pub struct Row {
    pub key: Key,
    pub line: ArcRwSignal<Line>,
}

/// What surrounds the lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talk {
    /// Ask for history before this place; `None` at the room's beginning.
    pub earlier: Option<i64>,
    /// The last message that is shown, if it is not the end of the conversation.
    pub later: Option<i64>,
    /// Messages by others that are not seen yet, while the reader is not at the end.
    pub fresh: u32,
    /// Own messages that failed.
    pub failed: usize,
    pub loading: Loading,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loading {
    #[default]
    No,
    Earlier,
    Later,
    /// The last attempt failed; the reader may try again.
    Failed,
}

#[derive(Clone, Debug, PartialEq)]
pub struct People {
    pub members: Vec<Member>,
    pub present: Vec<Person>,
    pub guests: u32,
    pub unnamed: u32,
}

impl People {
    /// How many are here now.
    pub fn count(&self) -> u32 {
        self.present.len() as u32 + self.unnamed + self.guests
    }
}

/// Handle to everything that lives on the page.
#[derive(Clone, Copy)]
pub struct Live {
    board: StoredValue<Board>,
    out: StoredValue<Option<Outgoing>>,
    state: StoredValue<State>,
    pub id: RoomId,
    pub tz: i32,
    pub rows: RwSignal<Vec<Row>>,
    pub talk: RwSignal<Talk>,
    pub wall: RwSignal<Arc<Wall>>,
    /// What everybody is shown.
    pub stage: RwSignal<Stage>,
    /// For hosts: on how many screens that is, and how soon most had it, in milliseconds.
    pub followers: RwSignal<Option<(u32, u32)>>,
    pub people: RwSignal<People>,
    pub room: RwSignal<Room>,
    /// Whether the visitor has a say in the room.
    pub role: RwSignal<Option<Role>>,
    /// In front of a room that is shut for this visitor.
    pub shut: RwSignal<bool>,
    /// How the gate stands, for those who wait and those who run the room.
    pub gate: RwSignal<Option<GateView>>,
    /// Why the visitor cannot write now, and until when by the server's clock.
    pub quiet: RwSignal<Option<(Problem, i64)>>,
    /// How many messages wait for approval, and people ask to join; for hosts.
    pub held: RwSignal<u32>,
    pub asking: RwSignal<u32>,
    /// How it stands with the visitor's own request to join.
    pub asked: RwSignal<Asked>,
    /// What is known of the other one, in a private chat.
    pub contact: RwSignal<Option<Contact>>,
    /// The place of the last message of one's own; 0 if none is shown.
    pub last_own: RwSignal<i64>,
    /// Whether the visitor moderates the room.
    pub hosts: bool,
    /// Whether files are taken from the visitor, when the page was made.
    pub takes_files: bool,
    /// Who is writing right now.
    pub typing: RwSignal<Vec<Person>>,
    /// The server's clock, milliseconds; refreshed while something depends on it.
    pub now: RwSignal<i64>,
    pub banner: RwSignal<Banner>,
    /// Pictures that were just added.
    pub hung: RwSignal<Vec<PictureId>>,
    /// The last change of the wall, or of what is held back; told to those who manage it only.
    pub deed: RwSignal<Option<Event>>,
    /// Whether the reader looks at this page.
    pub attention: RwSignal<bool>,
    /// Rises whenever the conversation shall go to its end.
    pub to_end: RwSignal<u32>,
}

/// What the connection remembers.
#[derive(Default)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "connections exist in the browser only"))]
struct State {
    link: Link,
    news: Option<News>,
    new_version: bool,
    /// The build that answered first.
    build: Option<String>,
    pulse: Pulse,
    /// The server's clock minus the device's.
    offset: i64,
    /// The post that waits for its answer, and since when by the device's clock.
    in_flight: Option<(ClientId, i64)>,
    /// Between asking to resume and the answer.
    resuming: bool,
    reloading: bool,
    /// Counts what is caught up after a gap: until which place, and how many so far.
    catching: Option<(i64, u32)>,
    typed_at: i64,
    /// The server was told that everything up to this place was seen.
    told_seen: i64,
    /// What is seen in this moment is told when it is over.
    telling: bool,
    /// The place of a change of the stage that is not on the screen yet.
    staged: Option<i64>,
    /// By the device's clock.
    hidden_at: Option<i64>,
}

impl Live {
    /// `me`: the signed-in visitor. `now`: the server's clock when the page was made.
    pub fn new(data: RoomPageData, me: Option<Person>, now: i64) -> Self {
        let (hosts, takes_files) = (data.may_host, data.takes_files);
        let contact = data.contact.clone();
        let board = Board::new(data, me, now);
        let state = State { told_seen: board.seen, ..State::default() };
        let live = Self {
            id: board.room.id,
            tz: prefs().tz,
            rows: RwSignal::new(Vec::new()),
            talk: RwSignal::new(Talk::default()),
            wall: RwSignal::new(Arc::new(board.wall.clone())),
            stage: RwSignal::new(board.stage.clone()),
            followers: RwSignal::new(None),
            people: RwSignal::new(people(&board)),
            room: RwSignal::new(board.room.clone()),
            role: RwSignal::new(board.role),
            shut: RwSignal::new(board.shut),
            gate: RwSignal::new(board.gate),
            quiet: RwSignal::new(board.quiet.clone()),
            held: RwSignal::new(board.held),
            asking: RwSignal::new(board.asking),
            asked: RwSignal::new(board.asked),
            contact: RwSignal::new(contact),
            last_own: RwSignal::new(0),
            hosts,
            takes_files,
            typing: RwSignal::new(Vec::new()),
            now: RwSignal::new(now),
            banner: RwSignal::new(Banner::Nothing),
            hung: RwSignal::new(Vec::new()),
            deed: RwSignal::new(None),
            attention: RwSignal::new(false),
            to_end: RwSignal::new(0),
            out: StoredValue::new(None),
            state: StoredValue::new(state),
            board: StoredValue::new(board),
        };
        live.draw_talk();
        #[cfg(feature = "hydrate")]
        watch::begin(live);
        live
    }

    /// The signed-in visitor. Never in the guests' program, so that what only members do is no part of it.
    pub fn me(self) -> Option<Person> {
        if !browser::MEMBER {
            return None;
        }
        self.board.with_value(|board| board.me.clone())
    }

    /// Whether it is a private chat.
    pub fn is_private(self) -> bool {
        self.room.with_untracked(Room::is_direct)
    }

    /// What those who wait are shown.
    pub fn cover(self) -> Option<Picture> {
        self.board.with_value(|board| board.cover.clone())
    }

    /// Whether the page was left. Whatever waits for an answer asks this first.
    pub fn is_over(self) -> bool {
        self.board.try_with_value(|_| ()).is_none()
    }

    /// Whether something by others was not seen when the page was made.
    pub fn has_unread(self) -> bool {
        self.board.with_value(|board| board.line_after.is_some() || board.fresh > 0)
    }

    fn draw_talk(self) {
        let fresh = self.board.with_value(|board| lines(board, self.tz));
        let old = self.rows.with_untracked(Clone::clone);
        let mut old: BTreeMap<Key, ArcRwSignal<Line>> = old.into_iter().map(|row| (row.key, row.line)).collect();
        let rows = fresh.into_iter().map(|(key, line)| Row { line: renew(old.remove(&key), line), key });
        self.rows.set(rows.collect());
        if browser::MEMBER {
            let own = self.board.with_value(|board| {
                board.messages.iter().rev().find(|message| board.is_mine(&message.author)).map(|message| message.seq)
            });
            self.last_own.set(own.unwrap_or_default());
        }
        self.draw_around();
    }

    fn draw_around(self) {
        let loading = self.talk.with_untracked(|talk| talk.loading);
        let talk = self.board.with_value(|board| Talk {
            earlier: board.first_seq().filter(|_| board.has_more),
            later: board.cut.then(|| board.last_seq()),
            fresh: board.fresh,
            failed: board.failed().len(),
            loading,
        });
        if self.talk.with_untracked(|old| *old != talk) {
            self.talk.set(talk);
        }
    }

    fn draw_wall(self) {
        // Where everything was is noted before: `public/pkg/wall.js`.
        crate::browser::tell("salon-wall");
        self.wall.set(Arc::new(self.board.with_value(|board| board.wall.clone())));
    }

    fn draw_stage(self) {
        self.stage.set(self.board.with_value(|board| board.stage.clone()));
    }

    /// A moment of the server's clock by that of this device, as far as the difference is known.
    pub fn device_time(self, at: i64) -> i64 {
        // It becomes known when the server is reached.
        self.now.track();
        at - self.state.with_value(|state| state.offset)
    }

    fn draw_people(self) {
        self.people.set(self.board.with_value(people));
    }

    fn draw_room(self) {
        self.room.set(self.board.with_value(|board| board.room.clone()));
        self.role.set(self.board.with_value(|board| board.role));
    }

    fn draw_typing(self) {
        self.typing.set(self.board.with_value(|board| board.typing.iter().map(|(person, _)| person.clone()).collect()));
    }

    fn draw_gate(self) {
        let (shut, gate) = self.board.with_value(|board| (board.shut, board.gate));
        if self.shut.get_untracked() != shut {
            self.shut.set(shut);
        }
        self.gate.set(gate);
    }

    fn draw_quiet(self) {
        self.board.with_value(|board| {
            self.quiet.set(board.quiet.clone());
            self.held.set(board.held);
            self.asking.set(board.asking);
            self.asked.set(board.asked);
        });
    }

    /// Why the visitor cannot write at this moment, with the time that is left.
    pub fn quiet_now(self) -> Option<Problem> {
        let now = self.now.get();
        let (problem, until) = self.quiet.get().filter(|(_, until)| *until > now)?;
        Some(problem.with_wait((until - now) as u64))
    }

    fn draw_all(self) {
        self.draw_talk();
        self.draw_wall();
        self.draw_stage();
        self.draw_people();
        self.draw_room();
        self.draw_typing();
        self.draw_gate();
        self.draw_quiet();
    }

    fn draw_banner(self) {
        let now = browser::now();
        let fresh = self.state.with_value(|s| banner(&s.link, s.news, s.new_version, now));
        if self.banner.with_untracked(|old| *old != fresh) {
            self.banner.set(fresh);
        }
    }

    fn send(self, command: Command) {
        #[cfg(feature = "hydrate")]
        self.out.with_value(|out| {
            if let Some(out) = out {
                let _ = out.unbounded_send(socket::Out::Send(command));
            }
        });
        #[cfg(not(feature = "hydrate"))]
        let _ = (command, self.out);
    }
}

fn people(board: &Board) -> People {
    People {
        members: board.members.clone(),
        present: board.present.clone(),
        guests: board.guests,
        unnamed: board.unnamed,
    }
}

/// The old signal with the new line, so that only what changed is drawn anew.
fn renew(old: Option<ArcRwSignal<Line>>, line: Line) -> ArcRwSignal<Line> {
    match old {
        Some(signal) => {
            if signal.with_untracked(|old| *old != line) {
                signal.set(line);
            }
            signal
        }
        None => ArcRwSignal::new(line),
    }
}

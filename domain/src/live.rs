//! The frames of the live socket, JSON text, one enum each way. The register is `docs/wire.md`.
//!
//! The kind is the name of a frame's one field, not a field beside the others: so it is read
//! in one pass, with less for the browser to load (docs/decisions/0006).

use crate::contact::Contact;
use crate::event::Event;
use crate::gate::GateView;
use crate::join_request::Asked;
use crate::person::Person;
use crate::{BlobId, ClientId, MessageId, PersonId, Problem, RoomId};
use serde::{Deserialize, Serialize};

/// Version of this protocol; the server also speaks to the one before.
pub const VERSION: u32 = 1;

/// Largest frame either way, in bytes.
pub const MAX_FRAME: usize = 64 * 1024;

/// Most missed events that are sent one by one; beyond that the answer is `reset`.
pub const MAX_REPLAY: i64 = 500;

/// Most people present in a room who are named: in a larger crowd only their number is told,
/// or every coming and going would cost as much as there are people.
pub const MAX_NAMED: usize = 150;

/// From the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// The first frame, within 5 seconds.
    Hello {
        version: u32,
    },
    /// Listen to a room. With `place`, first everything missed since then.
    Enter {
        room: RoomId,
        place: Option<Position>,
    },
    /// Stop listening.
    Leave {
        room: RoomId,
    },
    Post {
        room: RoomId,
        client_id: ClientId,
        text: String,
        /// What was uploaded for it, in its order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<BlobId>,
        /// What they show, in the same order, for those who cannot see it; at most 300 characters each.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        alts: Vec<String>,
        /// The message that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<MessageId>,
    },
    /// At most every 3 seconds; expires after 5.
    Typing {
        room: RoomId,
    },
    /// Everything up to `seq` was looked at.
    Seen {
        room: RoomId,
        seq: i64,
    },
    /// What the event at `seq` put on the stage is on the screen.
    Painted {
        room: RoomId,
        seq: i64,
    },
    /// From now on this socket is told what is unread in all of the person's rooms
    /// ([`crate::unread::WatchFrame`]). `looking`: the rooms that are on this device's screen;
    /// `listing`: those of which it shows a row in the list. A guest is told of these rows alone.
    Watch {
        looking: Vec<RoomId>,
        #[serde(default)]
        listing: Vec<RoomId>,
    },
    Ping,
}

/// How far a page has come in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Which history; it changes when a backup is restored.
    pub epoch: i64,
    /// The last event it knows; 0 for none.
    pub seq: i64,
}

/// To the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    Welcome {
        version: u32,
        /// Of the server, milliseconds.
        now: i64,
        /// Names the running build: another one means that the page is older than the server.
        build: String,
    },
    /// The room is being listened to. All that was missed follows as events, in order, up to
    /// `position.seq`; then what happens.
    Entered {
        room: RoomId,
        position: Position,
        present: Vec<Person>,
        guests: u32,
        /// How many people are here, if they are more than are named ([`MAX_NAMED`]); else 0.
        unnamed: u32,
    },
    /// What was missed cannot be sent one by one: load the room anew, then carry on from there.
    Reset {
        room: RoomId,
        position: Position,
    },
    Event(Event),
    /// The message is committed. Also the answer to a resend.
    Posted {
        client_id: ClientId,
        room: RoomId,
        id: MessageId,
        seq: i64,
        at: i64,
    },
    /// A command was refused and changed nothing. `of` names it: the client id of a post,
    /// else the command's kind.
    Refused {
        of: String,
        room: Option<RoomId>,
        problem: Problem,
    },
    Typing {
        room: RoomId,
        person: Person,
    },
    /// Who came and went since the last such frame. With `unnamed`, nobody is present by
    /// name any more; without it after it, `came` is everybody.
    Presence {
        room: RoomId,
        came: Vec<Person>,
        went: Vec<PersonId>,
        guests: u32,
        unnamed: u32,
    },
    /// The room is not open to this visitor yet; they wait. Sent at first and whenever it
    /// changes; to those who are inside in spite of it as well.
    Waiting {
        room: RoomId,
        gate: GateView,
    },
    /// Whoever waited may enter now.
    Opened {
        room: RoomId,
    },
    /// Why this person could not write there now; nothing if they can.
    Quiet {
        room: RoomId,
        problem: Option<Problem>,
    },
    /// To one of the two in a private chat: what is known of the other one. Sent at first and
    /// whenever it changes.
    Contact {
        room: RoomId,
        contact: Box<Contact>,
    },
    /// To a room's hosts: so many messages wait for approval, and so many people ask to join.
    Held {
        room: RoomId,
        count: u32,
        #[serde(default)]
        asking: u32,
    },
    /// To a person's own pages: how it stands with their request to join.
    Asked {
        room: RoomId,
        asked: Asked,
    },
    /// To a person's own pages: these messages are hidden from them alone, or not any more.
    Hidden {
        room: RoomId,
        messages: Vec<MessageId>,
        on: bool,
    },
    /// The room is no longer listened to, and will not be.
    Gone {
        room: RoomId,
        problem: Problem,
    },
    /// For hosts: on how many screens the stage's last change was painted, and how soon; of the
    /// last minute, at most once a second.
    Followers {
        room: RoomId,
        count: u32,
        /// 95 of 100 took no longer, in milliseconds.
        p95: u32,
    },
    Pong {
        now: i64,
    },
}

/// Why the server closes a socket (RFC 6455 §7.4.2, private range). 4000–4499: come back;
/// 4500–4999: do not.
pub mod close {
    /// The server goes down or is replaced. The reason is a number: spread the return over
    /// so many milliseconds.
    pub const DRAIN: u16 = 4001;
    /// No `hello` in time, or no answer to pings.
    pub const SILENT: u16 = 4002;
    /// Did not read fast enough. Come back and resume.
    pub const SLOW: u16 = 4008;
    /// Too many commands, three times.
    pub const TOO_FAST: u16 = 4029;
    /// Not a version this server speaks: load the page anew.
    pub const VERSION: u16 = 4500;
    /// Signed out, revoked, expired, password changed.
    pub const SESSION_ENDED: u16 = 4501;
    /// Signed in elsewhere, which ended this session. The reason is that device.
    pub const REPLACED: u16 = 4509;

    /// Whether a page closed with this code should try again.
    pub fn comes_back(code: u16) -> bool {
        !(4500..5000).contains(&code)
    }
}

//! What a watching page is told, and remembers: every event has its room and its place.
//! `docs/wire.md` carries a hash of this file.

use crate::gate::{Opening, Phase};
use crate::member::{Member, Role};
use crate::message::Message;
use crate::person::Person;
use crate::picture::Picture;
use crate::room::Room;
use crate::span::Span;
use crate::stage::Stage;
use crate::{MessageId, PersonId, PictureId, RoomId};
use serde::{Deserialize, Serialize};

/// Something that happened in a room, once and for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub room: RoomId,
    /// Its place in the room: 1, 2, 3 … without gaps, in commit order.
    pub seq: i64,
    pub at: i64,
    pub what: What,
    /// Who did it, where that is to be seen: changes of the wall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Box<Person>>,
}

/// `rev` is the wall's revision after the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Said {
        message: Message,
    },
    /// Messages were taken back: nothing is left of them but by whom. At most 500.
    Recalled {
        messages: Vec<MessageId>,
        name: String,
    },
    /// Its author changed a message. What was missed is told as the message is now.
    Edited {
        message: MessageId,
        spans: Vec<Span>,
    },
    /// Somebody reacted to a message, or took that back; so many have reacted like that now.
    Reacted {
        message: MessageId,
        by: PersonId,
        emoji: String,
        on: bool,
        count: u32,
    },
    Joined {
        member: Member,
    },
    Left {
        person: PersonId,
    },
    RoleChanged {
        person: PersonId,
        role: Role,
    },
    RoomChanged {
        room: Room,
    },
    /// Who may enter now, or what opens the room.
    GateChanged {
        opening: Opening,
        phase: Phase,
    },
    /// What is shown to everybody, or the video that can be.
    StageChanged {
        stage: Stage,
    },
    PictureAdded {
        rev: i64,
        picture: Picture,
    },
    /// Caption, alternative text or the file itself.
    PictureChanged {
        rev: i64,
        picture: Picture,
    },
    /// Taken down, held back, or moved to another room: it does not hang here any more.
    PictureRemoved {
        rev: i64,
        picture: PictureId,
        /// Those that went with it, in one step.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<PictureId>,
    },
    PictureMoved {
        rev: i64,
        picture: PictureId,
        order: i64,
    },
    /// A picture was moved to where there was no room: these follow each other now, with orders from `top` down,
    /// `step` apart.
    WallSpread {
        rev: i64,
        pictures: Vec<PictureId>,
        top: i64,
        step: i64,
    },
    /// The whole wall in its new sequence. Not said any more: it is in histories.
    WallRenumbered {
        rev: i64,
        pictures: Vec<PictureId>,
    },
    /// Something changed among the pictures that are held back. Whoever may see them asks for them.
    HeldChanged,
}

impl What {
    /// The wall's revision after this event, if it changed the wall.
    pub fn wall_rev(&self) -> Option<i64> {
        match self {
            Self::PictureAdded { rev, .. }
            | Self::PictureChanged { rev, .. }
            | Self::PictureRemoved { rev, .. }
            | Self::PictureMoved { rev, .. }
            | Self::WallSpread { rev, .. }
            | Self::WallRenumbered { rev, .. } => Some(*rev),
            Self::Said { .. }
            | Self::Recalled { .. }
            | Self::Edited { .. }
            | Self::Reacted { .. }
            | Self::Joined { .. }
            | Self::Left { .. }
            | Self::RoleChanged { .. }
            | Self::RoomChanged { .. }
            | Self::GateChanged { .. }
            | Self::StageChanged { .. }
            | Self::HeldChanged => None,
        }
    }
}

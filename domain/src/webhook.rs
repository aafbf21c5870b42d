//! A webhook: an address outside that is told what happens in a room. A delivery is one event on its
//! way there.

use crate::event::What;
use crate::person::Person;
use crate::problem::{AddressFault, Problem, Rule};
use crate::{DeliveryId, WebhookId, text};
use serde::{Deserialize, Serialize};

/// Most webhooks of one room.
pub const MAX: usize = 10;
/// Longest address, in characters.
pub const MAX_URL: usize = 1_000;
/// How many deliveries of a webhook are kept, and as many more may wait.
pub const KEPT: usize = 1_000;
/// Deliveries on a page.
pub const PAGE: usize = 50;
/// How much of an answer is kept, in characters.
pub const MAX_ANSWER: usize = 300;
/// What a delivery is about that was only asked for to see whether it comes.
pub const TEST: &str = "test";

/// What is told of a room, by the names that events have on the wire.
pub const KINDS: [&str; 17] = [
    "said",
    "recalled",
    "edited",
    "reacted",
    "joined",
    "left",
    "role_changed",
    "room_changed",
    "gate_changed",
    "stage_changed",
    "picture_added",
    "picture_changed",
    "picture_removed",
    "picture_moved",
    "wall_spread",
    "wall_renumbered",
    "held_changed",
];

/// The name of an event: one of [`KINDS`].
pub fn kind_of(what: &What) -> &'static str {
    match what {
        What::Said { .. } => "said",
        What::Recalled { .. } => "recalled",
        What::Edited { .. } => "edited",
        What::Reacted { .. } => "reacted",
        What::Joined { .. } => "joined",
        What::Left { .. } => "left",
        What::RoleChanged { .. } => "role_changed",
        What::RoomChanged { .. } => "room_changed",
        What::GateChanged { .. } => "gate_changed",
        What::StageChanged { .. } => "stage_changed",
        What::PictureAdded { .. } => "picture_added",
        What::PictureChanged { .. } => "picture_changed",
        What::PictureRemoved { .. } => "picture_removed",
        What::PictureMoved { .. } => "picture_moved",
        What::WallSpread { .. } => "wall_spread",
        What::WallRenumbered { .. } => "wall_renumbered",
        What::HeldChanged => "held_changed",
    }
}

/// Where a room's events go, and which of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub url: String,
    /// Of [`KINDS`]; empty for all of them.
    pub events: Vec<String>,
}

impl Target {
    /// Takes each kind once, in the order of [`KINDS`].
    ///
    /// # Errors
    /// `Invalid { field: "url", .. }` as of [`text::line`], of at most [`MAX_URL`] characters;
    /// `Invalid { field: "events", .. }` for a name that no event has.
    pub fn checked(self) -> Result<Self, Problem> {
        let url = text::line("url", &self.url, 1, MAX_URL)?;
        if self.events.iter().any(|event| !KINDS.contains(&event.as_str())) {
            return Err(Problem::invalid("events", Rule::Shape));
        }
        let is_wanted = |kind: &&&str| self.events.iter().any(|event| event == **kind);
        let events = KINDS.iter().filter(is_wanted).map(|kind| (*kind).to_owned()).collect();
        Ok(Self { url, events })
    }

    /// Whether events of this name are sent.
    pub fn wants(&self, kind: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|event| event == kind)
    }
}

/// A webhook as hosts see it. Its secret was shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    pub id: WebhookId,
    pub target: Target,
    /// In whose name it reads the room.
    pub by: Person,
    /// Why nothing is sent; `None` while it is.
    pub paused: Option<Pause>,
    pub made_at: i64,
    /// Until when what is sent is signed with the secret before the last one too.
    pub old_until: Option<i64>,
}

/// A webhook, with the secret that is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSecret {
    pub webhook: Webhook,
    pub secret: String,
}

/// Why a webhook is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// A host said so.
    Host,
    /// Its address answered that it is gone for good.
    Gone,
    /// Whoever it reads the room for does not run the room any more.
    Owner,
}

impl Pause {
    pub const ALL: [Self; 3] = [Self::Host, Self::Gone, Self::Owner];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Gone => "gone",
            Self::Owner => "owner",
        }
    }
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub id: DeliveryId,
    /// The event's place in the room; `None` for a test.
    pub seq: Option<i64>,
    /// One of [`KINDS`], or [`TEST`].
    pub kind: String,
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// When it is sent next, while it waits.
    pub next_at: Option<i64>,
    pub made_at: i64,
    /// When it was over.
    pub done_at: Option<i64>,
    /// What the last attempt came to; `None` before the first one, and while it is under way.
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// For its first attempt or the next one.
    Waiting,
    /// It was taken.
    Done,
    /// It is not tried again.
    Failed,
}

impl DeliveryState {
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Done, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The status of the answer, or why there was none.
    pub answer: Result<u16, SendFault>,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// The beginning of what was answered, at most [`MAX_ANSWER`] characters.
    pub text: String,
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendFault {
    /// The address is none of the web's.
    Address,
    /// It leads into a private network.
    Private,
    /// Nobody answers there.
    NoAnswer,
    /// It takes too long.
    TimedOut,
    /// The room has no such event any more.
    NoEvent,
}

impl SendFault {
    pub const ALL: [Self; 5] = [Self::Address, Self::Private, Self::NoAnswer, Self::TimedOut, Self::NoEvent];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Private => "private",
            Self::NoAnswer => "no_answer",
            Self::TimedOut => "timed_out",
            Self::NoEvent => "no_event",
        }
    }
}

impl From<AddressFault> for SendFault {
    fn from(fault: AddressFault) -> Self {
        match fault {
            AddressFault::Shape => Self::Address,
            AddressFault::Private => Self::Private,
            AddressFault::NoAnswer | AddressFault::TooManyRedirects => Self::NoAnswer,
        }
    }
}

/// A page of deliveries, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryPage {
    pub deliveries: Vec<Delivery>,
    /// Whether there are older ones.
    pub has_more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MessageId, PersonId, PictureId};

    fn target(url: &str, events: &[&str]) -> Result<Target, Problem> {
        Target { url: url.to_owned(), events: events.iter().map(|event| (*event).to_owned()).collect() }.checked()
    }

    #[test]
    fn a_kind_is_what_the_event_is_called_on_the_wire() {
        let events = [
            What::Recalled { messages: vec![MessageId(1)], name: String::new() },
            What::Edited { message: MessageId(1), spans: Vec::new() },
            What::Left { person: PersonId(1) },
            What::RoleChanged { person: PersonId(1), role: crate::member::Role::Host },
            What::StageChanged { stage: crate::stage::Stage::default() },
            What::PictureRemoved { rev: 1, picture: PictureId(1), others: Vec::new() },
            What::PictureMoved { rev: 1, picture: PictureId(1), order: 1 },
            What::WallSpread { rev: 1, pictures: Vec::new(), top: 1, step: 1 },
            What::WallRenumbered { rev: 1, pictures: Vec::new() },
        ];
        for what in events {
            let json = serde_json::to_value(&what).unwrap();
            let names: Vec<&String> = json.as_object().unwrap().keys().collect();
            assert_eq!(names, [kind_of(&what)]);
            assert!(KINDS.contains(&kind_of(&what)));
        }
        assert_eq!(serde_json::to_value(What::HeldChanged).unwrap(), kind_of(&What::HeldChanged));
    }

    #[test]
    fn a_target_knows_its_events() {
        let all = target(" https://a.example/x ", &[]).unwrap();
        assert_eq!(all.url, "https://a.example/x");
        assert!(KINDS.iter().all(|kind| all.wants(kind)));
        let some = target("https://a.example/", &["left", "said", "left"]).unwrap();
        assert_eq!(some.events, ["said", "left"]);
        assert!(some.wants("said") && !some.wants("joined"));
        assert_eq!(target("https://a.example/", &["post"]), Err(Problem::invalid("events", Rule::Shape)));
        assert_eq!(target(" ", &[]), Err(Problem::invalid("url", Rule::Empty)));
        assert!(target(&"x".repeat(MAX_URL + 1), &[]).is_err());
    }

    #[test]
    fn words_are_those_of_the_wire() {
        for pause in Pause::ALL {
            assert_eq!(serde_json::to_value(pause).unwrap(), pause.as_str());
        }
        for state in DeliveryState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for fault in SendFault::ALL {
            assert_eq!(serde_json::to_value(fault).unwrap(), fault.as_str());
        }
    }
}

//! Between simple's words and ours.

use super::ids;
use super::wire::{MessageLine, No, Push, RoomLine};
use crate::compat::body::Fields;
use crate::compat::words;
use chat::{Conversation, Problem};
use domain::message::Message;
use domain::span::recalled;
use domain::{MessageId, PersonId};
use serde_json::Value;
use std::collections::HashMap;

/// Most items of a page, and how many there are if the client does not say.
const MOST: u64 = 100;
const USUAL: u64 = 20;
/// How the names begin by which people of our own site are known here; no system's people may be called so.
pub const LOCAL: &str = "salon:";

/// What the document prints as `{"Header":{…},"Body":{…}}`, or flat: the token and the parameters.
pub fn unwrap(fields: Fields) -> (Option<String>, Fields) {
    let token = match fields.0.get("Header") {
        Some(Value::Object(header)) => header.get("token").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    match fields.0.get("Body") {
        Some(Value::Object(body)) => (token, Fields(body.clone())),
        _ => (token, fields),
    }
}

/// Where a page begins, and how long it is; what is missing or no number is as usual.
pub fn page(number: Option<&str>, size: Option<&str>) -> (u64, u64) {
    let read = |text: Option<&str>| text.and_then(|text| text.trim().parse::<i64>().ok()).filter(|n| *n >= 1);
    let number = read(number).unwrap_or(1).unsigned_abs();
    let size = read(size).map_or(USUAL, i64::unsigned_abs).min(MOST);
    ((number - 1).saturating_mul(size), size)
}

/// What kind of "no" it is; what it is called depends on what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    NotThere,
    Refused,
    Broken,
    /// Not refused: it waits for somebody's approval.
    Waits,
}

pub fn why(problem: &Problem) -> Why {
    match problem {
        Problem::NotFound { .. } | Problem::Gone => Why::NotThere,
        Problem::Held => Why::Waits,
        Problem::Unavailable | Problem::Broken { .. } => Why::Broken,
        Problem::SignInNeeded
        | Problem::WrongCredentials
        | Problem::WrongCode { .. }
        | Problem::Elsewhere { .. }
        | Problem::OneDevice { .. }
        | Problem::NotAllowed
        | Problem::Invalid { .. }
        | Problem::Taken { .. }
        | Problem::Changed { .. }
        | Problem::TooFast { .. }
        | Problem::TooLarge { .. }
        | Problem::Full { .. }
        | Problem::NoFiles
        | Problem::Shut
        | Problem::Muted { .. }
        | Problem::Slow { .. }
        | Problem::MembersOnly
        | Problem::HostsOnly
        | Problem::Unanswered
        | Problem::Unreachable
        | Problem::Blocked
        | Problem::Filtered
        | Problem::Declined
        | Problem::Objected { .. }
        | Problem::Removed { .. } => Why::Refused,
    }
}

/// `refused`, unless the fault is ours.
pub fn no(error: chat::Error, refused: No) -> No {
    match why(&error.into_problem()) {
        Why::Broken => super::wire::BROKEN,
        Why::NotThere | Why::Refused | Why::Waits => refused,
    }
}

/// Seconds of milliseconds.
pub fn seconds(at: i64) -> i64 {
    at.div_euclid(1_000)
}

/// What the clients of a system call people: as it does, else by a name that none of its own has.
#[derive(Debug, Default)]
pub struct Names(pub HashMap<PersonId, String>);

impl Names {
    pub fn of(&self, person: PersonId) -> String {
        self.0.get(&person).cloned().unwrap_or_else(|| format!("{LOCAL}{person}"))
    }
}

pub fn room_line(conversation: &Conversation, names: &Names) -> RoomLine {
    RoomLine {
        room_id: conversation.name.clone().unwrap_or_else(|| ids::of_room(conversation.room)),
        room_type: if conversation.name.is_some() { 2 } else { 1 },
        room_status: if conversation.archived { -1 } else { 1 },
        room_host_user_id: conversation.host.map(|host| names.of(host)).unwrap_or_default(),
        last_user_id: names.of(conversation.last_by),
        last_message_id: ids::of_message(conversation.last),
        last_message_updated_at: seconds(conversation.last_at),
        create_at: seconds(conversation.created_at),
    }
}

/// `bodies`: how clients wrote those of the messages that say something else by now.
pub fn message_line(room: &str, message: &Message, names: &Names, bodies: &HashMap<MessageId, String>) -> MessageLine {
    MessageLine {
        room_id: room.to_owned(),
        message_id: ids::of_message(message.id),
        send_user_id: names.of(message.author.id),
        send_status: if recalled(&message.spans).is_some() { -1 } else { 1 },
        create_at: seconds(message.at),
        message_data: bodies.get(&message.id).cloned().unwrap_or_else(|| words::text(message)),
    }
}

/// `body`: how its client wrote it, if that is known.
pub fn push(room: &str, message: &Message, sender: String, body: Option<&str>) -> Push {
    Push {
        message_id: ids::of_message(message.id),
        message_type: 1,
        message_data: body.map_or_else(|| words::text(message), str::to_owned),
        room_id: room.to_owned(),
        send_user_id: sender,
        created_at: seconds(message.at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        Fields(serde_json::from_str(json).expect("fields"))
    }

    #[test]
    fn the_documents_envelope_and_flat_fields_are_one() {
        let sample = r#"{"Header":{"token":"eyJ"},"Body":{"message":"hello world","to_user_id":"18520322032"}}"#;
        let (token, body) = unwrap(fields(sample));
        assert_eq!((token.as_deref(), body.text("message").as_deref()), (Some("eyJ"), Some("hello world")));
        let (token, body) = unwrap(fields(r#"{"message":"hello world","to_user_id":18520322032}"#));
        assert_eq!((token, body.text("to_user_id").as_deref()), (None, Some("18520322032")));
        for odd in [r#"{"Header":7,"Body":7}"#, r#"{"Header":{"token":[]},"Body":[]}"#, r#"{"Header":null}"#] {
            let (token, body) = unwrap(fields(odd));
            assert_eq!((token, body.text("message")), (None, None), "{odd}");
        }
    }

    #[test]
    fn a_page_is_never_empty_or_endless() {
        assert_eq!(page(None, None), (0, 20));
        assert_eq!(page(Some("3"), Some("2")), (4, 2));
        for odd in ["0", "-1", "x", "", "99999999999999999999"] {
            assert_eq!(page(Some(odd), Some(odd)), (0, 20), "{odd}");
        }
        assert_eq!(page(Some("1"), Some("5000")), (0, 100));
        assert_eq!(page(Some(&i64::MAX.to_string()), None).1, 20);
    }

    #[test]
    fn a_private_room_is_of_two_and_a_named_one_of_many() {
        let names = Names(HashMap::from([(PersonId(1), "10000200275".to_owned())]));
        let conversation = Conversation {
            room: domain::RoomId(5),
            name: None,
            archived: false,
            created_at: 1_662_885_163_999,
            host: Some(PersonId(1)),
            last: MessageId(9),
            last_by: PersonId(2),
            last_at: 1_662_886_519_000,
        };
        let line = room_line(&conversation, &names);
        assert_eq!((line.room_type, line.room_status, line.create_at), (1, 1, 1_662_885_163));
        assert_eq!((line.room_host_user_id.as_str(), line.last_user_id.as_str()), ("10000200275", "salon:2"));
        assert_eq!(ids::room(&line.room_id), Some(domain::RoomId(5)));
        let many = Conversation { name: Some("39".into()), archived: true, host: None, ..conversation };
        let line = room_line(&many, &names);
        assert_eq!((line.room_id.as_str(), line.room_type, line.room_status), ("39", 2, -1));
        assert_eq!(line.room_host_user_id, "");
    }
}

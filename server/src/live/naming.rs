//! What a refusal is about, in the sender's own words as far as they can be repeated.

use domain::live::Command;
use domain::{ClientId, RoomId};
use serde_json::Value;

/// Longest word of the sender's that is repeated in a refusal.
const ECHO_CHARS: usize = ClientId::MAX_LEN;

/// What a refusal of this command is about: a post's own id, else the kind.
pub fn name(command: &Command) -> String {
    match command {
        Command::Hello { .. } => "hello",
        Command::Enter { .. } => "enter",
        Command::Leave { .. } => "leave",
        Command::Post { client_id, .. } => client_id.as_str(),
        Command::Typing { .. } => "typing",
        Command::Seen { .. } => "seen",
        Command::Painted { .. } => "painted",
        Command::Watch { .. } => "watch",
        Command::Ping => "ping",
    }
    .to_owned()
}

pub fn room_of(command: &Command) -> Option<RoomId> {
    match command {
        Command::Enter { room, .. }
        | Command::Leave { room }
        | Command::Post { room, .. }
        | Command::Typing { room }
        | Command::Seen { room, .. }
        | Command::Painted { room, .. } => Some(*room),
        Command::Hello { .. } | Command::Watch { .. } | Command::Ping => None,
    }
}

/// The same for what is no command, as far as it can be told; else `frame`.
pub fn name_of(text: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let (kind, fields) = match &value {
        Value::String(kind) => (kind.as_str(), &Value::Null),
        Value::Object(frame) if frame.len() == 1 => frame.iter().next().map_or(("", &Value::Null), |(k, v)| (k, v)),
        _ => ("", &Value::Null),
    };
    let client_id = fields["client_id"].as_str().filter(|id| ClientId::parse(id).is_ok());
    let name = client_id.unwrap_or(kind);
    if name.is_empty() { "frame".to_owned() } else { name.chars().take(ECHO_CHARS).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_what_it_is_about() {
        for (text, name) in [
            ("{\"dance\":{}}", "dance"),
            ("\"dance\"", "dance"),
            ("{\"post\":{\"client_id\":\"c1\"}}", "c1"),
            ("{\"post\":{\"client_id\":\"not an id\"}}", "post"),
            ("{\"post\":7}", "post"),
            ("{\"post\":{},\"ping\":{}}", "frame"),
            ("[]", "frame"),
            ("", "frame"),
            (&"[".repeat(10_000), "frame"),
        ] {
            assert_eq!(name_of(text), name, "{:.40}", text);
        }
        assert_eq!(name_of(&format!("\"{}\"", "x".repeat(500))).len(), ECHO_CHARS);
    }
}

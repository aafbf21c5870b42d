//! The decoder of the live socket: what is read is written the same again, and a refusal names
//! what it is about in a word that fits into a frame.

use crate::sources::naming::{name, name_of, room_of};
use domain::live::{Command, Frame, MAX_FRAME};
use domain::{ClientId, Problem, Rule};

/// Room for the rest of a refusal around the word.
const REST: usize = 1_000;

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let guessed = name_of(text);
    assert!(!guessed.is_empty() && guessed.chars().count() <= ClientId::MAX_LEN, "{guessed:?}");
    comes_back_in_a_refusal(&guessed);
    if let Ok(command) = serde_json::from_str::<Command>(text) {
        let written = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&written).unwrap(), command);
        is_named_alike(&command, &guessed, &written);
    }
}

fn comes_back_in_a_refusal(name: &str) {
    let refused = Frame::Refused { of: name.into(), room: None, problem: Problem::invalid("frame", Rule::Shape) };
    let written = serde_json::to_string(&refused).unwrap();
    assert!(written.len() < MAX_FRAME.min(ClientId::MAX_LEN * 6 + REST));
    assert_eq!(serde_json::from_str::<Frame>(&written).unwrap(), refused);
}

/// A page that has posted is told about its post whether the frame could be read or not.
fn is_named_alike(command: &Command, guessed: &str, written: &str) {
    assert_eq!(name_of(written), name(command));
    match command {
        Command::Post { room, client_id, .. } => {
            assert_eq!(guessed, client_id.as_str());
            assert_eq!(room_of(command), Some(*room));
        }
        Command::Hello { .. } | Command::Ping => assert_eq!(room_of(command), None),
        _ => assert!(room_of(command).is_some()),
    }
}

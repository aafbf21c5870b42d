//! Places and names of rows, as they come in frames, addresses and queries: what is read is
//! written the same again, and nothing else than what they are made of gets through.

use domain::live::{Command, Position};
use domain::{BlobId, ClientId, MessageId, RoomId};

pub fn check(data: &[u8]) {
    if let Some((epoch, seq)) = data.first_chunk::<16>().map(|b| b.split_at(8)) {
        let number = |bytes: &[u8]| i64::from_le_bytes(bytes.try_into().unwrap());
        place_comes_back(Position { epoch: number(epoch), seq: number(seq) });
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(position) = serde_json::from_str::<Position>(text) {
        place_comes_back(position);
    }
    number_is_a_number(text);
    client_id_is_plain(text);
    blob_is_no_path(text);
}

fn place_comes_back(position: Position) {
    let written = serde_json::to_string(&position).unwrap();
    assert_eq!(serde_json::from_str::<Position>(&written).unwrap(), position);
    let enter = Command::Enter { room: RoomId(position.seq), place: Some(position) };
    let written = serde_json::to_string(&enter).unwrap();
    assert_eq!(serde_json::from_str::<Command>(&written).unwrap(), enter);
}

/// An id in a path, and `before` in a query, which is read in the same way.
fn number_is_a_number(text: &str) {
    let Ok(id) = text.parse::<MessageId>() else { return };
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    assert!(digits.bytes().all(|b| b.is_ascii_digit()), "{text:?}");
    assert_eq!(id.to_string().parse::<MessageId>().unwrap(), id);
    assert_eq!(text.parse::<i64>().ok(), Some(id.0));
    assert_eq!(serde_json::from_str::<MessageId>(&id.to_string()).unwrap(), id);
}

fn client_id_is_plain(text: &str) {
    let is_plain = (1..=64).contains(&text.len())
        && text.chars().all(|c| matches!(c, 'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-'));
    let parsed = ClientId::parse(text);
    assert_eq!(parsed.is_ok(), is_plain, "{text:?}");
    let json = serde_json::to_string(text).unwrap();
    assert_eq!(serde_json::from_str::<ClientId>(&json).ok(), parsed.clone().ok());
    if let Ok(id) = parsed {
        assert_eq!((id.as_str(), serde_json::to_string(&id).unwrap()), (text, json));
    }
}

fn blob_is_no_path(text: &str) {
    let is_hexadecimal = text.chars().count() == 32 && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    let parsed = BlobId::parse(text);
    assert_eq!(parsed.is_ok(), is_hexadecimal, "{text:?}");
    if let Ok(id) = parsed {
        assert_eq!(id.to_string(), text);
    }
}

//! What somebody was writing, per person and room; it survives reload, crash and sign-out.

use super::kept;
use domain::{PersonId, RoomId};

/// How long after the last key a draft is stored.
pub const DELAY_MS: u64 = 250;

fn key(person: PersonId, room: RoomId) -> String {
    format!("draft/{person}/{room}")
}

/// Stores the draft; an empty one is removed.
pub async fn save(person: PersonId, room: RoomId, text: String) {
    kept::put(&key(person, room), (!text.is_empty()).then_some(text)).await;
}

pub async fn load(person: PersonId, room: RoomId) -> Option<String> {
    kept::get(&key(person, room)).await
}

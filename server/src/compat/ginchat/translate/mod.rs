//! Between the wire and the house, both ways; nothing here asks anybody.

use super::html::{self, Piece};
use super::wire::{self, Asked, Envelope, Frame, FrameData, Nothing, Row};
use crate::compat::body::{number, text};
use chat::Problem;
use domain::message::Message;
use domain::person::Person;
use domain::span::{Span, plain};
use domain::time::civil;
use serde::{Deserialize, Serialize};

/// The rooms.
pub const ROOMS: std::ops::RangeInclusive<u8> = 1..=6;
/// Longest message, in characters; more is cut off.
pub const LONGEST: usize = 800;
/// The face of people who chose none: they came by another door.
pub const NO_FACE: &str = "1";

/// What somebody wants over their socket.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    Heartbeat,
    Online { room: u8 },
    Say { room: u8, said: Said },
    List { room: u8 },
    Private { room: u8, to: i64, said: Said },
}

/// What somebody says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub content: String,
    pub image_url: String,
}

/// How a message was written, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub content: String,
    #[serde(default)]
    pub image_url: String,
    /// Where a private one was sent from; 0 for another door.
    #[serde(default)]
    pub room: u8,
}

/// Reads a frame of a client; `None` for what means nothing, or is blank.
pub fn wish(frame: &str) -> Option<Wish> {
    if matches!(frame, "ping" | "heartbeat") {
        return Some(Wish::Heartbeat);
    }
    // A list would be read as the fields in their order.
    let asked = serde_json::from_str(frame).ok().filter(|_| frame.trim_start().starts_with('{'));
    let Asked { state, status, data } = asked?;
    let room = room(&text(data.get("room_id")?)?)?;
    let said = || {
        let content = data.get("content").and_then(text).unwrap_or_default();
        let image_url = data.get("image_url").and_then(text).filter(|url| html::is_address(url)).unwrap_or_default();
        let content: String = content.chars().take(LONGEST).collect();
        (!content.trim().is_empty()).then_some(Said { content, image_url })
    };
    match state.or(status)? {
        1 => Some(Wish::Online { room }),
        3 => Some(Wish::Say { room, said: said()? }),
        4 => Some(Wish::List { room }),
        5 => Some(Wish::Private { room, to: number(data.get("to_uid")?)?, said: said()? }),
        _ => None,
    }
}

/// A room by its number.
pub fn room(text: &str) -> Option<u8> {
    text.trim().parse().ok().filter(|room| ROOMS.contains(room))
}

/// The pieces of a message that another door let in. `address`: of one of its files.
pub fn pieces_of(message: &Message, address: impl Fn(&domain::attachment::Attachment) -> Option<String>) -> Vec<Piece> {
    let mut words = String::new();
    write(&message.spans, &mut words);
    let mut pieces = if words.is_empty() { Vec::new() } else { html::pieces_of_text(&words) };
    for file in &message.files {
        if !pieces.is_empty() {
            pieces.push(Piece::Break);
        }
        pieces.push(match address(file) {
            Some(src) => Piece::Picture { src, alt: None },
            None => Piece::Text(file.name.clone()),
        });
    }
    pieces
}

fn write(spans: &[Span], out: &mut String) {
    for span in spans {
        match span {
            Span::Break => out.push('\n'),
            Span::Strong(inner) | Span::Emphasis(inner) => write(inner, out),
            other => out.push_str(&plain(std::slice::from_ref(other))),
        }
    }
}

/// A row of a list.
pub fn row(message: &Message, written: Written, (room, to): (u8, i64), avatar_id: &str) -> Row {
    Row {
        id: message.id.0,
        user_id: message.author.id.0,
        room_id: room,
        to_user_id: to,
        content: written.content,
        image_url: written.image_url,
        username: message.author.name.clone(),
        avatar_id: avatar_id.to_owned(),
        created_at: rfc3339(message.at),
        updated_at: rfc3339(message.edited.unwrap_or(message.at)),
        deleted_at: None,
    }
}

/// `2025-03-03T10:03:04+00:00`.
pub fn rfc3339(at: i64) -> String {
    let c = civil(at, 0);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+00:00", c.year, c.month, c.day, c.hour, c.minute, c.second)
}

pub fn done<T>(data: T) -> Envelope<T> {
    Envelope { code: wire::OK, data, msg: "成功".to_owned() }
}

pub fn failed(msg: impl Into<String>) -> Envelope<Nothing> {
    Envelope { code: wire::FAILED, data: Nothing {}, msg: msg.into() }
}

/// A refusal of the house where the protocol knows none.
pub fn refused(problem: &Problem) -> Envelope<Nothing> {
    match problem {
        Problem::Unavailable | Problem::Broken { .. } => {
            Envelope { code: wire::SYSTEM, data: Nothing {}, msg: "系统错误".to_owned() }
        }
        Problem::SignInNeeded
        | Problem::WrongCredentials
        | Problem::WrongCode { .. }
        | Problem::Elsewhere { .. }
        | Problem::OneDevice { .. }
        | Problem::NotAllowed
        | Problem::NotFound { .. }
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
        | Problem::Held
        | Problem::Declined
        | Problem::Objected { .. }
        | Problem::Removed { .. }
        | Problem::Gone => failed("未知错误"),
    }
}

/// A frame; texts and numbers can always be written.
pub fn frame(state: i64, data: FrameData) -> String {
    serde_json::to_string(&Frame { state, status: state, data, conn: Nothing {} }).unwrap_or_default()
}

/// Somebody came into a room (1).
pub fn came(person: &Person, room: u8, time: i64) -> String {
    let (uid, username, room_id) = (person.id.to_string(), person.name.clone(), room.to_string());
    frame(1, FrameData { uid, username, room_id, time, ..FrameData::default() })
}

/// Somebody went (2).
pub fn went(person: &Person, time: i64) -> String {
    let (uid, username) = (person.id.to_string(), person.name.clone());
    frame(2, FrameData { uid, username, time, ..FrameData::default() })
}

/// Something is said, to all (3) or in private (5).
pub fn said(state: i64, message: &Message, content: String, room: u8, avatar_id: String) -> String {
    let (uid, username) = (message.author.id.to_string(), message.author.name.clone());
    let (room_id, time) = (room.to_string(), message.at);
    frame(state, FrameData { uid, username, avatar_id, content, room_id, time, ..FrameData::default() })
}

#[cfg(test)]
mod tests;

//! Frames as they go over the wire: JSON in text frames of WebSocket (RFC 6455 §5.2), made
//! once for all who hear them.

use bytes::{Bytes, BytesMut};
use domain::live::Frame;
use serde::Serialize;

/// Longest header of a server's frame, in bytes.
const HEADER: usize = 10;
/// A whole text frame.
const TEXT: u8 = 0x81;

/// Some frames in a row, in one piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Frames {
    pub bytes: Bytes,
    pub count: usize,
}

impl Frames {
    pub fn one(bytes: Bytes) -> Self {
        Self { bytes, count: 1 }
    }

    pub fn join<'a>(frames: impl IntoIterator<Item = &'a Bytes>) -> Self {
        let mut joined = Self { bytes: Bytes::new(), count: 0 };
        let mut bytes = BytesMut::new();
        for frame in frames {
            bytes.extend_from_slice(frame);
            joined.count += 1;
        }
        joined.bytes = bytes.freeze();
        joined
    }
}

/// All our frames can be encoded; if one ever cannot, that is logged, and the page notices
/// the gap in `seq`.
pub(super) fn encode(frame: &Frame) -> Option<Bytes> {
    encode_any(frame)
}

/// The same for the frames of `domain::unread`.
pub(super) fn encode_any(frame: &impl Serialize) -> Option<Bytes> {
    // Room for the header, whose length depends on what follows.
    let mut bytes = vec![0; HEADER];
    serde_json::to_writer(&mut bytes, frame)
        .inspect_err(|cause| tracing::error!(%cause, "a frame cannot be encoded"))
        .ok()?;
    let header = header(bytes.len() - HEADER);
    let begin = HEADER - header.len();
    bytes.get_mut(begin..HEADER)?.copy_from_slice(&header);
    Some(Bytes::from(bytes).slice(begin..))
}

/// What the frames in a piece of bytes say, in order.
pub fn texts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (from, length) = match *rest {
            [_, 127, a, b, c, d, e, f, g, h, ..] => (10, u64::from_be_bytes([a, b, c, d, e, f, g, h]) as usize),
            [_, 126, a, b, ..] => (4, usize::from(u16::from_be_bytes([a, b]))),
            [_, length, ..] => (2, usize::from(length)),
            _ => return None,
        };
        let text = rest.get(from..from + length)?;
        rest = &rest[from + length..];
        Some(text)
    })
}

fn header(payload: usize) -> Vec<u8> {
    match (u8::try_from(payload), u16::try_from(payload)) {
        (Ok(short @ 0..=125), _) => vec![TEXT, short],
        (_, Ok(medium)) => [&[TEXT, 126][..], &medium.to_be_bytes()].concat(),
        _ => [&[TEXT, 127][..], &(payload as u64).to_be_bytes()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_all_lengths_are_found_again() {
        let frame = |length: usize| Frame::Welcome { version: 1, now: 0, build: "x".repeat(length) };
        let lengths = [0, 60, 90, 91, 200, 65_400, 65_536, 70_000];
        let encoded: Vec<Bytes> = lengths.iter().filter_map(|length| encode(&frame(*length))).collect();
        let joined = Frames::join(&encoded);
        assert_eq!(joined.count, lengths.len());
        let found: Vec<Frame> = texts(&joined.bytes).map(|text| serde_json::from_slice(text).unwrap()).collect();
        assert_eq!(found, lengths.map(frame));
    }
}

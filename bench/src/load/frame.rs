//! WebSocket frames, as little of RFC 6455 §5.2 as both ends of a measurement need.

use crate::Done;
use bytes::{Buf, BufMut, BytesMut};

pub const TEXT: u8 = 1;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

pub struct Frame {
    pub opcode: u8,
    pub payload: BytesMut,
}

/// Takes the next whole frame off a buffer.
///
/// # Errors
/// For a frame of more than a mebibyte: none of ours is.
pub fn take(buffer: &mut BytesMut) -> Done<Option<Frame>> {
    let [first, second, ..] = buffer[..] else { return Ok(None) };
    let mut head = 2;
    let mut length = usize::from(second & 127);
    if length == 126 {
        let [_, _, a, b, ..] = buffer[..] else { return Ok(None) };
        (head, length) = (4, usize::from(u16::from_be_bytes([a, b])));
    } else if length == 127 {
        let Some(bytes) = buffer.get(2..10).and_then(|b| <[u8; 8]>::try_from(b).ok()) else { return Ok(None) };
        (head, length) = (10, usize::try_from(u64::from_be_bytes(bytes))?);
    }
    if length > 1024 * 1024 {
        return Err("a frame of more than a mebibyte".into());
    }
    let is_masked = second & 128 != 0;
    let mask_bytes = if is_masked { 4 } else { 0 };
    if buffer.len() < head + mask_bytes + length {
        return Ok(None);
    }
    buffer.advance(head);
    let mask = buffer.split_to(mask_bytes);
    let mut payload = buffer.split_to(length);
    if mask.iter().any(|byte| *byte != 0) {
        payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    }
    Ok(Some(Frame { opcode: first & 15, payload }))
}

/// A text frame as a server sends it.
pub fn text(payload: &[u8]) -> BytesMut {
    of(TEXT, payload, None)
}

/// A frame as a client sends it, with a mask of zeros: masking is not what is measured.
pub fn masked(opcode: u8, payload: &[u8]) -> BytesMut {
    of(opcode, payload, Some([0; 4]))
}

fn of(opcode: u8, payload: &[u8], mask: Option<[u8; 4]>) -> BytesMut {
    let bit = if mask.is_some() { 128 } else { 0 };
    let mut frame = BytesMut::with_capacity(payload.len() + 14);
    frame.put_u8(128 | opcode);
    match payload.len() {
        short @ 0..126 => frame.put_u8(bit | short as u8),
        medium @ 126..=65_535 => {
            frame.put_u8(bit | 126);
            frame.put_u16(medium as u16);
        }
        long => {
            frame.put_u8(bit | 127);
            frame.put_u64(long as u64);
        }
    }
    if let Some(mask) = mask {
        frame.put_slice(&mask);
    }
    frame.put_slice(payload);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            for mut bytes in [text(&payload), masked(TEXT, &payload)] {
                let mut half = BytesMut::from(&bytes[..bytes.len() - 1]);
                assert!(take(&mut half).unwrap().is_none(), "{length}: cut short");
                let frame = take(&mut bytes).unwrap().unwrap();
                assert_eq!((frame.opcode, &frame.payload[..]), (TEXT, &payload[..]));
                assert!(bytes.is_empty());
            }
        }
    }
}

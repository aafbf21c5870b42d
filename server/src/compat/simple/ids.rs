//! What rooms and messages are called on this wire: 72 hexadecimal digits, the hex of the 36
//! characters of a UUID (seed 002's samples).
//!
//! Rooms of many get one by chance (version 4), which is kept: whoever knows it may come in. Private
//! chats and messages have theirs made from their number (version 8, RFC 9562 §5.8), so nothing
//! is kept; what they name is read only by those who may.

use domain::{MessageId, RoomId};
use std::fmt::Write;

/// Tells what is numbered apart.
#[derive(Clone, Copy)]
enum Kind {
    Room = 0x72_6f_6f_6d,
    Message = 0x6d_65_73_73,
}

/// One that nobody had before.
pub fn by_chance() -> String {
    let bits = rand::random::<u128>() & !(0xF << 76 | 0x3 << 62) | 4 << 76 | 2 << 62;
    hex(bits)
}

pub fn of_message(id: MessageId) -> String {
    numbered(id.0, Kind::Message)
}

/// Of a private chat.
pub fn of_room(id: RoomId) -> String {
    numbered(id.0, Kind::Room)
}

/// The private chat that is called so.
pub fn room(id: &str) -> Option<RoomId> {
    number(id, Kind::Room).map(RoomId)
}

fn numbered(id: i64, kind: Kind) -> String {
    let high = mix(id.cast_unsigned() ^ (kind as u64) << 32);
    let check = mix(high ^ kind as u64);
    // 48 bits, the version, 12 bits, the variant, 4 bits; what is left checks them.
    let front = u128::from(high >> 16) << 80 | 8 << 76 | u128::from(high >> 4 & 0xFFF) << 64;
    hex(front | 2 << 62 | u128::from(high & 0xF) << 58 | u128::from(check >> 6))
}

fn number(id: &str, kind: Kind) -> Option<i64> {
    let bits = read(id)?;
    let high = (bits >> 80) << 16 | (bits >> 64 & 0xFFF) << 4 | bits >> 58 & 0xF;
    let high = u64::try_from(high).ok()?;
    let id = (unmix(high) ^ (kind as u64) << 32).cast_signed();
    (numbered(id, kind) == hex(bits)).then_some(id)
}

/// Each number goes to another one (David Stafford's mix 13, as in SplitMix64).
fn mix(mut n: u64) -> u64 {
    n = (n ^ n >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    n = (n ^ n >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ n >> 31
}

/// Back again: by the inverses of its factors.
fn unmix(mut n: u64) -> u64 {
    n = (n ^ n >> 31 ^ n >> 62).wrapping_mul(0x3196_42B2_D24D_8EC3);
    n = (n ^ n >> 27 ^ n >> 54).wrapping_mul(0x96DE_1B17_3F11_9089);
    n ^ n >> 30 ^ n >> 60
}

/// The hex of the text of a UUID.
fn hex(bits: u128) -> String {
    let digits = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    parts.join("-").bytes().fold(String::with_capacity(72), |mut hex, byte| {
        // Nothing can go wrong in memory.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn read(id: &str) -> Option<u128> {
    if id.len() != 72 || !id.is_ascii() {
        return None;
    }
    let bytes = (0..36).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).ok());
    let text = String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()?;
    u128::from_str_radix(&text.replace('-', ""), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back() {
        for id in [1, 2, 3, 4_711, i64::MAX] {
            let name = of_room(RoomId(id));
            assert_eq!((name.len(), room(&name)), (72, Some(RoomId(id))), "{name}");
            assert_eq!(room(&of_message(MessageId(id))), None, "a message is no room");
        }
        assert_ne!(of_room(RoomId(1))[..16], of_room(RoomId(2))[..16]);
    }

    #[test]
    fn it_is_the_hex_of_a_uuid() {
        for (name, version) in [(of_message(MessageId(7)), "38"), (by_chance(), "34")] {
            assert_eq!((&name[28..30], &name[16..18], &name[26..28]), (version, "2d", "2d"), "{name}");
            assert!(["38", "39", "61", "62"].contains(&&name[38..40]), "{name}");
            assert_eq!(read(&name).map(hex), Some(name));
        }
        assert_ne!(by_chance(), by_chance());
    }

    #[test]
    fn what_was_not_made_here_names_nothing() {
        let seeds = "31363966353833312d666130362d343961372d396436652d653236353030643963656436";
        for odd in [seeds, "", "é", &"z".repeat(72), &"é".repeat(36), &"39".repeat(36), &"ff".repeat(36)] {
            assert_eq!(room(odd), None, "{odd:?}");
        }
    }
}

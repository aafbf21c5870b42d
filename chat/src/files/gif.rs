//! Animations: what is kept of a GIF that moves.

use domain::picture::MAX_PIXELS;

/// What all pictures of an animation may have together, in pixels: what browsers draw without pain.
const MOST: u64 = 16 * MAX_PIXELS;
/// How often it is repeated; everything else that programs add is dropped.
const REPEATS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];
/// A block of these is no longer than this: its head, a count, its end.
const REPEAT_BYTES: usize = 19;

/// An animation with nothing but its pictures, their times and how often they are repeated: no comments,
/// nothing that programs add, nothing behind its end. `None` for one picture alone, and for what cannot be
/// followed to its end or has too many pixels.
pub(super) fn animation(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut from = Reader { bytes, at: 0 };
    let mut kept = from.take(13)?.to_vec();
    let pixels = side(&kept, 6)? * side(&kept, 8)?;
    kept.extend_from_slice(from.take(table(*kept.get(10)?))?);
    let mut pictures = 0;
    loop {
        let start = from.at;
        match from.take(1)? {
            [0x21] => {
                let kind = from.take(1)?.first().copied()?;
                from.skip_blocks()?;
                let block = bytes.get(start..from.at)?;
                if kind == 0xF9 || kind == 0xFF && is_repeat(block) {
                    kept.extend_from_slice(block);
                }
            }
            [0x2C] => {
                let packed = from.take(9)?.last().copied()?;
                // Its colours, and the width of its codes.
                from.take(table(packed) + 1)?;
                from.skip_blocks()?;
                kept.extend_from_slice(bytes.get(start..from.at)?);
                pictures += 1;
            }
            [0x3B] => break,
            _ => return None,
        }
    }
    kept.push(0x3B);
    (pictures > 1 && pixels.saturating_mul(pictures) <= MOST).then_some(kept)
}

fn is_repeat(block: &[u8]) -> bool {
    block.len() <= REPEAT_BYTES && block.get(3..14).is_some_and(|name| REPEATS.contains(&name))
}

/// Length of a colour table.
fn table(packed: u8) -> usize {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}

fn side(head: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u16::from_le_bytes([*head.get(at)?, *head.get(at + 1)?])))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    /// Pieces with their lengths before them, up to an empty one.
    fn skip_blocks(&mut self) -> Option<()> {
        loop {
            match self.take(1)?.first().copied()? {
                0 => return Some(()),
                length => self.take(usize::from(length))?,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
    use image::{AnimationDecoder, Delay, Frame, Rgba, RgbaImage};
    use std::io::Cursor;

    fn gif(frames: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        for n in 0..frames {
            let picture = RgbaImage::from_pixel(20, 10, Rgba([n * 40, 0, 90, 255]));
            encoder.encode_frame(Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
        }
        drop(encoder);
        bytes
    }

    /// With a comment where extensions may stand.
    fn with_comment(gif: &[u8]) -> Vec<u8> {
        let at = 13 + table(gif[10]);
        [&gif[..at], b"\x21\xFE\x06secret\0", &gif[at..], b"<script>"].concat()
    }

    #[test]
    fn an_animation_keeps_its_pictures_and_nothing_else() {
        let made = gif(3);
        let kept = animation(&with_comment(&made)).unwrap();
        assert_eq!(kept, made);
        let frames = GifDecoder::new(Cursor::new(&kept)).unwrap().into_frames().collect_frames().unwrap();
        assert_eq!(frames.len(), 3);
        assert!(kept.windows(11).any(|name| name == b"NETSCAPE2.0"));
    }

    #[test]
    fn what_does_not_move_or_does_not_end_is_none() {
        let made = gif(2);
        assert_eq!(animation(&gif(1)), None);
        for end in 0..made.len() - 1 {
            assert_eq!(animation(&made[..end]), None, "{end}");
        }
        let mut huge = made.clone();
        huge[6..10].fill(0xFF);
        assert_eq!(animation(&huge), None);
    }
}

//! What a file of a message is, by its beginning: what may be shown, heard or played here. All
//! else is only ever saved.

use super::image::is_picture;
use super::video::Media;

/// Bytes that tell what a file is.
pub const HEAD: usize = 4_096;
/// The media type of what is only saved.
pub const OPAQUE: &str = "application/octet-stream";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// To be encoded anew.
    Picture,
    Audio(&'static str),
    Video(&'static str),
    Other,
}

impl Nature {
    /// What its sender calls it says nothing.
    pub fn of(head: &[u8]) -> Self {
        if is_picture(head) {
            return Self::Picture;
        }
        if let Some(kind) = audio(head) {
            return Self::Audio(kind);
        }
        match Media::of(head) {
            Some(media @ (Media::Mp4 | Media::WebM)) if !is_still(head) => Self::Video(media.media_type()),
            _ => Self::Other,
        }
    }
}

fn audio(head: &[u8]) -> Option<&'static str> {
    let brand = head.get(8..12);
    match head {
        [b'I', b'D', b'3', ..] => Some("audio/mpeg"),
        // A frame of MPEG audio, layer 3.
        [0xFF, second, third, ..] if second & 0xE6 == 0xE2 && third & 0xF0 != 0xF0 => Some("audio/mpeg"),
        [b'f', b'L', b'a', b'C', ..] => Some("audio/flac"),
        [b'O', b'g', b'g', b'S', ..] => Some("audio/ogg"),
        [b'R', b'I', b'F', b'F', ..] if brand == Some(b"WAVE") => Some("audio/wav"),
        _ if head.get(4..8) == Some(b"ftyp") && matches!(brand, Some(b"M4A " | b"M4B ")) => Some("audio/mp4"),
        _ => None,
    }
}

/// Photos of phones are in the same container as films.
fn is_still(head: &[u8]) -> bool {
    let brands: [&[u8]; 9] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"];
    head.get(4..8) == Some(b"ftyp") && head.get(8..12).is_some_and(|brand| brands.contains(&brand))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        for (head, nature) in [
            (&b"\x89PNG\r\n\x1a\n"[..], Nature::Picture),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Nature::Picture),
            (b"GIF89a", Nature::Picture),
            (b"ID3\x04", Nature::Audio("audio/mpeg")),
            (b"\xFF\xFB\x90\x64", Nature::Audio("audio/mpeg")),
            (b"RIFF\0\0\0\0WAVEfmt ", Nature::Audio("audio/wav")),
            (b"OggS\0", Nature::Audio("audio/ogg")),
            (b"\0\0\0\x20ftypM4A ", Nature::Audio("audio/mp4")),
            (b"\0\0\0\x20ftypisom", Nature::Video("video/mp4")),
            (b"\0\0\0\x20ftypheic", Nature::Other),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>", Nature::Other),
            (b"<!doctype html><script>alert(1)</script>", Nature::Other),
            (b"<?xml version=\"1.0\"?>", Nature::Other),
            (b"%PDF-1.7", Nature::Other),
            (b"#EXTM3U\n", Nature::Other),
            (b"PK\x03\x04", Nature::Other),
            (b"", Nature::Other),
        ] {
            assert_eq!(Nature::of(head), nature, "{head:?}");
        }
    }
}

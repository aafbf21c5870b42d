//! A picture on a room's wall.

use crate::person::Person;
use crate::problem::Problem;
use crate::{BlobId, PictureId, RoomId, text};
use serde::{Deserialize, Serialize};

/// Largest file taken, in bytes.
pub const MAX_BYTES: u64 = 20 * 1024 * 1024;
/// Most pixels taken, width × height.
pub const MAX_PIXELS: u64 = 32_000_000;
/// Longest side of each stored size; a size larger than the picture is not stored.
pub const WIDTHS: [u32; 3] = [320, 640, 1280];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub id: PictureId,
    pub blob: BlobId,
    /// Where it hangs: larger is shown first (seed 000); equal ones by id, newer first.
    pub order: i64,
    /// Pixels of the full size.
    pub width: u32,
    pub height: u32,
    pub caption: String,
    /// What it shows, for those who cannot see it; may be empty.
    pub alt: String,
    /// Its main colour, in its place until it is there: steps from 0 to 7 of red, green and blue, such as
    /// `r3g7b0`, which `style/tint.css` knows. Empty for none: an older picture, or one that is not all opaque.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tint: String,
    pub by: Person,
    pub at: i64,
}

/// A stored size of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// Longest side at most so many pixels; one of [`WIDTHS`].
    Side(u32),
    Full,
}

impl Size {
    /// The sizes that a picture of these pixels is stored in: small ones first, the full one last.
    pub fn stored(width: u32, height: u32) -> impl Iterator<Item = Self> {
        let smaller = WIDTHS.into_iter().filter(move |side| *side < width.max(height));
        smaller.map(Self::Side).chain([Self::Full])
    }

    pub fn parse(word: &str) -> Option<Self> {
        if word == "full" {
            return Some(Self::Full);
        }
        let side = word.parse().ok()?;
        WIDTHS.contains(&side).then_some(Self::Side(side))
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Side(side) => side.fmt(f),
            Self::Full => f.write_str("full"),
        }
    }
}

impl Picture {
    /// Address of one size: `/media/<room>/<blob>/<size>`. A size larger than the picture
    /// answers with the full one.
    pub fn url(&self, room: RoomId, size: Size) -> String {
        format!("/media/{room}/{}/{size}", self.blob)
    }

    /// Width and height of one size, in pixels.
    pub fn pixels(&self, size: Size) -> (u32, u32) {
        let longest = self.width.max(self.height);
        match size {
            Size::Side(side) if side < longest => {
                let scaled = |n: u32| (u64::from(n) * u64::from(side) / u64::from(longest)).max(1) as u32;
                (scaled(self.width), scaled(self.height))
            }
            Size::Side(_) | Size::Full => (self.width, self.height),
        }
    }

    /// `srcset` of a thumbnail: the two small sizes.
    pub fn small_srcset(&self, room: RoomId) -> String {
        let one = |side: u32| format!("{} {}w", self.url(room, Size::Side(side)), self.pixels(Size::Side(side)).0);
        let [small, middle, _] = WIDTHS;
        if self.width.max(self.height) <= small { one(small) } else { format!("{}, {}", one(small), one(middle)) }
    }

    /// `srcset` with true widths.
    pub fn srcset(&self, room: RoomId) -> String {
        let longest = self.width.max(self.height);
        let mut out = String::new();
        for side in WIDTHS.into_iter().filter(|side| *side < longest) {
            let (width, _) = self.pixels(Size::Side(side));
            out.push_str(&format!("{} {width}w, ", self.url(room, Size::Side(side))));
        }
        out.push_str(&format!("{} {}w", self.url(room, Size::Full), self.width));
        out
    }

    /// What a screen reader says: the alternative text, else the caption.
    pub fn label(&self) -> &str {
        if self.alt.is_empty() { &self.caption } else { &self.alt }
    }
}

pub fn parse_caption(caption: &str) -> Result<String, Problem> {
    text::line("caption", caption, 0, 300)
}

pub fn parse_alt(alt: &str) -> Result<String, Problem> {
    text::line("alt", alt, 0, 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_a_closed_list() {
        assert_eq!(Size::parse("320"), Some(Size::Side(320)));
        assert_eq!(Size::parse("full"), Some(Size::Full));
        for wrong in ["321", "", "../full", "-1", "0320x"] {
            assert_eq!(Size::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_size_as_large_as_the_picture_is_not_stored() {
        let stored = |width, height| Size::stored(width, height).collect::<Vec<_>>();
        assert_eq!(stored(320, 9), [Size::Full]);
        assert_eq!(stored(9, 641), [Size::Side(320), Size::Side(640), Size::Full]);
    }
}

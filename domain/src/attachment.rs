//! A file that was sent with a message.

use crate::picture::{Size, WIDTHS};
use crate::span::{Span, plain};
use crate::text::is_hidden;
use crate::{BlobId, Problem, RoomId};
use serde::{Deserialize, Serialize};

/// Most files of one message.
pub const MAX_FILES: usize = 10;
/// Longest name kept, in characters, with its ending.
pub const MAX_NAME: usize = 150;
/// Largest piece of a file that is sent at once, in bytes.
pub const PART: u64 = 2 * 1024 * 1024;
/// What a file without a name is called.
const NAMELESS: &str = "file";

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attachment {
    pub blob: BlobId,
    /// As its sender called it, made harmless.
    pub name: String,
    /// Of what is stored in full.
    pub bytes: u64,
    pub look: Look,
    /// What it shows, for those who cannot see it; empty if its sender did not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
}

/// How a file is shown. By what is in it; its name says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// To be saved only.
    #[default]
    File,
    Audio,
    Video,
    /// Of so many pixels.
    Picture {
        width: u32,
        height: u32,
        /// Whether it is an animation; its smaller sizes stand still.
        #[serde(default, skip_serializing_if = "is_still")]
        moves: bool,
    },
}

fn is_still(moves: &bool) -> bool {
    !moves
}

impl Look {
    /// The sizes that it is stored in, the full one last. Of an animation there always is one that stands
    /// still.
    pub fn sizes(self) -> Vec<Size> {
        let Self::Picture { width, height, moves } = self else { return vec![Size::Full] };
        let mut sizes: Vec<Size> = Size::stored(width, height).collect();
        if moves && sizes.len() == 1 {
            sizes.insert(0, Size::Side(WIDTHS[0]));
        }
        sizes
    }
}

/// A file on its way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arriving {
    pub blob: BlobId,
    /// How much of it is here, in bytes: the next part begins there.
    pub received: u64,
    pub bytes: u64,
    /// Once it is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Attachment>,
}

impl Attachment {
    /// Address of it, or of one size of a picture: `/file/<room>/<blob>/<size>`.
    pub fn url(&self, room: RoomId, size: Size) -> String {
        format!("/file/{room}/{}/{size}", self.blob)
    }

    /// Address of a picture as a message shows it: standing still.
    pub fn thumbnail(&self, room: RoomId) -> String {
        self.url(room, Size::Side(self.thumbnails().last().copied().unwrap_or(WIDTHS[0])))
    }

    /// `srcset` of a picture's thumbnails.
    pub fn srcset(&self, room: RoomId) -> String {
        let one = |side: &u32| format!("{} {side}w", self.url(room, Size::Side(*side)));
        self.thumbnails().iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// A size that is larger than the picture is answered with all of it: of what moves none is asked for.
    fn thumbnails(&self) -> Vec<u32> {
        let [small, middle, _] = WIDTHS;
        match self.look {
            Look::Picture { width, height, moves: true } if width.max(height) <= middle => vec![small],
            _ => vec![small, middle],
        }
    }

    /// What stands for a picture that is not seen.
    pub fn described(&self) -> &str {
        if self.alt.is_empty() { &self.name } else { &self.alt }
    }
}

/// What a file shows, as its sender says.
///
/// # Errors
/// [`Problem::Invalid`] of the field `alt`.
pub fn parse_alt(alt: &str) -> Result<String, Problem> {
    crate::picture::parse_alt(alt)
}

/// A message in one line: its words, else what its files are called.
pub fn said(spans: &[Span], files: &[Attachment]) -> String {
    if !spans.is_empty() {
        return plain(spans);
    }
    files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(" · ")
}

/// The name of a file as it may be shown and saved: nothing of a path, nothing that hides or
/// reorders, at most [`MAX_NAME`] characters and still with its ending.
pub fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = |c: char| !is_hidden(c) && c as u32 & 0xFFFE != 0xFFFE;
    let name: String = last.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| shown(*c)).collect();
    // A leading dot would hide it from its owner.
    let name = name.trim().trim_start_matches(['.', ' ']);
    if name.is_empty() {
        return NAMELESS.to_owned();
    }
    let length = name.chars().count();
    if length <= MAX_NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.chars().count() <= 10);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let stem: String = name.chars().take(MAX_NAME - ending.chars().count()).collect();
    stem + &ending
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_harmless_and_still_its_own() {
        for (name, kept) in [
            ("报告 2027.pdf", "报告 2027.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ana\\a.txt", "a.txt"),
            ("a\r\nSet-Cookie: x.txt", "a  Set-Cookie: x.txt"),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            (".htaccess", "htaccess"),
            ("..", "file"),
            ("", "file"),
            ("a\0b", "ab"),
        ] {
            assert_eq!(file_name(name), kept, "{name:?}");
        }
        let long = file_name(&format!("{}.tar.gz", "x".repeat(300)));
        assert!(long.ends_with(".gz") && long.chars().count() == MAX_NAME, "{long}");
    }

    #[test]
    fn an_attachment_travels_in_few_words() {
        let blob = BlobId::parse("0123456789abcdef0123456789abcdef").unwrap();
        let look = Look::Picture { width: 3, height: 2, moves: false };
        let file = Attachment { blob, name: "a.png".into(), bytes: 7, look, alt: String::new() };
        let json = serde_json::to_string(&file).unwrap();
        let wanted = r#"{"blob":"0123456789abcdef0123456789abcdef","name":"a.png","bytes":7,"look":{"picture":{"width":3,"height":2}}}"#;
        assert_eq!(json, wanted);
        assert_eq!(serde_json::from_str::<Attachment>(&json).unwrap(), file);
    }

    #[test]
    fn what_moves_has_a_size_that_stands_still() {
        let look = |width, moves| Look::Picture { width, height: 10, moves };
        let words = |look: Look| look.sizes().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(words(look(100, false)), ["full"]);
        assert_eq!(words(look(100, true)), ["320", "full"]);
        assert_eq!(words(look(700, true)), ["320", "640", "full"]);
        assert_eq!(words(Look::Video), ["full"]);
        let blob = BlobId::parse("0123456789abcdef0123456789abcdef").unwrap();
        let file = |look| Attachment { blob: blob.clone(), name: "a.gif".into(), bytes: 7, look, alt: String::new() };
        let at = "/file/1/0123456789abcdef0123456789abcdef";
        assert_eq!(file(look(100, true)).thumbnail(RoomId(1)), format!("{at}/320"));
        assert_eq!(file(look(400, true)).srcset(RoomId(1)), format!("{at}/320 320w"));
        assert_eq!(file(look(100, false)).thumbnail(RoomId(1)), format!("{at}/640"), "all of it");
    }

    proptest! {
        #[test]
        fn a_name_that_was_made_harmless_stays_as_it_is(name in "\\PC{0,200}|[./\\\\ a\u{202E}]{0,20}") {
            let once = file_name(&name);
            prop_assert!(!once.is_empty() && !once.contains(['/', '\\']) && once.chars().count() <= MAX_NAME);
            prop_assert_eq!(file_name(&once), once.clone());
        }
    }
}

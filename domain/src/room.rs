//! A room: a conversation and a wall.

use crate::gate::Phase;
use crate::problem::{Problem, Rule};
use crate::text;
use crate::{PersonId, RoomId};
use serde::{Deserialize, Serialize};

/// Who may read a room, and who may come in by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody reads, signed in or not; whoever signs in may take part.
    #[default]
    Public,
    /// Whoever is signed in finds it and may take part.
    Open,
    /// Members only; a host lets them in.
    Private,
    /// A private chat: two people and nobody else, not even administrators. No room is made or
    /// turned into one by a form.
    Direct,
}

/// A room as its readers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub id: RoomId,
    /// Its address: `/r/<slug>`.
    pub slug: String,
    pub title: String,
    /// What it is for, in a sentence or two; may be empty.
    pub about: String,
    pub visibility: Visibility,
    /// An archived room can be read but takes nothing new.
    pub archived: bool,
    pub created_at: i64,
}

/// A line of the room list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomLine {
    pub room: Room,
    /// Whether the reader has a say in it.
    pub role: Option<crate::member::Role>,
    /// Author's display name and the beginning of the text.
    pub last: Option<LastWords>,
    /// The beginning of what the reader has half written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
    /// Messages by others above what the reader has seen; 0 for guests.
    pub unread: u32,
    /// How many of the newest of these mention the reader.
    pub mentions: u32,
    /// What the reader wants to hear of it.
    pub level: crate::unread::Level,
    /// Whether the reader keeps it at the top.
    pub pinned: bool,
    /// When something happened in it last.
    pub at: i64,
    pub present: u32,
    /// Whether it may be entered now. Of a room that is shut for its reader the list tells neither
    /// words nor pictures, but for its cover.
    pub phase: Phase,
    /// First picture of the wall.
    pub cover: Option<crate::picture::Picture>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastWords {
    pub by: PersonId,
    pub author: String,
    pub text: String,
    pub at: i64,
}

/// The words of a room that its host can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomWords {
    pub slug: String,
    pub title: String,
    pub about: String,
    pub visibility: Visibility,
}

impl RoomWords {
    pub fn parse(slug: &str, title: &str, about: &str, visibility: Visibility) -> Result<Self, Problem> {
        Ok(Self {
            slug: parse_slug(slug)?,
            title: text::line("title", title, 1, 80)?,
            about: text::line("about", about, 0, 300)?,
            visibility,
        })
    }
}

/// 1 to 48 of `a–z 0–9 -`, not beginning or ending with `-`.
pub fn parse_slug(slug: &str) -> Result<String, Problem> {
    let slug = slug.trim();
    if slug.is_empty() {
        return Err(Problem::invalid("slug", Rule::Empty));
    }
    if slug.len() > 48 {
        return Err(Problem::invalid("slug", Rule::TooLong { max: 48 }));
    }
    let fits = slug.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if fits { Ok(slug.to_owned()) } else { Err(Problem::invalid("slug", Rule::Shape)) }
}

impl Visibility {
    /// What a room can be made.
    pub const ALL: [Self; 3] = [Self::Public, Self::Open, Self::Private];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Open => "open",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }

    /// Whether people see a room this way who do not see it the other way.
    pub fn is_wider_than(self, other: Self) -> bool {
        let reach = |visibility| match visibility {
            Self::Direct => 0,
            Self::Private => 1,
            Self::Open => 2,
            Self::Public => 3,
        };
        reach(self) > reach(other)
    }

    /// What somebody chose for a room.
    pub fn parse(word: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|v| v.as_str() == word).ok_or_else(|| Problem::invalid("visibility", Rule::Shape))
    }

    /// What a stored word stands for.
    pub fn stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Direct]).find(|v| v.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_room_shows_itself_to_more_people() {
        let order = [Visibility::Direct, Visibility::Private, Visibility::Open, Visibility::Public];
        for (i, a) in order.into_iter().enumerate() {
            for (j, b) in order.into_iter().enumerate() {
                assert_eq!(a.is_wider_than(b), i > j, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn slugs() {
        for good in ["a", "live-2026", "0"] {
            assert_eq!(parse_slug(good).unwrap(), good);
        }
        for bad in ["", "-a", "a-", "A", "a/b", "..", "房间", &"x".repeat(49)] {
            assert!(parse_slug(bad).is_err(), "{bad:?}");
        }
    }
}

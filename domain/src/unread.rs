//! What is new to somebody in their rooms, and how loudly each room may say so.

use crate::RoomId;
use crate::problem::{Problem, Rule};
use crate::room::LastWords;
use serde::{Deserialize, Serialize};

/// What a member wants to hear of a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Whatever is said.
    #[default]
    Everything,
    /// Only what mentions them. What else is new is counted, quietly.
    Mentions,
    /// Nothing. What is new is counted, quietly.
    Nothing,
    /// The room stands apart at the end of the list, and nothing in it counts.
    Hidden,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Everything, Self::Mentions, Self::Nothing, Self::Hidden];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Mentions => "mentions",
            Self::Nothing => "nothing",
            Self::Hidden => "hidden",
        }
    }

    pub fn parse(word: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|level| level.as_str() == word).ok_or_else(|| Problem::invalid("level", Rule::Shape))
    }

    /// Whether somebody is to be told of a message at once.
    pub fn tells(self, mentioned: bool) -> bool {
        match self {
            Self::Everything => true,
            Self::Mentions => mentioned,
            Self::Nothing | Self::Hidden => false,
        }
    }
}

/// What is unread in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadRoom {
    pub room: RoomId,
    pub slug: String,
    /// Messages by others above what the member has seen; 0 for a room that is hidden.
    pub unread: u32,
    /// How many of the newest of these mention the member.
    pub mentions: u32,
    pub level: Level,
}

/// Something that was just said, for somebody who is looking elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub room: RoomId,
    pub slug: String,
    pub title: String,
    pub seq: i64,
    /// How many unread messages the room has.
    pub unread: u32,
    /// Who said what; nothing for those who hide it.
    pub said: Option<Said>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub author: String,
    /// The beginning of the text.
    pub text: String,
}

/// What the list shows of a room, for those who have it before them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRow {
    pub room: RoomId,
    /// Nothing where nothing was said, and of a room that is shut for its reader.
    pub last: Option<LastWords>,
    /// When something happened in it last.
    pub at: i64,
    pub present: u32,
    /// Whether its gate is open.
    pub open: bool,
    /// Its name; nothing for a private chat, which each of the two calls otherwise.
    pub title: Option<String>,
    /// Where the small picture in its row is, if it has any; nothing also while its gate is shut.
    pub cover: Option<String>,
}

/// What a socket is told that watches (`Command::Watch`), besides the frames of its rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchFrame {
    Unread {
        rooms: Vec<UnreadRoom>,
        /// These are all rooms with anything unread; else those where something changed.
        whole: bool,
    },
    Notice(Notice),
    /// To those who list the room: it is as it says.
    Row(RoomRow),
    /// To somebody's own: the beginning of what they have half written in a room; nothing any more.
    Draft {
        room: RoomId,
        text: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_says_what_is_told() {
        for (word, tells, tells_mention) in
            [("everything", true, true), ("mentions", false, true), ("nothing", false, false), ("hidden", false, false)]
        {
            let level = Level::parse(word).unwrap();
            assert_eq!((level.tells(false), level.tells(true), level.as_str()), (tells, tells_mention, word));
        }
        assert_eq!(Level::parse("Everything"), Err(Problem::invalid("level", Rule::Shape)));
    }
}

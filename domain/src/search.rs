//! What a search finds.

use crate::RoomId;
use crate::attachment::Attachment;
use crate::person::Person;
use crate::picture::Picture;
use crate::room::Room;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Longest question, in characters.
pub const MAX_CHARS: usize = 200;

/// How many messages a page of a search holds.
pub const PAGE: usize = 20;

/// What one looks for, if it is not everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Messages,
    /// Of messages.
    Files,
    /// Of walls.
    Pictures,
    People,
    Rooms,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Messages, Self::Files, Self::Pictures, Self::People, Self::Rooms];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Files => "files",
            Self::Pictures => "pictures",
            Self::People => "people",
            Self::Rooms => "rooms",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What was found of each kind; only what the asker may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub rooms: Vec<Room>,
    pub people: Vec<Person>,
    /// Newest first.
    pub pictures: Vec<PictureHit>,
    /// Newest first.
    pub messages: Vec<MessageHit>,
    /// If they alone are asked for, since messages are found by their files' names as well; newest first.
    pub files: Vec<FileHit>,
    /// The rooms of the pictures, messages and files, each once.
    pub places: Vec<Room>,
    /// Where the next page of messages or files begins: before this message.
    pub older: Option<i64>,
}

impl Found {
    /// The room of a hit.
    pub fn place(&self, room: RoomId) -> Option<&Room> {
        self.places.iter().find(|place| place.id == room)
    }

    pub fn is_empty(&self) -> bool {
        let Self { rooms, people, pictures, messages, files, places: _, older: _ } = self;
        rooms.is_empty() && people.is_empty() && pictures.is_empty() && messages.is_empty() && files.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureHit {
    pub room: RoomId,
    pub picture: Picture,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageHit {
    pub room: RoomId,
    pub author: Person,
    /// Its place in the room.
    pub seq: i64,
    pub at: Millis,
    /// Its words, in pieces.
    pub pieces: Vec<Piece>,
}

/// A file of a message that was found by its name or by the words around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHit {
    pub room: RoomId,
    pub author: Person,
    /// Its message's place in the room.
    pub seq: i64,
    pub at: Millis,
    pub file: Attachment,
    /// Its name, in pieces.
    pub pieces: Vec<Piece>,
}

/// A piece of a text: what was asked for, or what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub text: String,
    pub is_hit: bool,
}

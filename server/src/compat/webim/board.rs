//! What the clients of a room have been told of its wall and its video. Both belong to the room, not
//! to a client, so they are looked up once for all of them when something happens.

use super::translate::frame;
use super::{At, SYSTEM, wire};
use crate::compat::floor::Voice;
use crate::house::House;
use chat::{RoomReader, Shown, VideoAddress};
use domain::RoomId;
use tokio::sync::Mutex;

/// A room of the facade.
#[derive(Debug)]
pub struct Room {
    pub number: i64,
    pub id: RoomId,
    told: Mutex<Board>,
}

/// What is on the pages of the room.
#[derive(Debug, Default, PartialEq, Eq)]
struct Board {
    /// The wall's last change that was looked at.
    rev: i64,
    /// Last one first.
    wall: Vec<Place>,
    video: Option<Place>,
}

/// Where a picture or a video is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// An address, byte for byte.
    There(String),
    /// The name of a file of ours.
    Here(String),
}

impl Place {
    fn url(&self, files: &str) -> String {
        match self {
            Self::There(url) => url.clone(),
            Self::Here(blob) => format!("{files}{blob}"),
        }
    }

    fn video(address: VideoAddress) -> Self {
        match address {
            VideoAddress::Linked(url) => Self::There(url),
            // `/video/<room>/<blob>` is for those with our cookie.
            VideoAddress::Ours(src) => match src.strip_prefix("/video/").and_then(|rest| rest.split('/').nth(1)) {
                Some(blob) => Self::Here(blob.to_owned()),
                None => Self::There(src),
            },
        }
    }
}

/// Why the board is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The other site has said something, so all are told.
    Said,
    /// The wall has changed here; told if it looks different now. With its revision.
    Changed(Option<i64>),
}

impl Room {
    pub fn new(number: i64, id: RoomId) -> Self {
        Self { number, id, told: Mutex::default() }
    }

    /// Tells all clients of the room what is on the wall now, and what is played.
    pub async fn tell_wall(&self, house: &House, reader: &RoomReader, cause: Cause) {
        let mut told = self.told.lock().await;
        if let Cause::Changed(Some(rev)) = cause {
            // Every client of the room hears of it; the first one is enough.
            if rev <= told.rev {
                return;
            }
            told.rev = rev;
        }
        let Some(now) = look(house, reader, told.rev).await else { return };
        self.tell(house, &told, &now, cause == Cause::Said);
        *told = now;
    }

    fn tell(&self, house: &House, told: &Board, now: &Board, all: bool) {
        let at = house.chat.now();
        for guest in house.compat.webim.floor.at(|at| at.room == self.number) {
            let files = &guest.place.files;
            if all || told.wall != now.wall {
                say_wall(&guest.voice, now, files, at, true);
            }
            if let Some(video) = now.video.as_ref().filter(|_| told.video != now.video) {
                guest.voice.say(frame(wire::VIDEO, SYSTEM_USER, 0, at, &video.url(files)));
            }
        }
    }

    /// Tells all clients of the room that its video is another one now.
    pub async fn tell_video(&self, house: &House, reader: &RoomReader) {
        let mut told = self.told.lock().await;
        let Some(now) = look(house, reader, told.rev).await else { return };
        let now = Board { wall: std::mem::take(&mut told.wall), ..now };
        let before = Board { rev: told.rev, wall: now.wall.clone(), video: told.video.take() };
        self.tell(house, &before, &now, false);
        *told = now;
    }

    /// Has somebody come in: `enter` seats them, then they are told what is there. Nobody is told
    /// anything of the wall in between.
    pub async fn welcome<T>(
        &self,
        house: &House,
        reader: &RoomReader,
        (voice, at): (&Voice, &At),
        enter: impl FnOnce() -> T,
    ) -> T {
        let mut told = self.told.lock().await;
        let now = look(house, reader, told.rev).await;
        if let Some(now) = &now {
            self.tell(house, &told, now, false);
        }
        let seat = enter();
        if let Some(now) = now {
            let time = house.chat.now();
            say_wall(voice, &now, &at.files, time, false);
            if let Some(video) = &now.video {
                voice.say(frame(wire::VIDEO, SYSTEM_USER, 0, time, &video.url(&at.files)));
            }
            *told = now;
        }
        seat
    }
}

/// Who says what no person does.
pub const SYSTEM_USER: &str = "system";

async fn look(house: &House, reader: &RoomReader, rev: i64) -> Option<Board> {
    let wall = house.chat.linked_wall(reader, SYSTEM).await;
    let video = house.chat.linked_video(reader, SYSTEM).await;
    match (wall, video) {
        (Ok(wall), Ok(video)) => {
            let place = |shown: Shown| match shown {
                Shown::Link(link) => Place::There(link.url),
                Shown::Ours(picture) => Place::Here(picture.blob.to_string()),
            };
            let wall = wall.into_iter().rev().map(place).collect();
            Some(Board { rev, wall, video: video.map(Place::video) })
        }
        (Err(cause), _) | (_, Err(cause)) => {
            tracing::warn!(%cause, "clients are not told of a wall");
            None
        }
    }
}

/// The whole wall, front last: pages put each picture before those that they have. A `fresh` one
/// takes the place of what was there.
fn say_wall(voice: &Voice, board: &Board, files: &str, at: i64, fresh: bool) {
    if fresh && board.wall.is_empty() {
        voice.say(frame(wire::FIRST_PICTURE, SYSTEM_USER, 0, at, ""));
    }
    for (i, picture) in board.wall.iter().enumerate() {
        let kind = if fresh && i == 0 { wire::FIRST_PICTURE } else { wire::PICTURE };
        voice.say(frame(kind, SYSTEM_USER, 0, at, &picture.url(files)));
    }
}

//! `ginchat` (seed document 004): six rooms, private talk, pictures. Its frames and rows are in
//! `wire`, what they mean in `translate`, the little HTML of its clients in `html`.

mod history;
mod html;
mod pages;
mod pictures;
mod socket;
mod talk;
mod translate;
mod users;
mod wire;

use super::floor::Floor;
use super::recent::Recent;
use crate::house::House;
use axum::Router;
use axum::routing::{get, post};
use domain::RoomId;
use domain::room::{RoomWords, Visibility};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use translate::ROOMS;

/// Of its sessions, of its rooms, and of how its messages were written.
const DOOR: &str = "ginchat";

/// What the facade keeps while the house is open.
#[derive(Debug, Default)]
pub struct State {
    floor: Floor<Place>,
    recent: Recent,
    /// Held while somebody goes into a room, so that of two connections exactly one stays.
    going: Mutex<()>,
}

/// The number of the room in which a connection is; 0 for none.
#[derive(Clone, Debug, Default)]
struct Place(Arc<AtomicU8>);

impl Place {
    fn number(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, room: u8) {
        self.0.store(room, Ordering::Relaxed);
    }
}

pub fn router(_house: &House) -> Router<House> {
    Router::new()
        .route("/", get(pages::index))
        .route("/login", post(users::login))
        .route("/logout", get(users::logout))
        .route("/home", get(pages::home))
        .route("/room/{room}", get(pages::room))
        .route("/private-chat", get(pages::private))
        .route("/pagination", get(pages::pagination))
        .route("/img-upload", post(pictures::take))
        .route("/img-kr-upload", post(pictures::take_simply))
        .route("/uploads/{blob}", get(pictures::show))
        .route("/uploads/{room}/{blob}", get(pictures::show_in_room))
        .route("/ws", get(socket::open))
}

/// Makes the six rooms.
///
/// # Errors
/// Those of the store.
pub async fn open(house: &House) -> chat::Result<()> {
    for number in ROOMS {
        room(house, number).await?;
    }
    Ok(())
}

/// A room by its number; made anew if somebody has removed it.
async fn room(house: &House, number: u8) -> chat::Result<RoomId> {
    let (slug, title) = (format!("ginchat-{number}"), format!("{number} 号房间"));
    let words = RoomWords { slug, title, about: String::new(), visibility: Visibility::Open };
    house.chat.room_of(DOOR, &number.to_string(), &words, None).await
}

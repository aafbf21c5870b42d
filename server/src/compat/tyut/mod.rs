//! The back end of a campus chat: sign-in by mail code, a lobby, private chat, files (seed 001,
//! Huazyuu/tyutChatRoom).

mod avatars;
mod caller;
mod chatting;
mod codes;
mod downloads;
mod files;
mod group;
mod history;
mod ids;
mod pair;
mod parcels;
mod people;
mod private;
mod saying;
mod translate;
mod uploads;
mod users;
mod wire;

use super::floor::Floor;
use super::written::Written;
use crate::house::House;
use axum::Router;
use axum::routing::{get, post};
use chat::Who;
use domain::PersonId;
use domain::room::{RoomWords, Visibility};

/// The door of its sessions, and the system in which its names are kept.
const DOOR: &str = "tyut";
/// What the lobby is called in the seed's store.
const LOBBY: &str = "globaluser";
/// Longest frame that a client sends, in bytes.
const FRAME_BYTES: usize = 256 * 1024;

/// What the facade keeps while the house is open.
#[derive(Debug, Default)]
pub struct State {
    floor: Floor<Place>,
    written: Written,
}

/// Where a connection is.
#[derive(Clone, Debug)]
enum Place {
    Lobby,
    /// With one other person; whoever is here wants to talk with them.
    With {
        other: PersonId,
        who: Who,
    },
}

pub fn router(_house: &House) -> Router<House> {
    Router::new()
        .route("/api/users/register", post(users::register))
        .route("/api/users/login", post(users::login))
        .route("/api/users/logout", post(users::logout))
        .route("/api/users", get(people::list))
        .route("/api/chat_groups", get(group::open))
        .route("/api/chat_private", get(private::open))
        .route("/api/chat_groupList", get(history::group))
        .route("/api/chat_privateList", get(history::private))
        .route("/api/files", get(files::list))
        .route("/api/files/upload", post(uploads::upload))
        .route("/api/files/download", get(downloads::download))
        .route("/uploads/avatar/{file}", get(avatars::show))
}

/// Makes the lobby.
///
/// # Errors
/// Those of the store.
pub async fn open(house: &House) -> chat::Result<()> {
    let words = RoomWords::parse("tyut-lobby", "校园大厅", "", Visibility::Open)?;
    house.chat.room_of(DOOR, LOBBY, &words, None).await.map(drop)
}

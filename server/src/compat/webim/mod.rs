//! `webim` (seed 000): rooms of another site, with numbers. Its back end asks whether somebody is who
//! they say, puts pictures on the walls over HTTP, and its pages follow over a socket.

mod approvals;
mod board;
mod callback;
mod chats;
mod content;
mod duty;
mod fields;
mod harmless;
mod join;
mod login;
mod media;
mod page;
mod panels;
mod people;
mod pictures;
mod post;
mod said;
mod translate;
mod wire;

use super::floor::Floor;
use crate::house::House;
use approvals::Approvals;
use axum::Router;
use axum::routing::{any, get, post};
use board::Room;
use domain::RoomId;
use domain::room::{RoomWords, Visibility};
use duty::Duties;
use said::Said;
use std::sync::{Arc, OnceLock};

/// Its name for rooms and people, and the door of its sessions.
pub const SYSTEM: &str = "webim";
/// How many rooms there are unless the operator says otherwise.
const ROOMS: u32 = 4;

/// What the facade keeps while the house is open.
#[derive(Debug, Default)]
pub struct State {
    rooms: OnceLock<Vec<Arc<Room>>>,
    callback: OnceLock<chat::Callback>,
    floor: Floor<At>,
    duties: Arc<Duties>,
    said: Said,
    approvals: Approvals,
}

/// Where a connection is.
#[derive(Clone, Debug)]
pub struct At {
    /// The room's number.
    room: i64,
    /// What this client calls the person.
    name: Arc<str>,
    /// Whether they run the room.
    admin: bool,
    /// Where this client finds our files: `http://host/compat/webim/media/`.
    files: Arc<str>,
}

impl State {
    /// By number, from 1.
    fn rooms(&self) -> &[Arc<Room>] {
        self.rooms.get().map(Vec::as_slice).unwrap_or_default()
    }

    fn room(&self, number: i64) -> Option<&Arc<Room>> {
        self.rooms().iter().find(|room| room.number == number)
    }

    /// 0 for "every room", and for a room of somebody else.
    fn number(&self, room: Option<RoomId>) -> i64 {
        room.and_then(|id| self.rooms().iter().find(|room| room.id == id)).map_or(0, |room| room.number)
    }
}

pub fn router(_house: &House) -> Router<House> {
    let panels = panels::router();
    Router::new()
        .route("/", get(page::root))
        .route("/js/app.js", get(page::script))
        .route("/css/app.css", get(page::style))
        .route("/media/{blob}", get(media::file))
        .route("/login", post(login::login))
        .route("/api/login", post(login::login))
        .route("/api/logout", post(login::logout))
        .route("/api/auth/user", get(login::user))
        .route("/api/mine", get(login::mine))
        .route("/pics", post(pictures::add))
        .route("/api/pics", get(pictures::list))
        .route("/api/admin/pics", post(pictures::add))
        .route("/pic/{c_id}", get(pictures::show).put(pictures::change).delete(pictures::remove))
        .route("/api/admin/pic/{c_id}", get(pictures::show).put(pictures::change).delete(pictures::remove))
        .route("/api/chats", get(chats::list))
        .route("/api/admin/chats", post(chats::add))
        .route("/api/admin/chat/{id}", get(chats::show).put(chats::change).delete(chats::remove))
        .route("/ws/join", any(join::join))
        .route("/api/ws/join", any(join::join))
        .merge(panels)
}

/// Makes the rooms, and reads how logins are checked.
///
/// # Errors
/// Those of the store.
pub async fn open(house: &House) -> chat::Result<()> {
    let state = &house.compat.webim;
    if let Ok(Some(callback)) = house.compat.options.callback() {
        let _ = state.callback.set(callback);
    }
    let mut rooms = Vec::new();
    for number in 1..=i64::from(house.compat.options.webim_rooms.unwrap_or(ROOMS)) {
        let (slug, title) = (format!("{SYSTEM}-{number}"), translate::title(number));
        let words = RoomWords { slug, title, about: String::new(), visibility: Visibility::Open };
        let id = house.chat.room_of(SYSTEM, &number.to_string(), &words, None).await?;
        rooms.push(Arc::new(Room::new(number, id)));
    }
    let _ = state.rooms.set(rooms);
    Ok(())
}

//! Chat for the users of another system, which fetches a token for each of them (seed 002,
//! zhpking/simpleGinIm). Messages come over HTTP; the socket only pushes.

mod caller;
mod connect;
mod ids;
mod listening;
mod lists;
mod login;
mod messages;
mod rooms;
mod sending;
mod translate;
mod wire;

use super::floor::Floor;
use super::written::Written;
use crate::house::House;
use axum::Router;
use axum::routing::{get, post};
use listening::Place;

/// The door of its sessions; its people are of the systems `simple:<application>`.
const DOOR: &str = "simple";
/// Longest frame that a client sends, in bytes.
const FRAME_BYTES: usize = 256 * 1024;

/// What the facade keeps while the house is open.
#[derive(Debug, Default)]
pub struct State {
    /// Those who are pushed to.
    floor: Floor<Place>,
    written: Written,
}

pub fn router(_house: &House) -> Router<House> {
    Router::new()
        .route("/user/get_login_token", post(login::token))
        .route("/u/user/login_out", post(login::logout))
        .route("/u/user/connect", get(connect::open))
        .route("/rm/room/single_message", post(messages::single))
        .route("/rm/room/room_message", post(messages::room).get(sending::open))
        .route("/rm/room/create_room", post(rooms::create))
        .route("/rm/room/enter_room", post(rooms::enter))
        .route("/rm/room/invite_user_enter_room", post(rooms::invite))
        .route("/rm/room/exit_room", post(rooms::exit))
        .route("/rm/room/kick_out_room", post(rooms::kick))
        .route("/rm/room/get_room_list", get(lists::rooms))
        .route("/rm/room/get_room_message_list", get(lists::messages))
}

/// Makes what has to be there before somebody comes: nothing.
///
/// # Errors
/// None.
pub async fn open(_house: &House) -> chat::Result<()> {
    Ok(())
}

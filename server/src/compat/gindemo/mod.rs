//! `gindemo` (seed document 003): two people, their history, what is unread; talk among all who are
//! here. Its texts and numbers are in `wire`, what they mean in `translate`.

mod socket;
mod talk;
mod translate;
mod users;
mod wire;

use super::floor::Floor;
use crate::house::House;
use axum::Router;
use axum::routing::{get, post};

/// Of its sessions, and of how its messages were written.
const DOOR: &str = "gindemo";
/// How long somebody stays logged in.
const WEEK_MS: i64 = 7 * 86_400_000;

/// What the facade keeps while the house is open.
#[derive(Debug, Default)]
pub struct State {
    floor: Floor<()>,
}

pub fn router(_house: &House) -> Router<House> {
    Router::new()
        .route("/ping", get(users::ping))
        .route("/user/register", post(users::register))
        .route("/user/login", post(users::login))
        .route("/user/set_password", post(users::set_password))
        .route("/user/logout", post(users::logout))
        .route("/chat/test", get(socket::open))
}

/// Nothing has to be there before somebody comes.
///
/// # Errors
/// None.
pub async fn open(_house: &House) -> chat::Result<()> {
    Ok(())
}

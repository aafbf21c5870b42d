//! `simple`.

use crate::house::House;
use axum::Router;

/// What the facade keeps while the house is open.
#[derive(Debug, Default)]
pub struct State {}

pub fn router(_house: &House) -> Router<House> {
    Router::new()
}

/// Makes what has to be there before somebody comes.
///
/// # Errors
/// Those of the store.
pub async fn open(_house: &House) -> chat::Result<()> {
    Ok(())
}

//! What the two kinds of sockets have in common.

use super::caller::Caller;
use super::wire::{self, BROKEN};
use super::{DOOR, FRAME_BYTES};
use crate::accept::Slot;
use crate::compat::floor::Voice;
use crate::compat::socket::{self, Call, Line, Talk};
use crate::house::House;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::net::IpAddr;

/// Opens a socket for somebody who may have one.
pub async fn open<T, F>(
    house: &House,
    caller: &Caller,
    mut parts: Parts,
    address: IpAddr,
    begin: impl FnOnce(Line) -> F + Send + 'static,
) -> Response
where
    T: Talk,
    F: Future<Output = chat::Result<T>> + Send + 'static,
{
    let Some(upgrade) = socket::upgrade(&mut parts).await else { return wire::ODD.into_response() };
    let (who, token) = (caller.who.clone(), caller.token.clone());
    let slot = parts.extensions.get::<Slot>().cloned();
    let call = Call { door: DOOR, token, who, address, slot, frame_bytes: FRAME_BYTES };
    socket::open(house, call, upgrade, begin).await.unwrap_or_else(|_| BROKEN.into_response())
}

/// One frame as text.
pub fn text(frame: &impl Serialize) -> String {
    serde_json::to_string(frame).unwrap_or_default()
}

pub fn say(voice: &Voice, frame: &impl Serialize) {
    voice.say(text(frame));
}

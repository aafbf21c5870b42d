//! The handshake of `/ws`.

use super::DOOR;
use super::talk::Conversation;
use super::translate::refused;
use super::users::Known;
use crate::accept::Slot;
use crate::compat::base::{Base, From};
use crate::compat::socket::{self, Call};
use crate::house::House;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Problem;

/// Longest frame of a client, in bytes.
const FRAME_BYTES: usize = 256 * 1024;

pub async fn open(
    State(house): State<House>,
    base: Base,
    From(visit): From,
    Known { who, token }: Known,
    request: Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    let slot = parts.extensions.get::<Slot>().cloned();
    let Some(upgrade) = socket::upgrade(&mut parts).await else {
        return (StatusCode::BAD_REQUEST, "Bad Request\n").into_response();
    };
    let call = Call { door: DOOR, token, who, address: visit.address, slot, frame_bytes: FRAME_BYTES };
    let begin = |line| async move { Ok(Conversation::begin(line, base)) };
    socket::open(&house, call, upgrade, begin)
        .await
        .unwrap_or_else(|problem: Problem| Json(refused(&problem)).into_response())
}

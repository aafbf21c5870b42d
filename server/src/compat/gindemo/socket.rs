//! The handshake of `/chat/test`: who is it, and may they come without a cookie?

use super::talk::Conversation;
use super::translate::{answer, reason};
use super::users::{bad, find, token};
use super::{DOOR, WEEK_MS, wire};
use crate::accept::Slot;
use crate::compat::base::{From, in_query};
use crate::compat::door;
use crate::compat::settings::Facade;
use crate::compat::socket::{self, Call};
use crate::house::House;
use axum::extract::{Request, State};
use axum::response::Response;
use chat::{Visit, Who};
use domain::person::Person;

/// Longest frame of a client, in bytes.
const FRAME_BYTES: usize = 256 * 1024;

pub async fn open(State(house): State<House>, From(visit): From, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let named = |key| in_query(parts.uri.query().unwrap_or_default(), key).unwrap_or_default();
    let (Some(me), Some(_)) = (find(&house, &named("uid")).await, find(&house, &named("to_uid")).await) else {
        return bad(answer(wire::NO_PERSON, ""));
    };
    let token = token(&parts.headers);
    let by_cookie = door::pass(&house, DOOR, token.as_deref()).await.who();
    let by_cookie = by_cookie.filter(|who| who.person.id == me.id).zip(token);
    let is_legacy = by_cookie.is_none();
    let known = match by_cookie {
        Some(known) => Some(known),
        None if may_lack_cookie(&house) => without_cookie(&house, &me, &visit).await,
        None => None,
    };
    let Some((who, token)) = known else { return bad(answer(wire::NOT_LOGGED_IN, "")) };
    let slot = parts.extensions.get::<Slot>().cloned();
    let Some(upgrade) = socket::upgrade(&mut parts).await else {
        return bad(answer(wire::NOT_CREATED, ""));
    };
    let call = Call { door: DOOR, token, who, address: visit.address, slot, frame_bytes: FRAME_BYTES };
    let begin = move |line| async move { Ok(Conversation::begin(line, is_legacy)) };
    socket::open(&house, call, upgrade, begin)
        .await
        .unwrap_or_else(|problem| bad(answer(wire::NOT_CREATED, reason(&problem))))
}

fn may_lack_cookie(house: &House) -> bool {
    house.compat.options.compat_legacy_sockets.contains(&Facade::Gindemo)
}

/// A session for a name alone: only of those who registered here.
async fn without_cookie(house: &House, me: &Person, visit: &Visit) -> Option<(Who, String)> {
    let vouched = house.chat.find_vouched(DOOR, &me.name).await.ok().flatten()?;
    if vouched.person.id != me.id {
        return None;
    }
    let signed_in = house.chat.let_in(&vouched, DOOR, visit, Some(WEEK_MS)).await.ok()?;
    // An account that is shut out has no session that holds.
    door::pass(house, DOOR, Some(&signed_in.token)).await.who()?;
    Some((signed_in.who, signed_in.token))
}

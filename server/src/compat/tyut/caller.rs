//! Who asks: the person behind a bearer token.

use super::DOOR;
use super::wire::{ENDED, NO_CREDENTIAL, No, ODD_CREDENTIAL, UNKNOWN};
use crate::compat::base::{header, in_query};
use crate::compat::door;
use crate::house::House;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use chat::{Pass, Who};

/// Somebody, with the token that they showed.
#[derive(Clone, Debug)]
pub struct Caller {
    pub who: Who,
    pub token: String,
}

/// Who makes a request: `Authorization: bearer <token>`.
pub async fn asks(house: &House, headers: &HeaderMap) -> Result<Caller, No> {
    known(house, header(headers, AUTHORIZATION.as_str())).await
}

/// Who opens a socket: the same in the query.
pub async fn connects(house: &House, parts: &Parts) -> Result<Caller, No> {
    let said = in_query(parts.uri.query().unwrap_or_default(), "Authorization");
    known(house, said.as_deref()).await
}

async fn known(house: &House, said: Option<&str>) -> Result<Caller, No> {
    let said = said.filter(|said| !said.is_empty()).ok_or(NO_CREDENTIAL)?;
    let token = door::bearer(said).ok_or(ODD_CREDENTIAL)?;
    match door::pass(house, DOOR, Some(token)).await {
        Pass::Valid(who) => Ok(Caller { who, token: token.to_owned() }),
        Pass::Ended => Err(ENDED),
        Pass::Expired | Pass::Unknown => Err(UNKNOWN),
    }
}

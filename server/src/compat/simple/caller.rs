//! Who asks: the person behind a token, as the system that vouched for them knows them.

use super::DOOR;
use super::translate::{Names, unwrap};
use super::wire::{BROKEN, EXPIRED, No, UNKNOWN};
use crate::compat::base::{header, in_query};
use crate::compat::body::{Fields, fields};
use crate::compat::door;
use crate::house::House;
use axum::extract::Request;
use axum::http::request::Parts;
use chat::{Pass, Vouched, Who};
use domain::PersonId;

/// Somebody of a system, with the token that they showed.
#[derive(Clone, Debug)]
pub struct Caller {
    pub who: Who,
    pub vouched: Vouched,
    pub token: String,
}

impl Caller {
    pub fn system(&self) -> &str {
        self.vouched.system()
    }
}

/// Who makes a request, and its parameters. Whoever asks is looked at before what they say.
pub async fn asks(house: &House, request: Request) -> Result<(Caller, Fields), No> {
    let in_header = header(request.headers(), "token").filter(|token| !token.is_empty()).map(str::to_owned);
    let (in_body, read) = match fields(request).await {
        Ok(fields) => {
            let (token, fields) = unwrap(fields);
            (token, Ok(fields))
        }
        Err(_) => (None, Err(BROKEN)),
    };
    let caller = known(house, in_header.or(in_body)).await?;
    Ok((caller, read?))
}

/// Who asks for a list; its parameters are in the query, the token in the header alone.
pub async fn reads(house: &House, parts: &Parts) -> Result<Caller, No> {
    known(house, header(&parts.headers, "token").map(str::to_owned)).await
}

/// Who opens a socket: browsers cannot send the header, and put the token into the query.
pub async fn connects(house: &House, parts: &Parts) -> Result<Caller, No> {
    let in_header = header(&parts.headers, "token").filter(|token| !token.is_empty()).map(str::to_owned);
    let in_query = || in_query(parts.uri.query().unwrap_or_default(), "token");
    known(house, in_header.or_else(in_query)).await
}

async fn known(house: &House, token: Option<String>) -> Result<Caller, No> {
    let who = match door::pass(house, DOOR, token.as_deref()).await {
        Pass::Valid(who) => who,
        Pass::Expired | Pass::Ended => return Err(EXPIRED),
        Pass::Unknown => return Err(UNKNOWN),
    };
    let vouched = house.chat.vouched_as(&who, DOOR).await.map_err(|error| super::translate::no(error, BROKEN))?;
    match (vouched, token) {
        (Some(vouched), Some(token)) => Ok(Caller { who, vouched, token }),
        // A token of this door is made for nobody else.
        _ => Err(UNKNOWN),
    }
}

/// What a system calls these people.
pub async fn names(house: &House, system: &str, mut people: Vec<PersonId>) -> chat::Result<Names> {
    people.sort_unstable();
    people.dedup();
    let known = house.chat.outside_names(system, &people).await?;
    Ok(Names(known.into_iter().map(|(person, (name, _))| (person, name)).collect()))
}

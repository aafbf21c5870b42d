//! Who asks, what the other site calls them, and which rooms they run.

use super::{SYSTEM, translate, wire};
use crate::compat::base::header;
use crate::compat::door;
use crate::house::House;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use chat::{RoomHost, RoomReader, Who};
use domain::PersonId;
use domain::person::Person;
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::HashMap;
use std::sync::Arc;

/// What the other site says of somebody whom it lets in; the rest it keeps to itself.
#[derive(Debug, Deserialize)]
pub struct Told {
    pub name: String,
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Admin,
    User,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
        }
    }
}

/// The token of a request: `Authorization: Bearer`, or the header `token`.
pub fn token(headers: &HeaderMap) -> Option<String> {
    let bearer = header(headers, AUTHORIZATION.as_str()).and_then(door::bearer);
    bearer.or_else(|| header(headers, "token")).map(str::to_owned)
}

/// Who sent a request.
pub async fn who(house: &House, headers: &HeaderMap) -> Option<Who> {
    door::pass(house, SYSTEM, token(headers).as_deref()).await.who()
}

/// The rooms that somebody runs.
pub async fn hosts(house: &House, who: &Who) -> Vec<RoomHost> {
    let mut hosts = Vec::new();
    for room in house.compat.webim.rooms() {
        hosts.extend(house.chat.host(Some(who), room.id).await);
    }
    hosts
}

/// Who runs some room, by the token of a request.
pub async fn admin(house: &House, headers: &HeaderMap) -> Option<Vec<RoomHost>> {
    let who = who(house, headers).await?;
    Some(hosts(house, &who).await).filter(|hosts| !hosts.is_empty())
}

/// The rooms that somebody may read; with `number` only that one.
pub async fn readers(house: &House, who: &Who, number: Option<i64>) -> Vec<RoomReader> {
    let mut readers = Vec::new();
    for room in house.compat.webim.rooms().iter().filter(|room| number.is_none_or(|number| number == room.number)) {
        readers.extend(house.chat.reader(Some(who), room.id).await);
    }
    readers
}

/// What the other site calls somebody; people of ours have their name.
pub async fn name(house: &House, person: &Person) -> Arc<str> {
    names(house, [person].into_iter()).await.remove(&person.id).unwrap_or_else(|| person.name.as_str().into())
}

pub async fn names(house: &House, people: impl Iterator<Item = &Person>) -> HashMap<PersonId, Arc<str>> {
    let own: HashMap<PersonId, Arc<str>> = people.map(|person| (person.id, person.name.as_str().into())).collect();
    let ids: Vec<PersonId> = own.keys().copied().collect();
    let theirs = house.chat.outside_names(SYSTEM, &ids).await.unwrap_or_default();
    let mut names = own;
    names.extend(theirs.into_iter().map(|(id, (name, _))| (id, name.into())));
    names
}

/// A person as they are told about themselves: exactly as the other site did.
pub async fn user(house: &House, who: &Who) -> chat::Result<Box<RawValue>> {
    let told = house.chat.outside_names(SYSTEM, &[who.person.id]).await?.remove(&who.person.id);
    if let Some(told) = told.and_then(|(_, info)| RawValue::from_string(info).ok()) {
        return Ok(told);
    }
    let role = if hosts(house, who).await.is_empty() { Role::User } else { Role::Admin };
    let since = house.chat.profile(who, &who.person.name).await?.since;
    let (created_at, updated_at) = translate::Age::Stored.times(since, since);
    let user = wire::User {
        id: who.person.id.0,
        name: &who.person.name,
        password: "",
        role: role.as_str(),
        token: "",
        chat: (),
        created_at,
        updated_at,
    };
    to_raw_value(&user).map_err(|_| domain::Problem::Unavailable.into())
}

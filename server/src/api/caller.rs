//! Who asks: a program with a key, or a person who signed in at the API. Cookies count for nothing
//! here, so no page of another site can ask in somebody's name.

use super::fault::Fault;
use crate::compat::base::From as Origin;
use crate::compat::door::bearer;
use crate::house::House;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use chat::{ApiKey, Bearer, Visit, Who};
use domain::Problem;
use std::marker::PhantomData;

/// What a key may be made for. A session may do everything that its person may.
pub trait Scope: Send + Sync {
    const NAME: &'static str;
}

/// Reading.
pub struct Read;
/// Saying something, reacting, sending files.
pub struct Write;
/// Running rooms: walls, members, moderation; and the site's people and rooms.
pub struct Manage;

impl Scope for Read {
    const NAME: &'static str = "read";
}

impl Scope for Write {
    const NAME: &'static str = "write";
}

impl Scope for Manage {
    const NAME: &'static str = "manage";
}

/// All scopes of the API.
pub const SCOPES: [&str; 3] = [Read::NAME, Write::NAME, Manage::NAME];

/// Somebody who may do what the scope says, as far as the house lets them.
pub struct Caller<S> {
    pub who: Who,
    pub visit: Visit,
    key: Option<ApiKey>,
    scope: PhantomData<S>,
}

impl<S> Caller<S> {
    /// Whether the token is a key, not a session.
    pub fn by_key(&self) -> bool {
        self.key.is_some()
    }

    /// Whether the token may be used for this besides.
    pub fn may(&self, scope: &str) -> bool {
        self.key.as_ref().is_none_or(|key| key.may(scope))
    }
}

impl<S: Scope> FromRequestParts<House> for Caller<S> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Fault> {
        let Ok(Origin(visit)) = Origin::from_request_parts(parts, house).await;
        let token = token(parts).ok_or(Problem::SignInNeeded)?;
        let Bearer { who, key } = house.chat.bearer(&token).await?.ok_or(Problem::SignInNeeded)?;
        if key.as_ref().is_some_and(|key| !key.may(S::NAME)) {
            return Err(Problem::NotAllowed.into());
        }
        Ok(Self { who, visit, key, scope: PhantomData })
    }
}

fn token(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    bearer(value).map(str::to_owned)
}

//! Signing in at the API, for programs of people.

use super::caller::{Caller, Read, SCOPES};
use super::fault::{Answer, Details};
use super::object::{Body, Object};
use super::wire::PersonJson;
use crate::compat::base::From as Origin;
use crate::house::House;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chat::API;
use domain::Problem;
use domain::person::SiteRole;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A session of the API lives so long: 30 days, in milliseconds.
const LIFE_MS: i64 = 30 * 86_400_000;

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Credentials {
    /// Or the e-mail address.
    name: String,
    password: String,
}

/// A session that has begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// For `Authorization: Bearer`; it is shown this once.
    token: String,
    /// Milliseconds since 1970 UTC.
    expires_at: i64,
    person: PersonJson,
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    person: PersonJson,
    /// `admin` or `member` of the site.
    role: &'static str,
    /// What the token may be used for.
    scopes: Vec<&'static str>,
}

/// Sign in
///
/// Begins a session of 30 days for a person. Programs of a site use a key instead (`salon key add`).
#[utoipa::path(post, path = "/sessions", tag = "Sessions", request_body = Credentials, security(()), responses(
    (status = 201, body = Session),
    (status = 401, description = "Name and password do not go together", body = Details, content_type = "application/problem+json"),
))]
pub async fn create(
    State(house): State<House>,
    Origin(visit): Origin,
    body: Body<Credentials>,
) -> Answer<(StatusCode, Json<Session>)> {
    let Json(Object(Credentials { name, password })) = body?;
    let signed = house.chat.sign_in_at(API, &name, &password, &visit, Some(LIFE_MS)).await?;
    let person = (&signed.who.person).into();
    Ok((StatusCode::CREATED, Json(Session { token: signed.token, expires_at: signed.expires_at, person })))
}

/// Who am I?
#[utoipa::path(get, path = "/me", tag = "Sessions", responses((status = 200, body = Me)))]
pub async fn me(caller: Caller<Read>) -> Json<Me> {
    let role = match caller.who.role {
        SiteRole::Admin => "admin",
        SiteRole::Member => "member",
    };
    let scopes = SCOPES.into_iter().filter(|scope| caller.may(scope)).collect();
    Json(Me { person: (&caller.who.person).into(), role, scopes })
}

/// Sign out
///
/// Ends the session. A key is not ended by this: it answers 403.
#[utoipa::path(delete, path = "/me", tag = "Sessions", responses((status = 204)))]
pub async fn end(State(house): State<House>, caller: Caller<Read>) -> Answer<StatusCode> {
    if caller.by_key() {
        return Err(Problem::NotAllowed.into());
    }
    house.chat.end_pass(&caller.who).await?;
    Ok(StatusCode::NO_CONTENT)
}

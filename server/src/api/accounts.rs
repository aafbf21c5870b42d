//! What administrators do to accounts.

use super::caller::{Caller, Manage};
use super::fault::{Answer, Details};
use super::object::{Body, Object};
use super::wire::PersonJson;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chat::{Admin, PersonLine};
use domain::person::SiteRole;
use domain::{PersonId, Problem, Thing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account, as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    #[serde(flatten)]
    person: PersonJson,
    /// `admin` or `member` of the site.
    role: &'static str,
    /// Whether its person is kept out of the site.
    disabled: bool,
    /// Signed-in devices and programs.
    sessions: usize,
}

/// What is changed about an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// Whether its person is kept out of the site: signed out everywhere, with open connections and keys.
    disabled: bool,
}

/// Disable or enable an account
///
/// For administrators. Rooms that had no other host have the administrator then. Nobody can disable
/// themselves, nor the last administrator.
#[utoipa::path(patch, path = "/people/{name}", tag = "People", params(("name" = String, Path)),
    request_body = AccountChange,
    responses((status = 200, body = Account),
        (status = 404, body = Details, content_type = "application/problem+json"),
        (status = 410, description = "Its person has closed the account", body = Details, content_type = "application/problem+json"),
        (status = 422, description = "It is the last administrator's, or the body cannot be read", body = Details, content_type = "application/problem+json")))]
pub async fn change(
    State(house): State<House>,
    caller: Caller<Manage>,
    name: Result<Path<String>, PathRejection>,
    body: Body<AccountChange>,
) -> Answer<Json<Account>> {
    let Path(name) = name?;
    let (admin, person) = find(&house, &caller, &name).await?;
    let Json(Object(AccountChange { disabled })) = body?;
    house.chat.disable_person(&admin, person, disabled).await?;
    let (PersonLine { person, role, disabled, .. }, sessions) = house.chat.account(&admin, person).await?;
    let role = match role {
        SiteRole::Admin => "admin",
        SiteRole::Member => "member",
    };
    Ok(Json(Account { person: (&person).into(), role, disabled, sessions: sessions.len() }))
}

/// Sign somebody out everywhere
///
/// For administrators. Ends all of somebody's sessions, with their open connections; keys stay.
#[utoipa::path(delete, path = "/people/{name}/sessions", tag = "People", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn sign_out(
    State(house): State<House>,
    caller: Caller<Manage>,
    name: Result<Path<String>, PathRejection>,
) -> Answer<StatusCode> {
    let Path(name) = name?;
    let (admin, person) = find(&house, &caller, &name).await?;
    house.chat.end_sessions_of(&admin, person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose account it is; only administrators learn whether there is one.
async fn find(house: &House, caller: &Caller<Manage>, name: &str) -> Answer<(Admin, PersonId)> {
    let admin = house.chat.admin(Some(&caller.who))?;
    let person = house.chat.find_person(name).await?.ok_or(Problem::not_found(Thing::Person))?;
    Ok((admin, person.id))
}

//! Who may not write, or not be there; what waits for approval.

use super::caller::{Caller, Manage};
use super::fault::{Answer, Details};
use super::list::List;
use super::members::{host, person};
use super::object::{Body, Object};
use super::wire::PersonJson;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::moderation::{HeldMessage, MuteFor, Restriction};
use domain::{Problem, Rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody who may not write in a room, or not be in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Restriction)]
pub struct RestrictionJson {
    person: PersonJson,
    /// Milliseconds since 1970 UTC; `null` if they may write.
    muted_until: Option<i64>,
    banned: bool,
    reason: String,
    by: PersonJson,
    at: i64,
}

impl From<&Restriction> for RestrictionJson {
    fn from(row: &Restriction) -> Self {
        Self {
            person: (&row.person).into(),
            muted_until: row.muted_until,
            banned: row.banned,
            reason: row.reason.clone(),
            by: (&row.by).into(),
            at: row.at,
        }
    }
}

/// A message that waits for approval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Held)]
pub struct HeldJson {
    id: i64,
    author: PersonJson,
    text: String,
    at: i64,
}

impl From<&HeldMessage> for HeldJson {
    fn from(held: &HeldMessage) -> Self {
        Self { id: held.id, author: (&held.author).into(), text: held.text.clone(), at: held.at }
    }
}

/// What is done about somebody.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Measure {
    #[schema(pattern = "^(mute|kick|ban)$")]
    act: String,
    /// Of a mute.
    #[schema(pattern = "^(10m|1h|good)$")]
    length: Option<String>,
    #[serde(default)]
    reason: String,
}

/// List restrictions
#[utoipa::path(get, path = "/rooms/{room}/restrictions", tag = "Moderation",
    params(("room" = String, Path, description = "The room's slug")), responses((status = 200, body = List<RestrictionJson>)))]
pub async fn restrictions(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
) -> Answer<Json<List<RestrictionJson>>> {
    let host = host(&house, &caller, &slug?).await?;
    let rows = house.chat.restrictions(&host).await?;
    Ok(Json(List::of(rows.iter().map(RestrictionJson::from).collect(), None)))
}

/// Mute, kick or ban somebody
#[utoipa::path(put, path = "/rooms/{room}/restrictions/{person}", tag = "Moderation",
    params(("room" = String, Path, description = "The room's slug"), ("person" = String, Path, description = "Their name")),
    request_body = Measure,
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn restrict(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, String)>, PathRejection>,
    body: Body<Measure>,
) -> Answer<StatusCode> {
    let Path((slug, name)) = place?;
    let host = host(&house, &caller, &slug).await?;
    let Json(Object(Measure { act, length, reason })) = body?;
    let whom = person(&house, &name).await?.id;
    // Programs undo it by lifting it.
    _ = match act.as_str() {
        "mute" => house.chat.mute(&host, whom, mute_for(length.as_deref())?, &reason).await?,
        "kick" => house.chat.kick(&host, whom, &reason).await?,
        "ban" => house.chat.ban(&host, whom, &reason).await?,
        _ => return Err(Problem::invalid("act", Rule::Shape).into()),
    };
    Ok(StatusCode::NO_CONTENT)
}

/// Lift a mute and a ban
#[utoipa::path(delete, path = "/rooms/{room}/restrictions/{person}", tag = "Moderation",
    params(("room" = String, Path, description = "The room's slug"), ("person" = String, Path, description = "Their name")),
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn lift(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, String)>, PathRejection>,
) -> Answer<StatusCode> {
    let Path((slug, name)) = place?;
    let host = host(&house, &caller, &slug).await?;
    let whom = person(&house, &name).await?.id;
    house.chat.unmute(&host, whom).await?;
    house.chat.unban(&host, whom).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what waits for approval
#[utoipa::path(get, path = "/rooms/{room}/held", tag = "Moderation",
    params(("room" = String, Path, description = "The room's slug")), responses((status = 200, body = List<HeldJson>)))]
pub async fn held(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
) -> Answer<Json<List<HeldJson>>> {
    let host = host(&house, &caller, &slug?).await?;
    let held = house.chat.held(&host).await?;
    Ok(Json(List::of(held.iter().map(HeldJson::from).collect(), None)))
}

/// Approve a message
#[utoipa::path(put, path = "/rooms/{room}/held/{held}", tag = "Moderation",
    params(("room" = String, Path, description = "The room's slug"), ("held" = i64, Path)),
    responses((status = 204), (status = 410, body = Details, content_type = "application/problem+json")))]
pub async fn approve(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
) -> Answer<StatusCode> {
    let Path((slug, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    house.chat.approve(&host, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decline a message
#[utoipa::path(delete, path = "/rooms/{room}/held/{held}", tag = "Moderation",
    params(("room" = String, Path, description = "The room's slug"), ("held" = i64, Path)),
    responses((status = 204), (status = 410, body = Details, content_type = "application/problem+json")))]
pub async fn decline(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
) -> Answer<StatusCode> {
    let Path((slug, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    house.chat.decline(&host, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn mute_for(word: Option<&str>) -> Result<MuteFor, Problem> {
    let known = MuteFor::ALL.into_iter().find(|length| Some(length.as_str()) == word);
    known.ok_or_else(|| Problem::invalid("length", Rule::Shape))
}

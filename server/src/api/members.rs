//! Who belongs to a room.

use super::caller::{Caller, Manage, Read};
use super::fault::{Answer, Details};
use super::list::{List, Start};
use super::object::{Body, Object};
use super::wire::PersonJson;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chat::MembersQuery;
use chat::RoomHost;
use domain::PersonId;
use domain::member::{Member, Role};
use domain::person::Person;
use domain::{Problem, Rule, Thing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person in a room.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberJson {
    person: PersonJson,
    /// `host` or `member`.
    role: &'static str,
    /// Milliseconds since 1970 UTC.
    joined_at: i64,
}

impl From<&Member> for MemberJson {
    fn from(member: &Member) -> Self {
        Self { person: (&member.person).into(), role: member.role.as_str(), joined_at: member.joined_at }
    }
}

/// What a member is to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Standing {
    #[schema(pattern = "^(host|member)$")]
    role: String,
}

/// A room's host, by its address.
///
/// # Errors
/// Those of `chat`.
pub async fn host<S>(house: &House, caller: &Caller<S>, slug: &str) -> Answer<RoomHost> {
    let reader = house.chat.reader_by_slug(Some(&caller.who), slug).await?;
    Ok(house.chat.host(Some(&caller.who), reader.room().id).await?)
}

/// Somebody by their name.
///
/// # Errors
/// [`Problem::NotFound`].
pub async fn person(house: &House, name: &str) -> Answer<Person> {
    Ok(house.chat.find_person(name).await?.ok_or(Problem::not_found(Thing::Person))?)
}

/// List members
///
/// Hosts first, then by name. Hosts of the room get all of them in parts, others the first 200.
#[utoipa::path(get, path = "/rooms/{room}/members", tag = "Members",
    params(("room" = String, Path, description = "The room's slug"), Start),
    responses((status = 200, body = List<MemberJson>)))]
pub async fn list(
    State(house): State<House>,
    caller: Caller<Read>,
    slug: Result<Path<String>, PathRejection>,
    start: Result<Query<Start>, QueryRejection>,
) -> Answer<Json<List<MemberJson>>> {
    let (Path(slug), Query(start)) = (slug?, start?);
    let after = start.at()?.map(PersonId);
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug).await?;
    let (members, next) = match house.chat.host(Some(&caller.who), reader.room().id).await {
        Ok(host) => {
            let query = MembersQuery { after, ..MembersQuery::default() };
            let page = house.chat.members_page(&host, &query).await?;
            (page.lines, page.next.map(|end| end.id))
        }
        Err(_) => (house.chat.members(&reader).await?, None),
    };
    Ok(Json(List::of(members.iter().map(MemberJson::from).collect(), next)))
}

/// Let somebody in
///
/// Makes somebody a member, or gives a member another role.
#[utoipa::path(put, path = "/rooms/{room}/members/{person}", tag = "Members",
    params(("room" = String, Path, description = "The room's slug"), ("person" = String, Path, description = "Their name")),
    request_body = Standing,
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn put(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, String)>, PathRejection>,
    body: Body<Standing>,
) -> Answer<StatusCode> {
    let Path((slug, name)) = place?;
    let host = host(&house, &caller, &slug).await?;
    let Json(Object(Standing { role })) = body?;
    let role = [Role::Host, Role::Member].into_iter().find(|known| known.as_str() == role);
    let role = role.ok_or_else(|| Problem::invalid("role", Rule::Shape))?;
    house.chat.add_member(&host, person(&house, &name).await?.id, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a member away
#[utoipa::path(delete, path = "/rooms/{room}/members/{person}", tag = "Members",
    params(("room" = String, Path, description = "The room's slug"), ("person" = String, Path, description = "Their name")),
    responses((status = 204), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn remove(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, String)>, PathRejection>,
) -> Answer<StatusCode> {
    let Path((slug, name)) = place?;
    let host = host(&house, &caller, &slug).await?;
    house.chat.remove_member(&host, person(&house, &name).await?.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! People.

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
use domain::PersonId;
use domain::contact::{PersonCard, Presence};
use domain::person::SiteRole;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Somebody, and whether they are here, as far as they let others know.
#[derive(Debug, Serialize, ToSchema)]
pub struct Card {
    #[serde(flatten)]
    person: PersonJson,
    online: bool,
    /// When they were here last, milliseconds since 1970 UTC.
    seen_at: Option<i64>,
}

impl From<&PersonCard> for Card {
    fn from(card: &PersonCard) -> Self {
        let (online, seen_at) = match card.presence {
            Presence::Online => (true, None),
            Presence::Seen(at) => (false, Some(at)),
            Presence::Hidden => (false, None),
        };
        Self { person: (&card.person).into(), online, seen_at }
    }
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Sought {
    /// The beginning of a name, or a word of one.
    #[serde(default)]
    words: String,
}

/// Somebody new.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPerson {
    /// No spaces, and none of `@ : / \ < >`.
    #[schema(min_length = 2, max_length = 32)]
    name: String,
    /// 8 to 1,024 bytes; none that everybody tries first.
    #[schema(min_length = 8, max_length = 1024)]
    password: String,
}

/// List people
#[utoipa::path(get, path = "/people", tag = "People", params(Sought, Start), responses((status = 200, body = List<Card>)))]
pub async fn list(
    State(house): State<House>,
    caller: Caller<Read>,
    sought: Result<Query<Sought>, QueryRejection>,
    start: Result<Query<Start>, QueryRejection>,
) -> Answer<Json<List<Card>>> {
    let (Query(sought), Query(start)) = (sought?, start?);
    let after = start.at()?.map(PersonId);
    let page = house.chat.directory(&caller.who, &sought.words, after, caller.visit.address).await?;
    Ok(Json(List::of(page.lines.iter().map(Card::from).collect(), page.next.map(|end| end.id))))
}

/// Create an account
///
/// For administrators.
#[utoipa::path(post, path = "/people", tag = "People", request_body = NewPerson, responses(
    (status = 201, body = PersonJson),
    (status = 409, description = "The name is taken", body = Details, content_type = "application/problem+json"),
))]
pub async fn create(
    State(house): State<House>,
    caller: Caller<Manage>,
    body: Body<NewPerson>,
) -> Answer<(StatusCode, Json<PersonJson>)> {
    house.chat.admin(Some(&caller.who))?;
    let Json(Object(NewPerson { name, password })) = body?;
    let person = house.chat.add_person(&name, &password, SiteRole::Member).await?;
    Ok((StatusCode::CREATED, Json((&person).into())))
}

/// One person
#[utoipa::path(get, path = "/people/{name}", tag = "People", params(("name" = String, Path)), responses(
    (status = 200, body = Card),
    (status = 404, body = Details, content_type = "application/problem+json"),
))]
pub async fn show(
    State(house): State<House>,
    caller: Caller<Read>,
    name: Result<Path<String>, PathRejection>,
) -> Answer<Json<Card>> {
    let Path(name) = name?;
    Ok(Json((&house.chat.person_page(&caller.who, &name).await?.card).into()))
}

//! Rooms inside pages of other sites: which may show one, and tickets for their visitors.

use super::caller::{Caller, Manage};
use super::fault::{Answer, Details};
use super::members::host;
use super::object::{Body, Object};
use super::wire::PersonJson;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::Problem;
use domain::embed::USUAL_STAY_S;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which sites may show a room.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Embed {
    /// Such as `https://shop.example`; at most 20.
    origins: Vec<String>,
}

/// A visitor of your site.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Visitor {
    /// Your own id for them; it never changes.
    #[schema(max_length = 200, min_length = 1)]
    subject: String,
    /// What they are called at the moment.
    #[schema(max_length = 48, min_length = 1)]
    display: String,
    /// How long they may stay, in seconds: 10 to 86,400; an hour by default.
    #[schema(minimum = 10, maximum = 86_400)]
    stay: Option<u32>,
}

/// A way in, for one visitor and once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    ticket: String,
    /// For the `src` of the frame: the room, with the ticket.
    url: String,
    /// Until when it has to be used: in a minute. Milliseconds since 1970 UTC.
    expires_at: i64,
    person: PersonJson,
}

/// Which sites may show the room?
#[utoipa::path(get, path = "/rooms/{room}/embed", tag = "Other sites",
    params(("room" = String, Path, description = "The room's slug")),
    responses((status = 200, body = Embed), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn show(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
) -> Answer<Json<Embed>> {
    let host = host(&house, &caller, &slug?).await?;
    Ok(Json(Embed { origins: house.chat.embed_origins(host.room().id).await? }))
}

/// Let sites show the room
///
/// These and no others: it stands in the `frame-ancestors` of the room's page.
#[utoipa::path(put, path = "/rooms/{room}/embed", tag = "Other sites",
    params(("room" = String, Path, description = "The room's slug")), request_body = Embed,
    responses((status = 200, body = Embed), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn change(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
    body: Body<Embed>,
) -> Answer<Json<Embed>> {
    let host = host(&house, &caller, &slug?).await?;
    let Json(Object(Embed { origins })) = body?;
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    Ok(Json(Embed { origins: house.chat.change_embed(&host, &origins).await? }))
}

/// Get a ticket
///
/// For a visitor whom your site has signed in; with a key, not with a session. They become a member of the room; the ticket opens
/// this room and nothing else, once, within a minute.
#[utoipa::path(post, path = "/rooms/{room}/tickets", tag = "Other sites",
    params(("room" = String, Path, description = "The room's slug")), request_body = Visitor,
    responses((status = 201, body = Ticket), (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn ticket(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
    body: Body<Visitor>,
) -> Answer<(StatusCode, Json<Ticket>)> {
    // Whoever vouches for others is a site, not one of its people.
    if !caller.by_key() {
        return Err(Problem::NotAllowed.into());
    }
    let host = host(&house, &caller, &slug?).await?;
    let Json(Object(Visitor { subject, display, stay })) = body?;
    // A site's keys act as one person: its visitors stay the same when a key is changed.
    let site = format!("site:{}", caller.who.person.id);
    let guest = house.chat.vouch_called(&site, &subject, &display).await?;
    let ticket = house.chat.create_embed_ticket(&host, &guest, stay.unwrap_or(USUAL_STAY_S)).await?;
    let url = format!("{}/embed/{}#t={}", house.origin, host.room().slug, ticket.token);
    let person = (&guest.person).into();
    Ok((StatusCode::CREATED, Json(Ticket { ticket: ticket.token, url, expires_at: ticket.expires_at, person })))
}

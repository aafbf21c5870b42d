//! Webhooks of a room: addresses outside that are told what happens in it.

use super::caller::{Caller, Manage};
use super::fault::{Answer, Details};
use super::list::List;
use super::members::host;
use super::object::{Body, Object};
use super::wire::PersonJson;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chat::WebhookChange;
use domain::WebhookId;
use domain::webhook::{NewSecret, Target, Webhook};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct WebhookJson {
    id: i64,
    url: String,
    /// The names of the events that are sent; empty for all of them.
    events: Vec<String>,
    /// In whose name it reads the room: nothing is sent any more when they do not run it.
    by: PersonJson,
    /// `null` while it is sent to; else `host` (a host said so), `gone` (its address answered 410) or
    /// `owner` (whoever it reads for does not run the room any more).
    paused: Option<&'static str>,
    /// Milliseconds since 1970 UTC.
    made_at: i64,
    /// Until when what is sent is signed with the secret before the last one too; `null` if it is not.
    old_secret_until: Option<i64>,
}

impl From<&Webhook> for WebhookJson {
    fn from(webhook: &Webhook) -> Self {
        Self {
            id: webhook.id.0,
            url: webhook.target.url.clone(),
            events: webhook.target.events.clone(),
            by: (&webhook.by).into(),
            paused: webhook.paused.map(|why| why.as_str()),
            made_at: webhook.made_at,
            old_secret_until: webhook.old_until,
        }
    }
}

/// A webhook with its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookSecret)]
pub struct SecretJson {
    #[serde(flatten)]
    webhook: WebhookJson,
    /// What is sent is signed with it; it is shown this once.
    #[schema(example = "salon_hook_…")]
    secret: String,
}

impl From<NewSecret> for SecretJson {
    fn from(new: NewSecret) -> Self {
        Self { webhook: (&new.webhook).into(), secret: new.secret }
    }
}

/// A new webhook.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewWebhook {
    #[schema(max_length = 1000, example = "https://shop.example/salon")]
    url: String,
    /// Names of events, as in the live protocol: `said`, `joined`, `picture_added` …; empty for all of them.
    #[serde(default)]
    events: Vec<String>,
}

/// What is changed; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WebhookPatch {
    #[schema(max_length = 1000)]
    url: Option<String>,
    events: Option<Vec<String>>,
    /// `false`: it goes on where it stood, in the name of who asks.
    paused: Option<bool>,
}

/// List webhooks
///
/// Newest first; at most 10. For the room's hosts and administrators.
#[utoipa::path(get, path = "/rooms/{room}/webhooks", tag = "Webhooks",
    params(("room" = String, Path, description = "The room's slug")), responses((status = 200, body = List<WebhookJson>)))]
pub async fn list(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
) -> Answer<Json<List<WebhookJson>>> {
    let host = host(&house, &caller, &slug?).await?;
    let webhooks = house.chat.webhooks(&host).await?;
    Ok(Json(List::of(webhooks.iter().map(WebhookJson::from).collect(), None)))
}

/// Make a webhook
///
/// Its address is sent every event of the room from now on, as a signed `POST`. Addresses of private networks are
/// refused. The answer is never kept for an `Idempotency-Key`: it has the secret.
#[utoipa::path(post, path = "/rooms/{room}/webhooks", tag = "Webhooks",
    params(("room" = String, Path, description = "The room's slug")), request_body = NewWebhook,
    responses((status = 201, body = SecretJson),
        (status = 422, description = "`url` cannot be sent to, `events` has a name that no event has, or the room has 10 webhooks",
            body = Details, content_type = "application/problem+json")))]
pub async fn create(
    State(house): State<House>,
    caller: Caller<Manage>,
    slug: Result<Path<String>, PathRejection>,
    body: Body<NewWebhook>,
) -> Answer<(StatusCode, Json<SecretJson>)> {
    let host = host(&house, &caller, &slug?).await?;
    let Json(Object(NewWebhook { url, events })) = body?;
    let made = house.chat.add_webhook(&host, Target { url, events }).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Change a webhook
#[utoipa::path(patch, path = "/rooms/{room}/webhooks/{webhook}", tag = "Webhooks",
    params(("room" = String, Path, description = "The room's slug"), ("webhook" = i64, Path)), request_body = WebhookPatch,
    responses((status = 200, body = WebhookJson)))]
pub async fn change(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
    body: Body<WebhookPatch>,
) -> Answer<Json<WebhookJson>> {
    let Path((slug, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    let Json(Object(WebhookPatch { url, events, paused })) = body?;
    let change = WebhookChange { url, events, paused };
    let changed = house.chat.change_webhook(&host, WebhookId(id), change).await?;
    Ok(Json((&changed).into()))
}

/// Remove a webhook
///
/// With everything that was and was to be sent to it.
#[utoipa::path(delete, path = "/rooms/{room}/webhooks/{webhook}", tag = "Webhooks",
    params(("room" = String, Path, description = "The room's slug"), ("webhook" = i64, Path)), responses((status = 204)))]
pub async fn remove(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
) -> Answer<StatusCode> {
    let Path((slug, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    house.chat.remove_webhook(&host, WebhookId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a webhook another secret
///
/// For a day what is sent is signed with both. The answer is never kept for an `Idempotency-Key`.
#[utoipa::path(post, path = "/rooms/{room}/webhooks/{webhook}/rotate", tag = "Webhooks",
    params(("room" = String, Path, description = "The room's slug"), ("webhook" = i64, Path)),
    responses((status = 200, body = SecretJson)))]
pub async fn rotate(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
) -> Answer<Json<SecretJson>> {
    let Path((slug, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    Ok(Json(house.chat.rotate_webhook(&host, WebhookId(id)).await?.into()))
}

//! What was sent to a webhook, and sending it once more.

use super::caller::{Caller, Manage};
use super::fault::Answer;
use super::list::{List, Start};
use super::members::host;
use crate::house::House;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::webhook::Delivery;
use domain::{DeliveryId, WebhookId};
use serde::Serialize;
use utoipa::ToSchema;

/// One event on its way to one webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryJson {
    id: i64,
    /// The event's place in the room; `null` for a test.
    seq: Option<i64>,
    /// The name of the event, or `test`.
    event: String,
    /// `waiting` for its first or next attempt, `done`, or `failed`: it is not tried again.
    state: &'static str,
    /// How often it was sent.
    attempts: u32,
    /// When it is sent next; milliseconds since 1970 UTC, like all times.
    next_at: Option<i64>,
    made_at: i64,
    done_at: Option<i64>,
    /// What the last attempt was answered with.
    status: Option<u16>,
    /// Why there was no answer: `address` (none of the web's), `private` (it leads into a private network), `no_answer`,
    /// `timed_out`, or `no_event` (the room does not have it any more).
    fault: Option<&'static str>,
    /// How long the last attempt took, in milliseconds.
    ms: Option<u32>,
    /// The first 300 characters of the answer.
    answer: Option<String>,
}

impl From<&Delivery> for DeliveryJson {
    fn from(delivery: &Delivery) -> Self {
        let outcome = delivery.outcome.as_ref();
        Self {
            id: delivery.id.0,
            seq: delivery.seq,
            event: delivery.kind.clone(),
            state: delivery.state.as_str(),
            attempts: delivery.attempts,
            next_at: delivery.next_at,
            made_at: delivery.made_at,
            done_at: delivery.done_at,
            status: outcome.and_then(|outcome| outcome.answer.ok()),
            fault: outcome.and_then(|outcome| outcome.answer.err()).map(|fault| fault.as_str()),
            ms: outcome.map(|outcome| outcome.ms),
            answer: outcome.map(|outcome| outcome.text.clone()),
        }
    }
}

/// List deliveries
///
/// Newest first, 50 in a part. The newest 1,000 of 30 days are kept, besides what waits.
#[utoipa::path(get, path = "/rooms/{room}/webhooks/{webhook}/deliveries", tag = "Webhooks",
    params(("room" = String, Path, description = "The room's slug"), ("webhook" = i64, Path), Start),
    responses((status = 200, body = List<DeliveryJson>)))]
pub async fn list(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
    start: Result<Query<Start>, QueryRejection>,
) -> Answer<Json<List<DeliveryJson>>> {
    let (Path((slug, id)), Query(start)) = (place?, start?);
    let host = host(&house, &caller, &slug).await?;
    let page = house.chat.deliveries(&host, WebhookId(id), start.at()?.map(DeliveryId)).await?;
    let next = page.deliveries.last().filter(|_| page.has_more).map(|last| last.id.0);
    Ok(Json(List::of(page.deliveries.iter().map(DeliveryJson::from).collect(), next)))
}

/// Send something again
///
/// At once, with all its attempts, and as the event is now. While the webhook is paused, it waits. 30 at once, then one
/// every 2 seconds.
#[utoipa::path(post, path = "/rooms/{room}/webhooks/{webhook}/deliveries/{delivery}/replay", tag = "Webhooks",
    params(("room" = String, Path, description = "The room's slug"), ("webhook" = i64, Path), ("delivery" = i64, Path)),
    responses((status = 202, body = DeliveryJson)))]
pub async fn replay(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64, i64)>, PathRejection>,
) -> Answer<(StatusCode, Json<DeliveryJson>)> {
    let Path((slug, webhook, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    let delivery = house.chat.replay_delivery(&host, WebhookId(webhook), DeliveryId(id)).await?;
    Ok((StatusCode::ACCEPTED, Json((&delivery).into())))
}

/// Send a test
///
/// Something that did not happen, to see whether it comes: its event is `{"test": {}}`. As often as sending again.
#[utoipa::path(post, path = "/rooms/{room}/webhooks/{webhook}/test", tag = "Webhooks",
    params(("room" = String, Path, description = "The room's slug"), ("webhook" = i64, Path)),
    responses((status = 202, body = DeliveryJson)))]
pub async fn test(
    State(house): State<House>,
    caller: Caller<Manage>,
    place: Result<Path<(String, i64)>, PathRejection>,
) -> Answer<(StatusCode, Json<DeliveryJson>)> {
    let Path((slug, id)) = place?;
    let host = host(&house, &caller, &slug).await?;
    let delivery = house.chat.test_webhook(&host, WebhookId(id)).await?;
    Ok((StatusCode::ACCEPTED, Json((&delivery).into())))
}

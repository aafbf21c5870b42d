//! Queries about webhooks.

use super::entities::{person, webhook};
use super::rows;
use super::{DbErr, deliveries::WAITING};
use domain::webhook::{KEPT, Pause, Target, Webhook};
use domain::{PersonId, RoomId, WebhookId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use serde::Deserialize;

type Found<T> = Result<T, DbErr>;

/// A webhook that is about to be made.
pub struct NewWebhook {
    pub room: RoomId,
    pub by: PersonId,
    pub target: Target,
    pub secret: String,
}

/// A webhook, and all that it is sent with.
pub struct Sending {
    pub id: WebhookId,
    pub room: RoomId,
    pub by: PersonId,
    pub url: String,
    /// What is signed with, at a time.
    pub secrets: Vec<String>,
}

/// Tells of what happens from now on.
pub async fn create_webhook(db: &impl ConnectionTrait, new: NewWebhook, seq: i64, at: i64) -> Found<WebhookId> {
    let row = webhook::ActiveModel {
        id: NotSet,
        room_id: Set(new.room.0),
        person_id: Set(new.by.0),
        url: Set(new.target.url),
        events: Set(new.target.events.join(" ")),
        secret: Set(new.secret),
        old_secret: Set(None),
        old_until: Set(None),
        seq: Set(seq),
        paused: Set(String::new()),
        made_at: Set(at),
    };
    Ok(WebhookId(webhook::Entity::insert(row).exec(db).await?.last_insert_id))
}

pub async fn count_webhooks(db: &impl ConnectionTrait, room: RoomId) -> Found<u64> {
    webhook::Entity::find().filter(webhook::Column::RoomId.eq(room.0)).count(db).await
}

/// Whether there is any at all.
pub async fn has_any(db: &impl ConnectionTrait) -> Found<bool> {
    Ok(webhook::Entity::find().one(db).await?.is_some())
}

/// A room's webhooks, newest first. `now`: secrets that are over are not told.
pub async fn list_webhooks(db: &impl ConnectionTrait, room: RoomId, now: i64) -> Found<Vec<Webhook>> {
    let rows = webhook::Entity::find().filter(webhook::Column::RoomId.eq(room.0)).order_by_desc(webhook::Column::Id);
    let found = rows.find_also_related(person::Entity).all(db).await?;
    found.into_iter().filter_map(|(row, by)| by.map(|by| seen(row, by, now))).collect()
}

pub async fn find_webhook(db: &impl ConnectionTrait, room: RoomId, id: WebhookId, now: i64) -> Found<Option<Webhook>> {
    let found = webhook::Entity::find_by_id(id.0).filter(webhook::Column::RoomId.eq(room.0));
    let found = found.find_also_related(person::Entity).one(db).await?;
    found.and_then(|(row, by)| by.map(|by| seen(row, by, now))).transpose()
}

fn seen(row: webhook::Model, by: person::Model, now: i64) -> Found<Webhook> {
    Ok(Webhook {
        id: WebhookId(row.id),
        paused: row.pause()?,
        target: Target { events: row.events.split_whitespace().map(str::to_owned).collect(), url: row.url },
        by: by.into(),
        made_at: row.made_at,
        old_until: row.old_until.filter(|until| *until > now),
    })
}

/// Where it leads and what it is told.
pub async fn change_target(db: &impl ConnectionTrait, id: WebhookId, target: &Target) -> Found<()> {
    let (url, events) = (Set(target.url.clone()), Set(target.events.join(" ")));
    let change = webhook::ActiveModel { url, events, ..Default::default() };
    webhook::Entity::update_many().set(change).filter(webhook::Column::Id.eq(id.0)).exec(db).await.map(drop)
}

/// Nothing is sent any more; nothing happens if it is paused already.
pub async fn pause(db: &impl ConnectionTrait, id: WebhookId, why: Pause) -> Found<()> {
    let change = webhook::ActiveModel { paused: Set(why.as_str().to_owned()), ..Default::default() };
    let running = webhook::Entity::update_many().set(change).filter(webhook::Column::Id.eq(id.0));
    running.filter(webhook::Column::Paused.eq("")).exec(db).await.map(drop)
}

/// It goes on where it stood, in this person's name.
pub async fn resume(db: &impl ConnectionTrait, id: WebhookId, by: PersonId) -> Found<()> {
    let change = webhook::ActiveModel { paused: Set(String::new()), person_id: Set(by.0), ..Default::default() };
    let paused = webhook::Entity::update_many().set(change).filter(webhook::Column::Id.eq(id.0));
    paused.filter(webhook::Column::Paused.ne("")).exec(db).await.map(drop)
}

/// Gives it another secret; the present one is good until a time.
pub async fn change_secret(db: &impl ConnectionTrait, id: WebhookId, secret: String, until: i64) -> Found<()> {
    let change = webhook::Entity::update_many()
        .col_expr(webhook::Column::OldSecret, Expr::col(webhook::Column::Secret))
        .col_expr(webhook::Column::OldUntil, Expr::value(until))
        .col_expr(webhook::Column::Secret, Expr::value(secret))
        .filter(webhook::Column::Id.eq(id.0));
    change.exec(db).await.map(drop)
}

/// With all its deliveries. Whether there was one.
pub async fn remove_webhook(db: &impl ConnectionTrait, room: RoomId, id: WebhookId) -> Found<bool> {
    let gone =
        webhook::Entity::delete_many().filter(webhook::Column::Id.eq(id.0)).filter(webhook::Column::RoomId.eq(room.0));
    Ok(gone.exec(db).await?.rows_affected > 0)
}

/// A webhook whose room has come further than it.
pub struct Behind {
    pub id: WebhookId,
    pub room: RoomId,
    /// How far it has come.
    pub seq: i64,
    /// How far its room has come: everything up to there is committed.
    pub last: i64,
    pub target: Target,
}

/// The webhooks that are behind, but for those for whom too much waits: the room remembers the rest.
pub async fn list_behind(db: &impl ConnectionTrait) -> Found<Vec<Behind>> {
    #[derive(Deserialize)]
    struct Row(i64, i64, i64, i64, String, String);
    let query = "SELECT w.id, w.room_id, w.seq, r.last_seq, w.events, w.url \
                 FROM webhook w JOIN room r ON r.id = w.room_id \
                 WHERE w.paused = '' AND r.last_seq > w.seq AND (SELECT COUNT(*) FROM delivery d \
                 WHERE d.webhook_id = w.id AND d.state = $1) < $2";
    let columns = ["id", "room_id", "seq", "last_seq", "events", "url"];
    let found: Vec<Row> = rows::list(db, &columns, query, [WAITING.into(), (KEPT as i64).into()]).await?;
    let behind = |Row(id, room, seq, last, events, url)| {
        let events = events.split_whitespace().map(str::to_owned).collect();
        Behind { id: WebhookId(id), room: RoomId(room), seq, last, target: Target { url, events } }
    };
    Ok(found.into_iter().map(behind).collect())
}

/// Moves its place, if it is still where the caller found it and not paused.
pub async fn advance(db: &impl ConnectionTrait, id: WebhookId, from: i64, to: i64) -> Found<bool> {
    let change = webhook::ActiveModel { seq: Set(to), ..Default::default() };
    let moved = webhook::Entity::update_many()
        .set(change)
        .filter(webhook::Column::Id.eq(id.0))
        .filter(webhook::Column::Seq.eq(from))
        .filter(webhook::Column::Paused.eq(""));
    Ok(moved.exec(db).await?.rows_affected == 1)
}

/// All that a webhook is sent with; `None` while it is paused.
pub async fn find_sending(db: &impl ConnectionTrait, id: WebhookId, now: i64) -> Found<Option<Sending>> {
    let found = webhook::Entity::find_by_id(id.0).filter(webhook::Column::Paused.eq("")).one(db).await?;
    Ok(found.map(|row| {
        let old = row.old_secret.filter(|_| row.old_until.is_some_and(|until| until > now));
        Sending {
            id,
            room: RoomId(row.room_id),
            by: PersonId(row.person_id),
            url: row.url,
            secrets: [Some(row.secret), old].into_iter().flatten().collect(),
        }
    }))
}

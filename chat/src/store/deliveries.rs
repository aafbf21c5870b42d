//! Queries about what is on its way to webhooks.

use super::DbErr;
use super::entities::{delivery, webhook};
use domain::webhook::{Delivery, DeliveryState, KEPT, Outcome};
use domain::{DeliveryId, WebhookId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

type Found<T> = Result<T, DbErr>;

/// The word for what waits.
pub const WAITING: &str = "waiting";

/// A delivery that somebody is about to send, and which attempt it is.
pub struct Claimed {
    pub id: DeliveryId,
    pub seq: i64,
    pub made_at: i64,
    pub attempt: i64,
}

/// What becomes of a delivery after an attempt.
pub struct Settled {
    pub state: DeliveryState,
    pub next_at: i64,
    pub outcome: Outcome,
    pub now: i64,
}

/// Puts events behind those that wait for a webhook: places and names.
pub async fn create_deliveries(
    db: &impl ConnectionTrait,
    webhook: WebhookId,
    events: Vec<(i64, String)>,
    now: i64,
) -> Found<()> {
    if events.is_empty() {
        return Ok(());
    }
    let rows = events.into_iter().map(|(seq, kind)| new(webhook, seq, kind, now));
    delivery::Entity::insert_many(rows).exec_without_returning(db).await.map(drop)
}

/// Puts one delivery behind those that wait.
pub async fn create_delivery(db: &impl ConnectionTrait, webhook: WebhookId, kind: &str, now: i64) -> Found<DeliveryId> {
    let row = new(webhook, 0, kind.to_owned(), now);
    Ok(DeliveryId(delivery::Entity::insert(row).exec(db).await?.last_insert_id))
}

fn new(webhook: WebhookId, seq: i64, kind: String, now: i64) -> delivery::ActiveModel {
    delivery::ActiveModel {
        id: NotSet,
        webhook_id: Set(webhook.0),
        seq: Set(seq),
        kind: Set(kind),
        state: Set(WAITING.to_owned()),
        attempts: Set(0),
        next_at: Set(now),
        status: Set(None),
        ms: Set(None),
        answer: Set(String::new()),
        fault: Set(String::new()),
        made_at: Set(now),
        done_at: Set(None),
    }
}

/// The newest `limit` before one of them, newest first.
pub async fn list_deliveries(
    db: &impl ConnectionTrait,
    webhook: WebhookId,
    before: Option<DeliveryId>,
    limit: usize,
) -> Found<Vec<Delivery>> {
    let mut rows = delivery::Entity::find().filter(delivery::Column::WebhookId.eq(webhook.0));
    if let Some(before) = before {
        rows = rows.filter(delivery::Column::Id.lt(before.0));
    }
    let rows = rows.order_by_desc(delivery::Column::Id).limit(limit as u64).all(db).await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

pub async fn find_delivery(db: &impl ConnectionTrait, webhook: WebhookId, id: DeliveryId) -> Found<Option<Delivery>> {
    let found = delivery::Entity::find_by_id(id.0).filter(delivery::Column::WebhookId.eq(webhook.0)).one(db).await?;
    found.map(Delivery::try_from).transpose()
}

/// Begins it anew, at once.
pub async fn renew(db: &impl ConnectionTrait, id: DeliveryId, now: i64) -> Found<()> {
    let change = delivery::ActiveModel {
        state: Set(WAITING.to_owned()),
        attempts: Set(0),
        next_at: Set(now),
        ms: Set(None),
        done_at: Set(None),
        ..Default::default()
    };
    delivery::Entity::update_many().set(change).filter(delivery::Column::Id.eq(id.0)).exec(db).await.map(drop)
}

/// The webhooks that have something to be sent now.
pub async fn list_due(db: &impl ConnectionTrait, now: i64) -> Found<Vec<WebhookId>> {
    let due = running().filter(delivery::Column::NextAt.lte(now)).select_only();
    let ids: Vec<i64> = due.column(delivery::Column::WebhookId).distinct().into_tuple().all(db).await?;
    Ok(ids.into_iter().map(WebhookId).collect())
}

/// When something is to be sent next.
pub async fn find_next_at(db: &impl ConnectionTrait) -> Found<Option<i64>> {
    let first = running().order_by_asc(delivery::Column::NextAt).select_only().column(delivery::Column::NextAt);
    first.into_tuple().one(db).await
}

/// What waits for webhooks that are not paused.
fn running() -> sea_orm::Select<delivery::Entity> {
    delivery::Entity::find()
        .join(JoinType::InnerJoin, delivery::Relation::Webhook.def())
        .filter(delivery::Column::State.eq(WAITING))
        .filter(webhook::Column::Paused.eq(""))
}

/// Takes the first one that a webhook is to be sent now: nobody else sends it until `lost_at`.
pub async fn claim(db: &impl ConnectionTrait, webhook: WebhookId, now: i64, lost_at: i64) -> Found<Option<Claimed>> {
    let is_due = Condition::all().add(delivery::Column::State.eq(WAITING)).add(delivery::Column::NextAt.lte(now));
    let theirs = delivery::Entity::find().filter(delivery::Column::WebhookId.eq(webhook.0));
    let first = theirs.filter(is_due.clone()).order_by_asc(delivery::Column::Id).one(db).await?;
    let Some(row) = first else { return Ok(None) };
    let taken = delivery::Entity::update_many()
        .col_expr(delivery::Column::Attempts, Expr::col(delivery::Column::Attempts).add(1))
        .col_expr(delivery::Column::NextAt, Expr::value(lost_at))
        .col_expr(delivery::Column::Ms, Expr::value(None::<i64>))
        .filter(delivery::Column::Id.eq(row.id))
        .filter(is_due);
    if taken.exec(db).await?.rows_affected == 0 {
        return Ok(None);
    }
    Ok(Some(Claimed { id: DeliveryId(row.id), seq: row.seq, made_at: row.made_at, attempt: row.attempts + 1 }))
}

/// Notes what an attempt came to, unless it was begun anew meanwhile.
pub async fn settle(db: &impl ConnectionTrait, claimed: &Claimed, settled: Settled) -> Found<()> {
    let Settled { state, next_at, outcome, now } = settled;
    let is_over = state != DeliveryState::Waiting;
    let change = delivery::ActiveModel {
        state: Set(state.as_str().to_owned()),
        next_at: Set(next_at),
        status: Set(outcome.answer.ok().map(i64::from)),
        fault: Set(outcome.answer.err().map(|fault| fault.as_str().to_owned()).unwrap_or_default()),
        ms: Set(Some(outcome.ms.into())),
        answer: Set(outcome.text),
        done_at: Set(is_over.then_some(now)),
        ..Default::default()
    };
    let same = delivery::Entity::update_many()
        .set(change)
        .filter(delivery::Column::Id.eq(claimed.id.0))
        .filter(delivery::Column::State.eq(WAITING))
        .filter(delivery::Column::Attempts.eq(claimed.attempt));
    same.exec(db).await.map(drop)
}

/// Forgets what is over of a webhook, but for the newest [`KEPT`] deliveries.
pub async fn prune(db: &impl ConnectionTrait, webhook: WebhookId) -> Found<()> {
    let theirs = || delivery::Entity::find().filter(delivery::Column::WebhookId.eq(webhook.0));
    let last = theirs().order_by_desc(delivery::Column::Id).offset(KEPT as u64).one(db).await?;
    let Some(last) = last else { return Ok(()) };
    let old = over().filter(delivery::Column::WebhookId.eq(webhook.0)).filter(delivery::Column::Id.lte(last.id));
    old.exec(db).await.map(drop)
}

/// Forgets what is over and was made before a time.
pub async fn remove_before(db: &impl ConnectionTrait, at: i64) -> Found<()> {
    over().filter(delivery::Column::MadeAt.lt(at)).exec(db).await.map(drop)
}

fn over() -> sea_orm::DeleteMany<delivery::Entity> {
    delivery::Entity::delete_many().filter(delivery::Column::State.ne(WAITING))
}

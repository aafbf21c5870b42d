//! Queries about notices: the house's key, the devices, when people want none.

use super::entities::member::{level_of, role_of};
use super::entities::{notice_rule, push_key, session, subscription};
use super::{DbErr, rows};
use domain::member::Role;
use domain::push::{NewSubscription, NoticeRule, Subscription};
use domain::unread::Level;
use domain::{PersonId, RoomId, SessionId, SubscriptionId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};
use serde::Deserialize;

type Found<T> = Result<T, DbErr>;

/// The number of the one key there is.
const KEY: i64 = 1;

/// The house's key, PKCS #8 in base64.
pub async fn find_key(db: &impl ConnectionTrait) -> Found<Option<String>> {
    Ok(push_key::Entity::find_by_id(KEY).one(db).await?.map(|row| row.pkcs8))
}

/// Keeps the key if there is none yet.
pub async fn create_key(db: &impl ConnectionTrait, pkcs8: String, at: i64) -> Found<()> {
    let row = push_key::ActiveModel { id: Set(KEY), pkcs8: Set(pkcs8), created_at: Set(at) };
    let once = OnConflict::column(push_key::Column::Id).do_nothing().to_owned();
    push_key::Entity::insert(row).on_conflict(once).exec_without_returning(db).await.map(drop)
}

/// A device that is to be told.
pub struct Target {
    pub id: SubscriptionId,
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
    pub lang: String,
}

/// Keeps a session's subscription in the place of an earlier one of this session or this browser;
/// whether there is such a session.
pub async fn put(
    db: &impl ConnectionTrait,
    (session, person): (SessionId, PersonId),
    new: NewSubscription,
    endpoint_hash: String,
    at: i64,
) -> Found<bool> {
    let here = session::Entity::find_by_id(session.0).filter(session::Column::PersonId.eq(person.0));
    if here.count(db).await? == 0 {
        return Ok(false);
    }
    let before = Condition::any()
        .add(subscription::Column::SessionId.eq(session.0))
        .add(subscription::Column::EndpointHash.eq(endpoint_hash.as_str()));
    subscription::Entity::delete_many().filter(before).exec(db).await?;
    let row = subscription::ActiveModel {
        id: NotSet,
        session_id: Set(session.0),
        person_id: Set(person.0),
        endpoint: Set(new.endpoint),
        endpoint_hash: Set(endpoint_hash),
        p256dh: Set(new.p256dh),
        auth: Set(new.auth),
        lang: Set(new.lang),
        created_at: Set(at),
    };
    subscription::Entity::insert(row).exec_without_returning(db).await?;
    Ok(true)
}

/// Whether anything is pushed to anybody.
pub async fn has_any(db: &impl ConnectionTrait) -> Found<bool> {
    Ok(subscription::Entity::find().one(db).await?.is_some())
}

/// A person's devices whose sessions last.
pub async fn list_targets(db: &impl ConnectionTrait, person: PersonId, now: i64) -> Found<Vec<Target>> {
    let found = subscription::Entity::find()
        .filter(subscription::Column::PersonId.eq(person.0))
        .find_also_related(session::Entity)
        .filter(session::Column::ExpiresAt.gt(now))
        .all(db)
        .await?;
    let target = |row: subscription::Model| Target {
        id: SubscriptionId(row.id),
        endpoint: row.endpoint,
        p256dh: row.p256dh,
        auth: row.auth,
        lang: row.lang,
    };
    Ok(found.into_iter().map(|(row, _)| target(row)).collect())
}

/// A person's devices, the newest first. `asks`: the session that asks.
pub async fn list_of_person(db: &impl ConnectionTrait, person: PersonId, asks: SessionId) -> Found<Vec<Subscription>> {
    let found = subscription::Entity::find()
        .filter(subscription::Column::PersonId.eq(person.0))
        .order_by_desc(subscription::Column::Id)
        .find_also_related(session::Entity)
        .all(db)
        .await?;
    let line = |(row, session): (subscription::Model, Option<session::Model>)| Subscription {
        id: SubscriptionId(row.id),
        device: session.map(|session| session.device).unwrap_or_default(),
        created_at: row.created_at,
        is_this: row.session_id == asks.0,
    };
    Ok(found.into_iter().map(line).collect())
}

/// Whether the person had this one.
pub async fn remove(db: &impl ConnectionTrait, person: PersonId, id: SubscriptionId) -> Found<bool> {
    let gone = subscription::Entity::delete_many()
        .filter(subscription::Column::Id.eq(id.0))
        .filter(subscription::Column::PersonId.eq(person.0));
    Ok(gone.exec(db).await?.rows_affected > 0)
}

pub async fn remove_by_id(db: &impl ConnectionTrait, id: SubscriptionId) -> Found<()> {
    subscription::Entity::delete_by_id(id.0).exec(db).await.map(drop)
}

pub async fn find_rule(db: &impl ConnectionTrait, person: PersonId) -> Found<NoticeRule> {
    let found = notice_rule::Entity::find_by_id(person.0).one(db).await?;
    Ok(found.map(|row| rule(row.quiet_from, row.quiet_to, row.tz, row.hides)).unwrap_or_default())
}

pub async fn put_rule(db: &impl ConnectionTrait, person: PersonId, rule: NoticeRule) -> Found<()> {
    let row = notice_rule::ActiveModel {
        person_id: Set(person.0),
        quiet_from: Set(rule.quiet.map(|(from, _)| from.into())),
        quiet_to: Set(rule.quiet.map(|(_, to)| to.into())),
        tz: Set(rule.tz.into()),
        hides: Set(rule.hides),
    };
    let columns = [
        notice_rule::Column::QuietFrom,
        notice_rule::Column::QuietTo,
        notice_rule::Column::Tz,
        notice_rule::Column::Hides,
    ];
    let again = OnConflict::column(notice_rule::Column::PersonId).update_columns(columns).to_owned();
    notice_rule::Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(drop)
}

fn rule(from: Option<i64>, to: Option<i64>, tz: i64, hides: bool) -> NoticeRule {
    let minute = |minute: Option<i64>| minute.and_then(|minute| u16::try_from(minute).ok());
    NoticeRule { quiet: minute(from).zip(minute(to)), tz: i32::try_from(tz).unwrap_or_default(), hides }
}

/// A member who may want to be told of a message.
pub struct Hearer {
    pub person: PersonId,
    pub level: Level,
    pub role: Role,
    pub last_read: i64,
    pub unread: u32,
    pub rule: NoticeRule,
}

/// Members of a room who have not seen what came after a place, want to hear of it at all, and can be
/// told: by a device, or because they watch.
pub async fn list_hearers(
    db: &impl ConnectionTrait,
    room: RoomId,
    after: i64,
    watching: Vec<PersonId>,
) -> Found<Vec<Hearer>> {
    #[derive(Deserialize)]
    struct Row(i64, String, String, i64, i64, Option<i64>, Option<i64>, Option<i64>, i64);
    let watching: Vec<String> = watching.iter().map(|person| person.0.to_string()).collect();
    let watches = if watching.is_empty() { "-1".to_owned() } else { watching.join(", ") };
    let query = format!(
        "SELECT b.person_id, b.level, b.role, b.last_read_seq, r.said - b.heard AS unread, \
         n.quiet_from, n.quiet_to, n.tz, CASE WHEN n.hides THEN 1 ELSE 0 END AS hides \
         FROM member b JOIN room r ON r.id = b.room_id LEFT JOIN notice_rule n ON n.person_id = b.person_id \
         WHERE b.room_id = $1 AND r.said > b.heard AND r.last_seq > $2 AND b.level IN ('everything', 'mentions') \
         AND (b.person_id IN ({watches}) OR EXISTS (SELECT 1 FROM subscription s WHERE s.person_id = b.person_id))"
    );
    let columns = ["person_id", "level", "role", "last_read_seq", "unread", "quiet_from", "quiet_to", "tz", "hides"];
    let found: Vec<Row> = rows::list(db, &columns, &query, [room.0.into(), after.into()]).await?;
    found
        .into_iter()
        .map(|Row(person, level, role, last_read, unread, from, to, tz, hides)| {
            Ok(Hearer {
                person: PersonId(person),
                level: level_of(&level)?,
                role: role_of(&role)?,
                last_read,
                unread: u32::try_from(unread).unwrap_or_default(),
                rule: rule(from, to, tz.unwrap_or_default(), hides != 0),
            })
        })
        .collect()
}

//! Queries about rooms, and what the room list shows of them.

use super::DbErr;
use super::entities::{member, person, picture, room};
use domain::gate::{GateRule, Opening, Phase};
use domain::person::Person;
use domain::picture::Picture;
use domain::room::{LastWords, RoomWords};
use domain::span::{Span, plain};
use domain::{PersonId, PictureId, RoomId};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// How much of the last message the room list shows, in characters.
const LAST_WORDS: usize = 120;

/// Which rooms somebody may see.
#[derive(Clone, Copy)]
pub enum Sees {
    Public,
    /// Public and open ones, and those the person belongs to.
    AsPerson(PersonId),
    All,
}

pub async fn find_room(db: &impl ConnectionTrait, id: RoomId) -> Found<Option<room::Model>> {
    room::Entity::find_by_id(id.0).one(db).await
}

pub async fn find_by_slug(db: &impl ConnectionTrait, slug: &str) -> Found<Option<room::Model>> {
    room::Entity::find().filter(room::Column::Slug.eq(slug)).one(db).await
}

/// Archived ones last, else those first where something happened last.
pub async fn list_rooms(db: &impl ConnectionTrait, sees: Sees, limit: u64) -> Found<Vec<room::Model>> {
    let mut query = room::Entity::find();
    match sees {
        Sees::Public => query = query.filter(room::Column::Visibility.eq("public")),
        Sees::AsPerson(person) => {
            let mine = Query::select()
                .column(member::Column::RoomId)
                .from(member::Entity)
                .and_where(Expr::col(member::Column::PersonId).eq(person.0))
                .take();
            let all = Condition::any()
                .add(room::Column::Visibility.is_in(["public", "open"]))
                .add(Expr::col((room::Entity, room::Column::Id)).in_subquery(mine));
            query = query.filter(all);
        }
        Sees::All => {}
    }
    query
        .order_by_asc(room::Column::Archived)
        .order_by_desc(room::Column::LastAt)
        .order_by_desc(room::Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// # Errors
/// A unique violation of `room_slug`.
pub async fn create_room(db: &impl ConnectionTrait, words: RoomWords, epoch: i64, at: i64) -> Found<room::Model> {
    let rule = GateRule::default();
    let mut row = room::Model {
        id: 0,
        slug: words.slug,
        title: words.title,
        about: words.about,
        visibility: words.visibility.as_str().to_owned(),
        archived: false,
        epoch,
        last_seq: 0,
        last_at: at,
        wall_rev: 0,
        created_at: at,
        opening: rule.opening.as_str().to_owned(),
        opens_at: None,
        closes_at: None,
        doors: rule.doors.into(),
        grace: rule.grace.into(),
        phase: Phase::Live.as_str().to_owned(),
        cover: None,
    };
    let insert = room::ActiveModel { id: NotSet, ..room::ActiveModel::from(row.clone()).reset_all() };
    row.id = room::Entity::insert(insert).exec(db).await?.last_insert_id;
    Ok(row)
}

/// # Errors
/// A unique violation of `room_slug`.
pub async fn change_words(db: &impl ConnectionTrait, id: RoomId, words: RoomWords) -> Found<()> {
    let change = room::ActiveModel {
        id: Set(id.0),
        slug: Set(words.slug),
        title: Set(words.title),
        about: Set(words.about),
        visibility: Set(words.visibility.as_str().to_owned()),
        ..Default::default()
    };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

pub async fn change_archived(db: &impl ConnectionTrait, id: RoomId, archived: bool) -> Found<()> {
    let change = room::ActiveModel { id: Set(id.0), archived: Set(archived), ..Default::default() };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

pub async fn change_gate(db: &impl ConnectionTrait, id: RoomId, rule: GateRule) -> Found<()> {
    let change = room::ActiveModel {
        id: Set(id.0),
        opening: Set(rule.opening.as_str().to_owned()),
        opens_at: Set(rule.opens_at),
        closes_at: Set(rule.closes_at),
        doors: Set(rule.doors.into()),
        grace: Set(rule.grace.into()),
        ..Default::default()
    };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

pub async fn change_phase(db: &impl ConnectionTrait, id: RoomId, phase: Phase) -> Found<()> {
    let change = room::ActiveModel { id: Set(id.0), phase: Set(phase.as_str().to_owned()), ..Default::default() };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

pub async fn change_cover(db: &impl ConnectionTrait, id: RoomId, cover: Option<PictureId>) -> Found<()> {
    let change = room::ActiveModel { id: Set(id.0), cover: Set(cover.map(|picture| picture.0)), ..Default::default() };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

/// The picture that is shown to those who wait in front of a room, if it still hangs.
pub async fn find_cover(db: &impl ConnectionTrait, id: RoomId) -> Found<Option<Picture>> {
    let Some(cover) = find_room(db, id).await?.and_then(|row| row.cover) else { return Ok(None) };
    let hung = super::pictures::find_picture(db, id, PictureId(cover)).await?;
    Ok(hung.filter(|hung| hung.removed_at.is_none()).map(|hung| hung.picture))
}

/// The rooms that are not always open.
pub async fn list_gated(db: &impl ConnectionTrait) -> Found<Vec<room::Model>> {
    room::Entity::find().filter(room::Column::Opening.ne(Opening::Always.as_str())).all(db).await
}

/// Messages by others above what a person has seen, by room; rooms without any are missing.
pub async fn list_unread(db: &impl ConnectionTrait, person: PersonId) -> Found<HashMap<RoomId, u32>> {
    let count = Statement::from_sql_and_values(
        db.get_database_backend(),
        "SELECT m.room_id AS room_id, COUNT(*) AS unread FROM member b \
         JOIN message m ON m.room_id = b.room_id AND m.seq > b.last_read_seq \
         WHERE b.person_id = $1 AND m.author_id <> $1 GROUP BY m.room_id",
        [person.0.into()],
    );
    let mut unread = HashMap::new();
    for row in db.query_all_raw(count).await? {
        let messages: i64 = row.try_get("", "unread")?;
        unread.insert(RoomId(row.try_get("", "room_id")?), u32::try_from(messages).unwrap_or(u32::MAX));
    }
    Ok(unread)
}

/// The last message of each of these rooms that has any.
pub async fn list_last_words(db: &impl ConnectionTrait, rooms: &[RoomId]) -> Found<HashMap<RoomId, LastWords>> {
    if rooms.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<String> = rooms.iter().map(|room| room.0.to_string()).collect();
    // One step into the index (room_id, seq) per room: the last place is asked for once for
    // each room, not for each message.
    let sql = format!(
        "SELECT m.room_id, m.spans, m.at, p.display FROM room r \
         JOIN message m ON m.room_id = r.id AND m.seq = (SELECT MAX(n.seq) FROM message n WHERE n.room_id = r.id) \
         JOIN person p ON p.id = m.author_id WHERE r.id IN ({})",
        ids.join(", ")
    );
    let mut words = HashMap::new();
    for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
        let (room, spans, at, author): (i64, String, i64, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        let spans: Vec<Span> = serde_json::from_str(&spans).map_err(|cause| DbErr::Json(cause.to_string()))?;
        let text = plain(&spans).chars().take(LAST_WORDS).collect();
        words.insert(RoomId(room), LastWords { author, text, at });
    }
    Ok(words)
}

/// The first picture of each of these rooms' walls, if there is one.
pub async fn list_covers(db: &impl ConnectionTrait, rooms: &[RoomId]) -> Found<HashMap<RoomId, Picture>> {
    let other = Alias::new("other");
    let first = Query::select()
        .column((other.clone(), picture::Column::Id))
        .from_as(picture::Entity, other.clone())
        .and_where(
            Expr::col((other.clone(), picture::Column::RoomId))
                .eq(Expr::col((picture::Entity, picture::Column::RoomId))),
        )
        .and_where(Expr::col((other.clone(), picture::Column::RemovedAt)).is_null())
        .order_by((other.clone(), picture::Column::OrderNo), Order::Desc)
        .order_by((other, picture::Column::Id), Order::Desc)
        .limit(1)
        .take();
    let rows = picture::Entity::find()
        .filter(picture::Column::RoomId.is_in(rooms.iter().map(|room| room.0)))
        .filter(Expr::col((picture::Entity, picture::Column::Id)).in_subquery(first))
        .find_also_related(person::Entity)
        .all(db)
        .await?;
    let mut covers = HashMap::new();
    for (row, by) in rows {
        let Some(by) = by else { continue };
        covers.insert(RoomId(row.room_id), row.with(Person::from(by))?);
    }
    Ok(covers)
}

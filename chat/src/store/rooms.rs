//! Queries about rooms. What their list shows: `lines.rs`.

use super::DbErr;
use super::entities::room;
use super::people::holds;
use super::rows::json;
use crate::accounts::PageEnd;
use crate::room_list::{RoomsOrder, RoomsQuery};
use domain::gate::{GateRule, Opening, Phase};
use domain::moderation::Policy;
use domain::picture::Picture;
use domain::room::{RoomWords, Visibility};
use domain::{PictureId, RoomId};
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Statement,
    Value,
};

type Found<T> = Result<T, DbErr>;

pub async fn find_room(db: &impl ConnectionTrait, id: RoomId) -> Found<Option<room::Model>> {
    room::Entity::find_by_id(id.0).one(db).await
}

pub async fn find_by_slug(db: &impl ConnectionTrait, slug: &str) -> Found<Option<room::Model>> {
    room::Entity::find().filter(room::Column::Slug.eq(slug)).one(db).await
}

/// # Errors
/// A unique violation of `room_slug`.
pub async fn create_room(db: &impl ConnectionTrait, words: RoomWords, epoch: i64, at: i64) -> Found<room::Model> {
    let (rule, policy) = (GateRule::default(), Policy::default());
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
        said: 0,
        wall_rev: 0,
        created_at: at,
        opening: rule.opening.as_str().to_owned(),
        opens_at: None,
        closes_at: None,
        doors: rule.doors.into(),
        grace: rule.grace.into(),
        usual_gate: String::new(),
        phase: Phase::Live.as_str().to_owned(),
        cover: None,
        posting: policy.posting.as_str().to_owned(),
        slow: policy.slow.into(),
        holds: policy.holds,
        recall: policy.recall.into(),
        files: policy.files,
        restricted: false,
        edit: policy.edit.into(),
        hides: false,
        second: policy.second.as_str().to_owned(),
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

/// `usual` is kept beside a rule that was set by hand.
pub async fn change_gate(db: &impl ConnectionTrait, id: RoomId, rule: GateRule, usual: Option<GateRule>) -> Found<()> {
    let usual = usual.map(|usual| serde_json::to_string(&usual).map_err(json)).transpose()?;
    let change = room::ActiveModel {
        id: Set(id.0),
        opening: Set(rule.opening.as_str().to_owned()),
        opens_at: Set(rule.opens_at),
        closes_at: Set(rule.closes_at),
        doors: Set(rule.doors.into()),
        grace: Set(rule.grace.into()),
        usual_gate: Set(usual.unwrap_or_default()),
        ..Default::default()
    };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

/// The rule of a room's settings, while a host has opened or shut it by hand.
pub async fn find_usual_gate(db: &impl ConnectionTrait, id: RoomId) -> Found<Option<GateRule>> {
    let row = room::Entity::find_by_id(id.0).one(db).await?;
    let usual = row.map(|row| row.usual_gate).filter(|usual| !usual.is_empty());
    usual.map(|usual| serde_json::from_str(&usual).map_err(json)).transpose()
}

pub async fn change_policy(db: &impl ConnectionTrait, id: RoomId, policy: Policy) -> Found<()> {
    let change = room::ActiveModel {
        id: Set(id.0),
        posting: Set(policy.posting.as_str().to_owned()),
        slow: Set(policy.slow.into()),
        holds: Set(policy.holds),
        recall: Set(policy.recall.into()),
        files: Set(policy.files),
        edit: Set(policy.edit.into()),
        second: Set(policy.second.as_str().to_owned()),
        ..Default::default()
    };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

/// Whether it was another one.
pub async fn change_phase(db: &impl ConnectionTrait, id: RoomId, phase: Phase) -> Found<bool> {
    let change = room::ActiveModel { phase: Set(phase.as_str().to_owned()), ..Default::default() };
    let rows = room::Entity::update_many().set(change).filter(room::Column::Id.eq(id.0));
    let changed = rows.filter(room::Column::Phase.ne(phase.as_str())).exec(db).await?;
    Ok(changed.rows_affected > 0)
}

pub async fn change_cover(db: &impl ConnectionTrait, id: RoomId, cover: Option<PictureId>) -> Found<()> {
    let change = room::ActiveModel { id: Set(id.0), cover: Set(cover.map(|picture| picture.0)), ..Default::default() };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

/// The picture that is shown to those who wait in front of a room, if it still hangs.
pub async fn find_cover(db: &impl ConnectionTrait, id: RoomId) -> Found<Option<Picture>> {
    let Some(cover) = find_room(db, id).await?.and_then(|row| row.cover) else { return Ok(None) };
    let hung = super::pictures::find_picture(db, id, PictureId(cover)).await?;
    Ok(hung.filter(|hung| hung.is_shown()).map(|hung| hung.picture))
}

/// All but private chats, and those private chats that are among these rooms.
pub async fn list_all_with(db: &impl ConnectionTrait, mine: impl Iterator<Item = &RoomId>) -> Found<Vec<room::Model>> {
    let mut rooms = room::Entity::find().filter(is_no_chat()).all(db).await?;
    // Numbers stand in the statement itself: a database takes only so many values beside it.
    let mine: Vec<String> = mine.map(|room| room.0.to_string()).collect();
    if !mine.is_empty() {
        let mine = Expr::cust(format!("\"room\".\"id\" IN ({})", mine.join(",")));
        let chats = room::Entity::find().filter(room::Column::Visibility.eq(Visibility::Direct.as_str()));
        rooms.extend(chats.filter(mine).all(db).await?);
    }
    Ok(rooms)
}

fn is_no_chat() -> SimpleExpr {
    room::Column::Visibility.ne(Visibility::Direct.as_str())
}

/// The rooms that are not always open.
pub async fn list_gated(db: &impl ConnectionTrait) -> Found<Vec<room::Model>> {
    room::Entity::find().filter(room::Column::Opening.ne(Opening::Always.as_str())).all(db).await
}

/// Tables with rows that belong to a room; those that others refer to come last.
const OF_ROOMS: [&str; 17] = [
    "join_request",
    "kiosk",
    "contact",
    "draft",
    "upload",
    "stage",
    "video",
    "picture",
    "mention",
    "hidden",
    "message",
    "event",
    "member",
    "invite",
    "restriction",
    "held",
    "word_list",
];

/// Removes a room with everything in it. What the trail says of it stays, and names its address.
pub async fn remove_room(db: &impl ConnectionTrait, room: &room::Model) -> Found<()> {
    let keep =
        "UPDATE audit SET detail = SUBSTR('/r/' || $1 || ' ' || detail, 1, 200), room_id = NULL WHERE room_id = $2";
    let values = [room.slug.as_str().into(), room.id.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), keep, values)).await?;
    let reactions =
        format!("DELETE FROM reaction WHERE message_id IN (SELECT id FROM message WHERE room_id = {})", room.id);
    db.execute_unprepared(&reactions).await?;
    for table in OF_ROOMS {
        db.execute_unprepared(&format!("DELETE FROM {table} WHERE room_id = {}", room.id)).await?;
    }
    room::Entity::delete_by_id(room.id).exec(db).await.map(drop)
}

/// The first `limit` rooms of a page.
pub async fn list_rooms(db: &impl ConnectionTrait, query: &RoomsQuery, limit: u64) -> Found<Vec<room::Model>> {
    let words = query.words.trim().replace('\0', "\u{FFFD}");
    let mut rooms = room::Entity::find().filter(is_no_chat());
    if !words.is_empty() {
        let title = Expr::expr(Func::lower(Expr::col(room::Column::Title))).like(holds(&words.to_lowercase()));
        let slug = Expr::col(room::Column::Slug).like(holds(&words.to_lowercase()));
        rooms = rooms.filter(Condition::any().add(title).add(slug));
    }
    if let Some(visibility) = query.visibility {
        rooms = rooms.filter(room::Column::Visibility.eq(visibility.as_str()));
    }
    if let Some(archived) = query.archived {
        rooms = rooms.filter(room::Column::Archived.eq(archived));
    }
    if let Some(end) = query.after {
        rooms = rooms.filter(beyond(db, query, end).await?);
    }
    let order = if query.descending { Order::Desc } else { Order::Asc };
    let rooms = match query.order {
        RoomsOrder::Title => rooms.order_by(room::Column::Title, order.clone()),
        RoomsOrder::Active => rooms.order_by(room::Column::LastAt, order.clone()),
        RoomsOrder::Since => rooms,
    };
    rooms.order_by(room::Column::Id, order).limit(limit).all(db).await
}

/// What comes after the end of a page.
async fn beyond(db: &impl ConnectionTrait, query: &RoomsQuery, end: PageEnd) -> Found<Condition> {
    let is_beyond = |column: room::Column, value: Value| match query.descending {
        true => column.lt(value),
        false => column.gt(value),
    };
    let (column, value): (_, Value) = match query.order {
        RoomsOrder::Title => {
            let last = find_room(db, RoomId(end.id)).await?.map(|row| row.title).unwrap_or_default();
            (room::Column::Title, last.into())
        }
        RoomsOrder::Active => (room::Column::LastAt, end.at.into()),
        RoomsOrder::Since => return Ok(Condition::all().add(is_beyond(room::Column::Id, end.id.into()))),
    };
    let same = column.eq(value.clone()).and(is_beyond(room::Column::Id, end.id.into()));
    Ok(Condition::any().add(is_beyond(column, value)).add(same))
}

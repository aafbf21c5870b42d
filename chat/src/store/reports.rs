//! Queries about messages that were reported.

use super::DbErr;
use super::entities::{message, report, room};
use domain::contact::Report;
use domain::room::{Room, Visibility};
use domain::{MessageId, PersonId, RoomId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// A report that is to be kept.
pub struct NewReport {
    pub message: MessageId,
    pub room: RoomId,
    pub about: PersonId,
    pub by: PersonId,
    pub text: String,
    pub reason: String,
}

/// Where a message was said, and by whom.
pub async fn find_place(db: &impl ConnectionTrait, message: MessageId) -> Found<Option<(RoomId, PersonId, i64)>> {
    let row = message::Entity::find_by_id(message.0).one(db).await?;
    Ok(row.map(|row| (RoomId(row.room_id), PersonId(row.author_id), row.seq)))
}

/// What somebody said in a room up to a place, the last `limit`, oldest first; nothing of what was
/// taken back.
pub async fn list_texts(
    db: &impl ConnectionTrait,
    room: RoomId,
    author: PersonId,
    up_to: i64,
    limit: u64,
) -> Found<Vec<String>> {
    let rows = message::Entity::find()
        .filter(message::Column::RoomId.eq(room.0))
        .filter(message::Column::AuthorId.eq(author.0))
        .filter(message::Column::Seq.lte(up_to))
        .order_by_desc(message::Column::Seq)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().rev().map(|row| row.text).filter(|text| !text.is_empty()).collect())
}

/// Nothing if this person has reported this message already.
pub async fn create_report(db: &impl ConnectionTrait, new: NewReport, at: i64) -> Found<()> {
    let row = report::Model {
        id: 0,
        message_id: new.message.0,
        room_id: new.room.0,
        about_id: new.about.0,
        by_id: new.by.0,
        text: new.text,
        reason: new.reason,
        at,
        resolved_by: None,
        resolved_at: None,
    };
    let once = OnConflict::columns([report::Column::ById, report::Column::MessageId]).do_nothing().to_owned();
    let insert = report::ActiveModel { id: NotSet, ..report::ActiveModel::from(row).reset_all() };
    report::Entity::insert(insert).on_conflict(once).try_insert().exec_without_returning(db).await.map(drop)
}

/// The first `limit` behind one of them: those that wait, or those that were dealt with.
pub async fn list_reports(
    db: &impl ConnectionTrait,
    resolved: bool,
    oldest_first: bool,
    after: Option<i64>,
    limit: u64,
) -> Found<Vec<Report>> {
    let mut rows = report::Entity::find().filter(match resolved {
        true => report::Column::ResolvedAt.is_not_null(),
        false => report::Column::ResolvedAt.is_null(),
    });
    if let Some(last) = after {
        rows = rows.filter(if oldest_first { report::Column::Id.gt(last) } else { report::Column::Id.lt(last) });
    }
    let order = if oldest_first { Order::Asc } else { Order::Desc };
    let rows = rows.order_by(report::Column::Id, order).limit(limit).all(db).await?;
    let mut people: Vec<i64> = Vec::with_capacity(rows.len() * 3);
    for row in &rows {
        people.extend([row.about_id, row.by_id]);
        people.extend(row.resolved_by);
    }
    let people = super::people::list_named(db, people.into_iter()).await?;
    let rooms: Vec<i64> = rows.iter().map(|row| row.room_id).collect();
    let rooms = room::Entity::find()
        .filter(room::Column::Id.is_in(rooms))
        .filter(room::Column::Visibility.ne(Visibility::Direct.as_str()));
    let rooms: HashMap<i64, Room> =
        rooms.all(db).await?.iter().map(|row| Ok((row.id, row.try_into()?))).collect::<Found<_>>()?;
    let person = |id: i64| people.get(&id).cloned();
    let whole = |row: report::Model| {
        Some(Report {
            id: row.id,
            about: person(row.about_id)?,
            by: person(row.by_id)?,
            text: row.text,
            room: rooms.get(&row.room_id).cloned(),
            reason: row.reason,
            at: row.at,
            resolved: row.resolved_by.and_then(person).zip(row.resolved_at),
        })
    };
    Ok(rows.into_iter().filter_map(whole).collect())
}

pub async fn count_open(db: &impl ConnectionTrait) -> Found<u64> {
    report::Entity::find().filter(report::Column::ResolvedAt.is_null()).count(db).await
}

/// What a report that waits is about.
pub struct Reported {
    pub message: MessageId,
    pub room: RoomId,
    pub about: PersonId,
}

pub async fn find_open(db: &impl ConnectionTrait, id: i64) -> Found<Option<Reported>> {
    let open = report::Entity::find_by_id(id).filter(report::Column::ResolvedAt.is_null());
    let row = open.one(db).await?;
    let reported = |row: report::Model| Reported {
        message: MessageId(row.message_id),
        room: RoomId(row.room_id),
        about: PersonId(row.about_id),
    };
    Ok(row.map(reported))
}

/// `false` if somebody else was first.
pub async fn resolve(db: &impl ConnectionTrait, id: i64, by: PersonId, at: i64) -> Found<bool> {
    let change = report::ActiveModel { resolved_by: Set(Some(by.0)), resolved_at: Set(Some(at)), ..Default::default() };
    let done = report::Entity::update_many()
        .set(change)
        .filter(report::Column::Id.eq(id))
        .filter(report::Column::ResolvedAt.is_null());
    Ok(done.exec(db).await?.rows_affected == 1)
}

/// The last message in a room that is not somebody's own and was not taken back.
pub async fn find_last_of_other(db: &impl ConnectionTrait, room: RoomId, me: i64) -> Found<Option<MessageId>> {
    let row = message::Entity::find()
        .filter(message::Column::RoomId.eq(room.0))
        .filter(message::Column::AuthorId.ne(me))
        .filter(message::Column::Text.ne(""))
        .order_by_desc(message::Column::Seq)
        .one(db)
        .await?;
    Ok(row.map(|row| MessageId(row.id)))
}

//! Queries about who asks to join a room.

use super::DbErr;
use super::entities::{join_request, person, room};
use domain::join_request::JoinRequest;
use domain::{PersonId, RoomId};
use join_request::Column as C;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};

type Found<T> = Result<T, DbErr>;

/// Those that nobody has decided. What a disabled account asked waits until it is enabled again.
fn open(room: RoomId) -> Select<join_request::Entity> {
    let enabled = person::Entity::find().filter(person::Column::Disabled.eq(false));
    let enabled = enabled.select_only().column(person::Column::Id).into_query();
    let asked = join_request::Entity::find().filter(C::RoomId.eq(room.0)).filter(C::DeclinedAt.is_null());
    asked.filter(C::PersonId.in_subquery(enabled))
}

/// Open or declined.
pub async fn find_request(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
) -> Found<Option<join_request::Model>> {
    join_request::Entity::find_by_id((room.0, person.0)).one(db).await
}

/// Keeps it in the place of an earlier one.
pub async fn put_request(db: &impl ConnectionTrait, row: join_request::Model) -> Found<()> {
    let mut anew = OnConflict::columns([C::RoomId, C::PersonId]);
    anew.update_columns([C::Words, C::At, C::DeclinedAt]);
    let insert = join_request::Entity::insert(row.into_active_model().reset_all()).on_conflict(anew);
    insert.exec_without_returning(db).await.map(drop)
}

/// The first `limit` that are open, in the order of asking.
pub async fn list_open(db: &impl ConnectionTrait, room: RoomId, limit: u64) -> Found<Vec<JoinRequest>> {
    let rows = open(room).order_by_asc(C::At).order_by_asc(C::PersonId).limit(limit);
    let rows = rows.find_also_related(person::Entity).all(db).await?;
    let whole = |(row, person): (join_request::Model, Option<person::Model>)| {
        Some(JoinRequest { person: person?.into(), words: row.words, at: row.at })
    };
    Ok(rows.into_iter().filter_map(whole).collect())
}

pub async fn count_open(db: &impl ConnectionTrait, room: RoomId) -> Found<u64> {
    open(room).count(db).await
}

pub async fn remove_request(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<()> {
    join_request::Entity::delete_by_id((room.0, person.0)).exec(db).await.map(drop)
}

/// What somebody asks in which room, by its title and address, in the order of asking.
pub async fn list_of(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<(join_request::Model, room::Model)>> {
    let rows = join_request::Entity::find().filter(C::PersonId.eq(person.0)).order_by_asc(C::At);
    let rows = rows.find_also_related(room::Entity).all(db).await?;
    Ok(rows.into_iter().filter_map(|(row, room)| Some((row, room?))).collect())
}

pub async fn remove_of(db: &impl ConnectionTrait, person: PersonId) -> Found<()> {
    join_request::Entity::delete_many().filter(C::PersonId.eq(person.0)).exec(db).await.map(drop)
}

/// Forgets those that were declined before a time.
pub async fn remove_declined_before(db: &impl ConnectionTrait, at: i64) -> Found<()> {
    join_request::Entity::delete_many().filter(C::DeclinedAt.lt(at)).exec(db).await.map(drop)
}

//! Queries about who belongs to which room.

use super::DbErr;
use super::entities::{member, person};
use domain::member::{Member, Role};
use domain::{PersonId, RoomId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, Statement, Value,
};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

pub async fn find_member(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<Option<member::Model>> {
    member::Entity::find_by_id((room.0, person.0)).one(db).await
}

/// The roles of these people in these rooms; who is missing is no member.
pub async fn find_roles(
    db: &impl ConnectionTrait,
    wanted: Vec<(RoomId, PersonId)>,
) -> Found<HashMap<(RoomId, PersonId), Role>> {
    let row = |i: usize| format!("(CAST(${} AS BIGINT), CAST(${} AS BIGINT))", 2 * i + 1, 2 * i + 2);
    let rows: Vec<String> = (0..wanted.len()).map(row).collect();
    let sql = format!(
        "SELECT room_id, person_id, role FROM member WHERE (room_id, person_id) IN (VALUES {})",
        rows.join(", ")
    );
    let values: Vec<Value> = wanted.into_iter().flat_map(|(room, person)| [room.0.into(), person.0.into()]).collect();
    let found = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let role = |row: &QueryResult| {
        let role: String = row.try_get_by_index(2)?;
        let place = (RoomId(row.try_get_by_index(0)?), PersonId(row.try_get_by_index(1)?));
        Ok((place, member::role_of(&role)?))
    };
    found.iter().map(role).collect()
}

/// The first `limit` members, hosts first, then by name.
pub async fn list_members(db: &impl ConnectionTrait, room: RoomId, limit: u64) -> Found<Vec<Member>> {
    let rows = member::Entity::find()
        .filter(member::Column::RoomId.eq(room.0))
        // "host" sorts before "member".
        .order_by_asc(member::Column::Role)
        .order_by_asc(person::Column::NameKey)
        .limit(limit)
        .find_also_related(person::Entity)
        .all(db)
        .await?;
    rows.into_iter().filter_map(|(member, person)| Some(member.with(person?))).collect()
}

/// Everybody who belongs to a room.
pub async fn list_member_ids(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<PersonId>> {
    let ids: Vec<i64> = member::Entity::find()
        .filter(member::Column::RoomId.eq(room.0))
        .select_only()
        .column(member::Column::PersonId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(PersonId).collect())
}

/// A person's memberships.
pub async fn list_memberships(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<member::Model>> {
    member::Entity::find().filter(member::Column::PersonId.eq(person.0)).all(db).await
}

pub async fn has_other_host(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<bool> {
    let others = member::Entity::find()
        .filter(member::Column::RoomId.eq(room.0))
        .filter(member::Column::Role.eq(Role::Host.as_str()))
        .filter(member::Column::PersonId.ne(person.0));
    Ok(others.count(db).await? > 0)
}

/// `read` is the place up to which the history counts as seen.
pub async fn create_member(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
    role: Role,
    at: i64,
    read: i64,
) -> Found<()> {
    let row = member::ActiveModel {
        room_id: Set(room.0),
        person_id: Set(person.0),
        role: Set(role.as_str().to_owned()),
        joined_at: Set(at),
        last_read_seq: Set(read),
    };
    member::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

pub async fn change_role(db: &impl ConnectionTrait, room: RoomId, person: PersonId, role: Role) -> Found<()> {
    let change = member::ActiveModel { role: Set(role.as_str().to_owned()), ..Default::default() };
    member::Entity::update_many()
        .set(change)
        .filter(member::Column::RoomId.eq(room.0))
        .filter(member::Column::PersonId.eq(person.0))
        .exec(db)
        .await
        .map(drop)
}

/// Raises what a member has seen; never lowers it.
pub async fn change_last_read(db: &impl ConnectionTrait, room: RoomId, person: PersonId, seq: i64) -> Found<()> {
    member::Entity::update_many()
        .col_expr(member::Column::LastReadSeq, Expr::value(seq))
        .filter(member::Column::RoomId.eq(room.0))
        .filter(member::Column::PersonId.eq(person.0))
        .filter(Expr::col(member::Column::LastReadSeq).lt(seq))
        .exec(db)
        .await
        .map(drop)
}

pub async fn remove_member(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<()> {
    member::Entity::delete_by_id((room.0, person.0)).exec(db).await.map(drop)
}

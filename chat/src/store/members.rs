//! Queries about who belongs to which room.

use super::DbErr;
use super::entities::{member, person};
use domain::member::{Member, Role};
use domain::{PersonId, RoomId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, Statement, Value,
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

/// The hosts of a room.
pub async fn list_host_ids(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<PersonId>> {
    let hosts = member::Entity::find()
        .filter(member::Column::RoomId.eq(room.0))
        .filter(member::Column::Role.eq(Role::Host.as_str()));
    Ok(hosts.all(db).await?.into_iter().map(|row| PersonId(row.person_id)).collect())
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

pub async fn has_other_host(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<bool> {
    let others = member::Entity::find()
        .filter(member::Column::RoomId.eq(room.0))
        .filter(member::Column::Role.eq(Role::Host.as_str()))
        .filter(member::Column::PersonId.ne(person.0));
    Ok(others.count(db).await? > 0)
}

/// What was said up to now counts as heard, up to the place `read` as seen.
pub async fn create_member(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
    role: Role,
    at: i64,
    read: i64,
) -> Found<()> {
    let insert = Statement::from_sql_and_values(
        db.get_database_backend(),
        "INSERT INTO member (room_id, person_id, role, joined_at, last_read_seq, heard) \
         SELECT id, $1, $2, $3, $4, said FROM room WHERE id = $5",
        [person.0.into(), role.as_str().into(), at.into(), read.into(), room.0.into()],
    );
    db.execute_raw(insert).await.map(drop)
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

/// Raises what a member has seen; never lowers it. What is heard with it is counted from the
/// nearer side: from what was seen before, or from the end.
pub async fn change_last_read(db: &impl ConnectionTrait, room: RoomId, person: PersonId, seq: i64) -> Found<()> {
    lock_room(db, room).await?;
    let others = "SELECT COUNT(*) FROM message m WHERE m.room_id = $1 AND m.author_id <> $2";
    let sql = format!(
        "UPDATE member SET last_read_seq = $3, heard = CASE \
         WHEN (SELECT r.last_seq FROM room r WHERE r.id = $1) - $3 < $3 - last_read_seq \
         THEN (SELECT r.said FROM room r WHERE r.id = $1) - ({others} AND m.seq > $3) \
         ELSE heard + ({others} AND m.seq > last_read_seq AND m.seq <= $3) END \
         WHERE room_id = $1 AND person_id = $2 AND last_read_seq < $3"
    );
    let values = [room.0.into(), person.0.into(), seq.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.map(drop)
}

/// Until the transaction ends nobody says anything there. SQLite has one writer anyway.
async fn lock_room(db: &impl ConnectionTrait, room: RoomId) -> Found<()> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    db.execute_unprepared(&format!("SELECT id FROM room WHERE id = {} FOR UPDATE", room.0)).await.map(drop)
}

pub async fn remove_member(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<()> {
    member::Entity::delete_by_id((room.0, person.0)).exec(db).await.map(drop)
}

//! Queries about who belongs to which room.

use super::DbErr;
use super::entities::{member, person};
use super::people::holds;
use crate::members::MembersQuery;
use domain::member::{Member, Role};
use domain::{PersonId, RoomId};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait,
    IntoActiveModel, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Statement,
};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

pub async fn find_member(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<Option<member::Model>> {
    member::Entity::find_by_id((room.0, person.0)).one(db).await
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

/// Whether a room has another host who can act. Where it matters, after [`lock_room`].
pub async fn has_other_host(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<bool> {
    let others = "SELECT 1 FROM member m JOIN person p ON p.id = m.person_id \
                  WHERE m.room_id = $1 AND m.person_id <> $2 AND m.role = 'host' AND NOT p.disabled LIMIT 1";
    let values = [room.0.into(), person.0.into()];
    Ok(db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), others, values)).await?.is_some())
}

/// Of the other members who can act, the one who has been there longest. Where it matters, after
/// [`lock_room`].
pub async fn find_eldest_other(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<Option<PersonId>> {
    let eldest = "SELECT m.person_id FROM member m JOIN person p ON p.id = m.person_id WHERE m.room_id = $1 \
                  AND m.person_id <> $2 AND NOT p.disabled ORDER BY m.joined_at, m.person_id LIMIT 1";
    let values = [room.0.into(), person.0.into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), eldest, values)).await?;
    row.map(|row| Ok(PersonId(row.try_get_by_index(0)?))).transpose()
}

/// How many members these rooms have; none is missing that has any.
pub async fn count_members(db: &impl ConnectionTrait, rooms: Vec<RoomId>) -> Found<HashMap<RoomId, u64>> {
    let rows: Vec<(i64, i64)> = member::Entity::find()
        .filter(member::Column::RoomId.is_in(rooms.iter().map(|room| room.0)))
        .select_only()
        .column(member::Column::RoomId)
        .column_as(member::Column::PersonId.count(), "members")
        .group_by(member::Column::RoomId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(room, members)| (RoomId(room), members.unsigned_abs())).collect())
}

/// The rooms that somebody is host of, for a condition of another query.
pub fn hosted_by(person: PersonId) -> SelectStatement {
    let mut hosted = member::Entity::find().select_only().column(member::Column::RoomId);
    hosted = hosted.filter(member::Column::PersonId.eq(person.0)).filter(member::Column::Role.eq(Role::Host.as_str()));
    hosted.into_query()
}

/// Rooms that this person alone can run.
pub async fn list_only_hosted(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<RoomId>> {
    let alone = "SELECT m.room_id FROM member m WHERE m.person_id = $1 AND m.role = 'host' AND NOT EXISTS (\
                 SELECT 1 FROM member o JOIN person p ON p.id = o.person_id WHERE o.room_id = m.room_id \
                 AND o.person_id <> $1 AND o.role = 'host' AND NOT p.disabled)";
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), alone, [person.0.into()]));
    rows.await?.iter().map(|row| Ok(RoomId(row.try_get_by_index(0)?))).collect()
}

/// The first `limit` members in the order of a query whose names hold the words (as names are compared,
/// and as typed).
pub async fn list_members_page(
    db: &impl ConnectionTrait,
    room: RoomId,
    words: (&str, &str),
    query: &MembersQuery,
    limit: u64,
) -> Found<Vec<Member>> {
    let mut rows = member::Entity::find().filter(member::Column::RoomId.eq(room.0)).find_also_related(person::Entity);
    if !words.0.is_empty() {
        let name = Expr::col((person::Entity, person::Column::NameKey)).like(holds(words.0));
        let display = Expr::col((person::Entity, person::Column::Display)).like(holds(words.1));
        rows = rows.filter(Condition::any().add(name).add(display));
    }
    if let Some(last) = query.after
        && let Some(member) = find_member(db, room, last).await?
        && let Some(person) = super::people::find_person(db, last).await?
    {
        rows = rows.filter(behind(query, member.role, person.name_key));
    }
    let order = if query.descending { Order::Desc } else { Order::Asc };
    if !query.by_name {
        // "host" sorts before "member".
        rows = rows.order_by(member::Column::Role, order.clone());
    }
    let rows = rows.order_by(person::Column::NameKey, order).limit(limit).all(db).await?;
    rows.into_iter().filter_map(|(member, person)| Some(member.with(person?))).collect()
}

/// What comes after a member of this role and name.
fn behind(query: &MembersQuery, role: String, name_key: String) -> Condition {
    let (role_behind, name_behind) = match query.descending {
        true => (member::Column::Role.lt(role.as_str()), person::Column::NameKey.lt(name_key)),
        false => (member::Column::Role.gt(role.as_str()), person::Column::NameKey.gt(name_key)),
    };
    match query.by_name {
        true => Condition::all().add(name_behind),
        false => Condition::any().add(role_behind).add(member::Column::Role.eq(role).and(name_behind)),
    }
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

/// A member who is what they were, with all that they had seen and chosen.
pub async fn restore_member(db: &impl ConnectionTrait, row: member::Model) -> Found<()> {
    member::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.map(drop)
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
        "UPDATE member SET last_read_seq = $3, undo_seq = NULL, heard = CASE \
         WHEN (SELECT r.last_seq FROM room r WHERE r.id = $1) - $3 < $3 - last_read_seq \
         THEN (SELECT r.said FROM room r WHERE r.id = $1) - ({others} AND m.seq > $3) \
         ELSE heard + ({others} AND m.seq > last_read_seq AND m.seq <= $3) END \
         WHERE room_id = $1 AND person_id = $2 AND last_read_seq < $3"
    );
    let values = [room.0.into(), person.0.into(), seq.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.map(drop)
}

/// When a member said something last; 0 for never.
pub async fn find_said_at(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<i64> {
    Ok(find_member(db, room, person).await?.map_or(0, |row| row.said_at))
}

pub async fn change_said_at(db: &impl ConnectionTrait, room: RoomId, person: PersonId, at: i64) -> Found<()> {
    member::Entity::update_many()
        .col_expr(member::Column::SaidAt, Expr::value(at))
        .filter(member::Column::RoomId.eq(room.0))
        .filter(member::Column::PersonId.eq(person.0))
        .exec(db)
        .await
        .map(drop)
}

/// Until the transaction ends nobody says anything there, comes or goes. SQLite has one writer anyway.
pub async fn lock_room(db: &impl ConnectionTrait, room: RoomId) -> Found<()> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    db.execute_unprepared(&format!("SELECT id FROM room WHERE id = {} FOR UPDATE", room.0)).await.map(drop)
}

pub async fn remove_member(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<()> {
    member::Entity::delete_by_id((room.0, person.0)).exec(db).await.map(drop)
}

//! Queries about who may not write in a room, or not be in it.

use super::DbErr;
use super::entities::{member, person, restriction, room};
use crate::accounts::PageEnd;
use crate::known::{Curb, Footing};
use domain::moderation::{RestrictedIn, Restriction};
use domain::room::Room;
use domain::{PersonId, RoomId};
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Order, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, Statement, Value,
};
use std::collections::HashMap;
use std::sync::Arc;

type Found<T> = Result<T, DbErr>;

/// What these people are and may not do in these rooms; who is missing is nothing there.
pub async fn find_standings(
    db: &impl ConnectionTrait,
    wanted: Vec<(RoomId, PersonId)>,
) -> Found<HashMap<(RoomId, PersonId), Footing>> {
    let row = |i: usize| format!("(CAST(${} AS BIGINT), CAST(${} AS BIGINT))", 2 * i + 1, 2 * i + 2);
    let rows: Vec<String> = (0..wanted.len()).map(row).collect();
    let sql = format!(
        "SELECT v.column1, v.column2, m.role, r.muted_until, r.banned, r.reason, r.at \
         FROM (VALUES {}) AS v \
         LEFT JOIN member m ON m.room_id = v.column1 AND m.person_id = v.column2 \
         LEFT JOIN restriction r ON r.room_id = v.column1 AND r.person_id = v.column2",
        rows.join(", ")
    );
    let values: Vec<Value> = wanted.into_iter().flat_map(|(room, person)| [room.0.into(), person.0.into()]).collect();
    let found = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    found.iter().map(standing).collect()
}

fn standing(row: &QueryResult) -> Found<((RoomId, PersonId), Footing)> {
    let place = (RoomId(row.try_get_by_index(0)?), PersonId(row.try_get_by_index(1)?));
    let role: Option<String> = row.try_get_by_index(2)?;
    let banned: Option<bool> = row.try_get_by_index(4)?;
    let curb = match banned {
        None => None,
        Some(banned) => Some(Arc::new(Curb {
            muted_until: row.try_get_by_index(3)?,
            banned,
            reason: row.try_get_by_index(5)?,
            at: row.try_get_by_index(6)?,
        })),
    };
    Ok((place, Footing { role: role.as_deref().map(member::role_of).transpose()?, curb }))
}

pub async fn find_restriction(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
) -> Found<Option<restriction::Model>> {
    restriction::Entity::find_by_id((room.0, person.0)).one(db).await
}

/// Keeps it in place of an earlier one, or forgets it if it restricts nothing; and notes
/// whether anybody is restricted in the room.
pub async fn change_restriction(db: &impl ConnectionTrait, row: restriction::Model) -> Found<()> {
    use restriction::Column::{At, Banned, ById, MutedUntil, PersonId, Reason, RoomId};
    let room = row.room_id;
    if row.muted_until.is_none() && !row.banned {
        restriction::Entity::delete_by_id((row.room_id, row.person_id)).exec(db).await?;
    } else {
        let mut anew = OnConflict::columns([RoomId, PersonId]);
        anew.update_columns([MutedUntil, Banned, Reason, ById, At]);
        let insert = restriction::Entity::insert(row.into_active_model().reset_all()).on_conflict(anew);
        insert.exec_without_returning(db).await?;
    }
    let note = "UPDATE room SET restricted = EXISTS (SELECT 1 FROM restriction r WHERE r.room_id = room.id) \
                WHERE id = $1";
    let note = Statement::from_sql_and_values(db.get_database_backend(), note, [room.into()]);
    db.execute_raw(note).await.map(drop)
}

/// Forgets mutes that are over.
pub async fn remove_over(db: &impl ConnectionTrait, now: i64) -> Found<()> {
    let over = restriction::Entity::delete_many()
        .filter(restriction::Column::Banned.eq(false))
        .filter(restriction::Column::MutedUntil.lt(now));
    if over.exec(db).await?.rows_affected == 0 {
        return Ok(());
    }
    let note = "UPDATE room SET restricted = EXISTS (SELECT 1 FROM restriction r WHERE r.room_id = room.id) \
                WHERE restricted";
    db.execute_unprepared(note).await.map(drop)
}

/// The newest `limit` of a room that still restrict somebody.
pub async fn list_restrictions(
    db: &impl ConnectionTrait,
    room: RoomId,
    now: i64,
    limit: u64,
) -> Found<Vec<Restriction>> {
    list_restrictions_page(db, room, now, false, None, limit).await
}

/// What still restricts somebody, the newest `limit`.
pub async fn list_of_person(
    db: &impl ConnectionTrait,
    person: PersonId,
    now: i64,
    limit: u64,
) -> Found<Vec<RestrictedIn>> {
    use restriction::Column as C;
    let bites = Condition::any().add(C::Banned.eq(true)).add(C::MutedUntil.gt(now));
    let rows = restriction::Entity::find().filter(C::PersonId.eq(person.0)).filter(bites);
    let rows = rows.order_by_desc(C::At).order_by_desc(C::RoomId).limit(limit).all(db).await?;
    let rooms = room::Entity::find().filter(room::Column::Id.is_in(rows.iter().map(|row| row.room_id)));
    let rooms: HashMap<i64, Room> =
        rooms.all(db).await?.iter().map(|row| Ok((row.id, row.try_into()?))).collect::<Found<_>>()?;
    let whole = |row: restriction::Model| {
        let restriction::Model { room_id, muted_until, banned, reason, .. } = row;
        let muted_until = muted_until.filter(|until| *until > now);
        Some(RestrictedIn { room: rooms.get(&room_id)?.clone(), muted_until, banned, reason })
    };
    Ok(rows.into_iter().filter_map(whole).collect())
}

/// The first `limit` of them behind one, newest or oldest first.
pub async fn list_restrictions_page(
    db: &impl ConnectionTrait,
    room: RoomId,
    now: i64,
    oldest_first: bool,
    after: Option<PageEnd>,
    limit: u64,
) -> Found<Vec<Restriction>> {
    use restriction::Column::{At, Banned, MutedUntil, PersonId};
    let bites = Condition::any().add(Banned.eq(true)).add(MutedUntil.gt(now));
    let mut rows = restriction::Entity::find().filter(restriction::Column::RoomId.eq(room.0)).filter(bites);
    if let Some(PageEnd { id, at }) = after {
        let (later, same) = match oldest_first {
            true => (At.gt(at), PersonId.gt(id)),
            false => (At.lt(at), PersonId.lt(id)),
        };
        rows = rows.filter(Condition::any().add(later).add(At.eq(at).and(same)));
    }
    let order = if oldest_first { Order::Asc } else { Order::Desc };
    let rows = rows.order_by(At, order.clone()).order_by(PersonId, order).limit(limit).all(db).await?;
    let ids: Vec<i64> = rows.iter().flat_map(|row| [row.person_id, row.by_id]).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    let people: HashMap<i64, domain::person::Person> = people.into_iter().map(|row| (row.id, row.into())).collect();
    let whole = |row: restriction::Model| {
        Some(Restriction {
            person: people.get(&row.person_id)?.clone(),
            muted_until: row.muted_until,
            banned: row.banned,
            reason: row.reason,
            by: people.get(&row.by_id)?.clone(),
            at: row.at,
        })
    };
    Ok(rows.into_iter().filter_map(whole).collect())
}

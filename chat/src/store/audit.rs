//! Queries about the audit trail.

use super::DbErr;
use super::entities::{audit, person, room, unknown};
use domain::audit::{Act, AuditLine};
use domain::person::Person;
use domain::room::Room;
use domain::{PersonId, RoomId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// A line that is to be added.
pub type NewLine = audit::Model;

/// Which lines are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub room: Option<RoomId>,
    /// Who did it, or whom it was done to.
    pub person: Option<PersonId>,
    pub act: Option<Act>,
    /// Behind this line.
    pub after: Option<i64>,
    pub oldest_first: bool,
}

pub async fn create_line(db: &impl ConnectionTrait, new: NewLine) -> Found<()> {
    let insert = audit::ActiveModel { id: NotSet, ..audit::ActiveModel::from(new).reset_all() };
    audit::Entity::insert(insert).exec_without_returning(db).await.map(drop)
}

/// The first `limit` of them in their order.
pub async fn list_lines(db: &impl ConnectionTrait, wanted: Wanted, limit: usize) -> Found<Vec<AuditLine>> {
    let Wanted { room, person, act, after, oldest_first } = wanted;
    let mut all = Condition::all();
    all = all.add_option(room.map(|room| audit::Column::RoomId.eq(room.0)));
    all = all.add_option(person.map(|person| {
        Condition::any().add(audit::Column::ById.eq(person.0)).add(audit::Column::PersonId.eq(person.0))
    }));
    all = all.add_option(act.map(|act| audit::Column::Act.eq(act.as_str())));
    all = all.add_option(after.map(|id| match oldest_first {
        true => audit::Column::Id.gt(id),
        false => audit::Column::Id.lt(id),
    }));
    let order = if oldest_first { Order::Asc } else { Order::Desc };
    let rows = audit::Entity::find().filter(all).order_by(audit::Column::Id, order).limit(limit as u64);
    let rows = rows.all(db).await?;
    let named: Vec<i64> = rows.iter().flat_map(|row| [row.by_id, row.person_id]).flatten().collect();
    let placed: Vec<i64> = rows.iter().filter_map(|row| row.room_id).collect();
    let (people, rooms) = (find_people(db, named).await?, find_rooms(db, placed).await?);
    rows.into_iter().map(|row| line(row, &people, &rooms)).collect()
}

fn line(row: audit::Model, people: &HashMap<i64, Person>, rooms: &HashMap<i64, Room>) -> Found<AuditLine> {
    let person = |id: Option<i64>| id.and_then(|id| people.get(&id)).cloned();
    Ok(AuditLine {
        id: row.id,
        at: row.at,
        by: person(row.by_id),
        act: Act::parse(&row.act).ok_or_else(|| unknown("audit.act", &row.act))?,
        room: row.room_id.and_then(|id| rooms.get(&id)).cloned(),
        person: person(row.person_id),
        thing: row.thing,
        detail: row.detail,
    })
}

async fn find_people(db: &impl ConnectionTrait, ids: Vec<i64>) -> Found<HashMap<i64, Person>> {
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

async fn find_rooms(db: &impl ConnectionTrait, ids: Vec<i64>) -> Found<HashMap<i64, Room>> {
    let rows = room::Entity::find().filter(room::Column::Id.is_in(ids)).all(db).await?;
    rows.iter().map(|row| Ok((row.id, Room::try_from(row)?))).collect()
}

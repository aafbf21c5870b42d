//! Queries about the links of projectors.

use super::DbErr;
use super::entities::{kiosk, person};
use super::members::hosted_by;
use domain::kiosk::{Kiosk, KioskRule};
use domain::person::Person;
use domain::{KioskId, PersonId, RoomId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

type Found<T> = Result<T, DbErr>;

pub async fn create_kiosk(
    db: &impl ConnectionTrait,
    room: RoomId,
    rule: KioskRule,
    token_hash: String,
    by: PersonId,
    at: i64,
) -> Found<()> {
    let row = kiosk::ActiveModel {
        id: NotSet,
        room_id: Set(room.0),
        token_hash: Set(token_hash),
        name: Set(rule.name),
        sequence: Set(rule.sequence.as_str().to_owned()),
        seconds: Set(rule.seconds.into()),
        fit: Set(rule.fit.as_str().to_owned()),
        code: Set(rule.code),
        created_at: Set(at),
        by_id: Set(Some(by.0)),
    };
    kiosk::Entity::insert(row).exec(db).await.map(drop)
}

/// The room that a link belongs to, and the link; not who made it.
pub async fn find_kiosk(db: &impl ConnectionTrait, token_hash: &str) -> Found<Option<(RoomId, Kiosk)>> {
    let found = kiosk::Entity::find().filter(kiosk::Column::TokenHash.eq(token_hash)).one(db).await?;
    found.map(|row| Ok((RoomId(row.room_id), row.with(None)?))).transpose()
}

/// A room's links, newest first.
pub async fn list_kiosks(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<Kiosk>> {
    let rows = kiosk::Entity::find().filter(kiosk::Column::RoomId.eq(room.0)).order_by_desc(kiosk::Column::Id);
    let rows = rows.all(db).await?;
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.by_id).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    let maker = |row: &kiosk::Model| people.iter().find(|person| Some(person.id) == row.by_id).cloned();
    rows.into_iter().map(|row| row.clone().with(maker(&row).map(Person::from))).collect()
}

pub async fn count_kiosks(db: &impl ConnectionTrait, room: RoomId) -> Found<u64> {
    kiosk::Entity::find().filter(kiosk::Column::RoomId.eq(room.0)).count(db).await
}

/// Whether there was one to remove.
pub async fn remove_kiosk(db: &impl ConnectionTrait, room: RoomId, id: KioskId) -> Found<bool> {
    let gone = kiosk::Entity::delete_many()
        .filter(kiosk::Column::Id.eq(id.0))
        .filter(kiosk::Column::RoomId.eq(room.0))
        .exec(db)
        .await?;
    Ok(gone.rows_affected > 0)
}

/// Forgets the links that somebody made, except of the rooms that they are host of if those shall
/// stay.
pub async fn remove_made_by(db: &impl ConnectionTrait, person: PersonId, keeps_hosted: bool) -> Found<()> {
    let mut made = kiosk::Entity::delete_many().filter(kiosk::Column::ById.eq(person.0));
    if keeps_hosted {
        made = made.filter(kiosk::Column::RoomId.not_in_subquery(hosted_by(person)));
    }
    made.exec(db).await.map(drop)
}

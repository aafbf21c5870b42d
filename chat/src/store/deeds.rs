//! Queries about what hosts did to pictures or about people and can undo.

use super::DbErr;
use super::entities::deed;
use domain::{DeedId, PersonId, RoomId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};

type Found<T> = Result<T, DbErr>;

/// `undoing`: what undoes it, as JSON.
pub async fn create_deed(
    db: &impl ConnectionTrait,
    room: RoomId,
    by: PersonId,
    at: i64,
    undoing: String,
) -> Found<DeedId> {
    let row =
        deed::ActiveModel { id: NotSet, room_id: Set(room.0), by_id: Set(by.0), at: Set(at), undoing: Set(undoing) };
    Ok(DeedId(deed::Entity::insert(row).exec(db).await?.last_insert_id))
}

/// What undoes somebody's deed in a room, if it was done since a time.
pub async fn find_undoing(
    db: &impl ConnectionTrait,
    id: DeedId,
    (room, by): (RoomId, PersonId),
    since: i64,
) -> Found<Option<String>> {
    let found = deed::Entity::find_by_id(id.0)
        .filter(deed::Column::RoomId.eq(room.0))
        .filter(deed::Column::ById.eq(by.0))
        .filter(deed::Column::At.gte(since));
    Ok(found.one(db).await?.map(|row| row.undoing))
}

pub async fn remove_before(db: &impl ConnectionTrait, time: i64) -> Found<()> {
    deed::Entity::delete_many().filter(deed::Column::At.lt(time)).exec(db).await.map(drop)
}

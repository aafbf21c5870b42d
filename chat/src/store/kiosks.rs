//! Queries about the links of projectors.

use super::DbErr;
use super::entities::kiosk;
use domain::kiosk::{Kiosk, KioskRule};
use domain::{KioskId, RoomId};
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
    };
    kiosk::Entity::insert(row).exec(db).await.map(drop)
}

/// The room that a link belongs to, and the link.
pub async fn find_kiosk(db: &impl ConnectionTrait, token_hash: &str) -> Found<Option<(RoomId, Kiosk)>> {
    let found = kiosk::Entity::find().filter(kiosk::Column::TokenHash.eq(token_hash)).one(db).await?;
    found.map(|row| Ok((RoomId(row.room_id), row.try_into()?))).transpose()
}

/// A room's links, newest first.
pub async fn list_kiosks(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<Kiosk>> {
    let rows = kiosk::Entity::find().filter(kiosk::Column::RoomId.eq(room.0)).order_by_desc(kiosk::Column::Id);
    rows.all(db).await?.into_iter().map(Kiosk::try_from).collect()
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

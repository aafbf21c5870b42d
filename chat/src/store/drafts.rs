//! Queries about drafts. Everybody has their own only.

use super::DbErr;
use super::entities::draft;
use domain::{PersonId, RoomId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

type Found<T> = Result<T, DbErr>;

/// Keeps a draft in the place of the one before; an empty one is removed.
pub async fn put_draft(db: &impl ConnectionTrait, person: PersonId, room: RoomId, text: String, at: i64) -> Found<()> {
    if text.is_empty() {
        return draft::Entity::delete_by_id((person.0, room.0)).exec(db).await.map(drop);
    }
    let row = draft::ActiveModel { person_id: Set(person.0), room_id: Set(room.0), text: Set(text), at: Set(at) };
    let key = [draft::Column::PersonId, draft::Column::RoomId];
    let or_change = OnConflict::columns(key).update_columns([draft::Column::Text, draft::Column::At]).to_owned();
    draft::Entity::insert(row).on_conflict(or_change).exec_without_returning(db).await.map(drop)
}

pub async fn find_draft(db: &impl ConnectionTrait, person: PersonId, room: RoomId) -> Found<Option<String>> {
    Ok(draft::Entity::find_by_id((person.0, room.0)).one(db).await?.map(|row| row.text))
}

/// All of somebody's.
pub async fn list_drafts(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<(RoomId, String)>> {
    let rows = draft::Entity::find().filter(draft::Column::PersonId.eq(person.0)).all(db).await?;
    Ok(rows.into_iter().map(|row| (RoomId(row.room_id), row.text)).collect())
}

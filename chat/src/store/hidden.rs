//! Queries about messages that people have hidden from themselves.

use super::DbErr;
use super::entities::{hidden, room};
use domain::{MessageId, PersonId, RoomId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

type Found<T> = Result<T, DbErr>;

/// Hides a message from somebody, and notes that there is such a one in the room.
pub async fn create_hidden(
    db: &impl ConnectionTrait,
    person: PersonId,
    room: RoomId,
    message: MessageId,
    at: i64,
) -> Found<()> {
    use hidden::Column::{MessageId, PersonId};
    let row =
        hidden::ActiveModel { person_id: Set(person.0), message_id: Set(message.0), room_id: Set(room.0), at: Set(at) };
    let once = OnConflict::columns([PersonId, MessageId]).do_nothing().to_owned();
    hidden::Entity::insert(row).on_conflict(once).exec_without_returning(db).await?;
    room::Entity::update_many()
        .col_expr(room::Column::Hides, Expr::value(true))
        .filter(room::Column::Id.eq(room.0))
        .filter(room::Column::Hides.eq(false))
        .exec(db)
        .await
        .map(drop)
}

pub async fn remove_hidden(db: &impl ConnectionTrait, person: PersonId, message: MessageId) -> Found<()> {
    hidden::Entity::delete_by_id((person.0, message.0)).exec(db).await.map(drop)
}

/// What somebody hid in a room last, at most `limit`.
pub async fn list_hidden(
    db: &impl ConnectionTrait,
    person: PersonId,
    room: RoomId,
    limit: u64,
) -> Found<Vec<MessageId>> {
    let rows = hidden::Entity::find()
        .filter(hidden::Column::PersonId.eq(person.0))
        .filter(hidden::Column::RoomId.eq(room.0))
        .order_by_desc(hidden::Column::At)
        .limit(limit);
    Ok(rows.all(db).await?.into_iter().map(|row| MessageId(row.message_id)).collect())
}

/// Whether somebody has hidden any of these.
pub async fn has_hidden(db: &impl ConnectionTrait, person: PersonId, messages: &[MessageId]) -> Found<bool> {
    let some = hidden::Entity::find()
        .filter(hidden::Column::PersonId.eq(person.0))
        .filter(hidden::Column::MessageId.is_in(messages.iter().map(|id| id.0)));
    Ok(some.one(db).await?.is_some())
}

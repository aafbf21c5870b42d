//! Queries about what other systems call our people, rooms and messages.

use super::DbErr;
use super::entities::{alias, identity, original, person, room};
use domain::{MessageId, PersonId, RoomId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// Somebody by what a system calls them.
pub async fn find_identity(
    db: &impl ConnectionTrait,
    system: &str,
    name: &str,
) -> Found<Option<(identity::Model, person::Model)>> {
    let found = identity::Entity::find()
        .filter(identity::Column::System.eq(system))
        .filter(identity::Column::Name.eq(name))
        .one(db)
        .await?;
    let Some(row) = found else { return Ok(None) };
    Ok(person::Entity::find_by_id(row.person_id).one(db).await?.map(|person| (row, person)))
}

/// As whom other systems vouch for somebody.
pub async fn list_identities_of(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<identity::Model>> {
    let rows = identity::Entity::find().filter(identity::Column::PersonId.eq(person.0));
    rows.order_by_asc(identity::Column::Id).all(db).await
}

/// What a system calls these people, and what it told of them.
pub async fn list_identities(
    db: &impl ConnectionTrait,
    system: &str,
    people: &[PersonId],
) -> Found<HashMap<PersonId, identity::Model>> {
    let rows = identity::Entity::find()
        .filter(identity::Column::PersonId.is_in(people.iter().map(|person| person.0)))
        .filter(identity::Column::System.eq(system))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.person_id), row)).collect())
}

/// # Errors
/// A unique violation of `identity_system_name`.
pub async fn create_identity(
    db: &impl ConnectionTrait,
    system: &str,
    name: &str,
    person: PersonId,
    info: &str,
) -> Found<()> {
    let row = identity::ActiveModel {
        id: NotSet,
        system: Set(system.to_owned()),
        name: Set(name.to_owned()),
        person_id: Set(person.0),
        info: Set(info.to_owned()),
    };
    identity::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

pub async fn change_info(db: &impl ConnectionTrait, identity: i64, info: &str) -> Found<()> {
    let change = identity::ActiveModel { info: Set(info.to_owned()), ..Default::default() };
    identity::Entity::update_many().set(change).filter(identity::Column::Id.eq(identity)).exec(db).await.map(drop)
}

/// Nobody is this person under any name of another system.
pub async fn remove_identities(db: &impl ConnectionTrait, person: PersonId) -> Found<()> {
    identity::Entity::delete_many().filter(identity::Column::PersonId.eq(person.0)).exec(db).await.map(drop)
}

/// The room that a system calls so.
pub async fn find_alias(db: &impl ConnectionTrait, system: &str, name: &str) -> Found<Option<RoomId>> {
    let found = alias::Entity::find()
        .filter(alias::Column::System.eq(system))
        .filter(alias::Column::Name.eq(name))
        .one(db)
        .await?;
    Ok(found.map(|row| RoomId(row.room_id)))
}

/// All rooms that a system has a name for.
pub async fn list_rooms(db: &impl ConnectionTrait, system: &str) -> Found<Vec<RoomId>> {
    let rows = alias::Entity::find().filter(alias::Column::System.eq(system)).order_by_asc(alias::Column::Id).all(db);
    Ok(rows.await?.into_iter().map(|row| RoomId(row.room_id)).collect())
}

/// What a system calls these rooms.
pub async fn list_aliases(db: &impl ConnectionTrait, system: &str, rooms: &[RoomId]) -> Found<HashMap<RoomId, String>> {
    let rows = alias::Entity::find()
        .filter(alias::Column::RoomId.is_in(rooms.iter().map(|room| room.0)))
        .filter(alias::Column::System.eq(system))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (RoomId(row.room_id), row.name)).collect())
}

/// # Errors
/// A unique violation of `alias_system_name`.
pub async fn create_alias(db: &impl ConnectionTrait, system: &str, name: &str, room: RoomId) -> Found<()> {
    let row = alias::ActiveModel {
        id: NotSet,
        system: Set(system.to_owned()),
        name: Set(name.to_owned()),
        room_id: Set(room.0),
    };
    alias::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

pub async fn remove_alias(db: &impl ConnectionTrait, system: &str, name: &str) -> Found<()> {
    let named = alias::Entity::delete_many().filter(alias::Column::System.eq(system));
    named.filter(alias::Column::Name.eq(name)).exec(db).await.map(drop)
}

/// All names of rooms, with their slugs.
pub async fn list_all_aliases(db: &impl ConnectionTrait) -> Found<Vec<(alias::Model, String)>> {
    let rows = alias::Entity::find().order_by_asc(alias::Column::System).order_by_asc(alias::Column::Id);
    let rows = rows.all(db).await?;
    let ids = room::Column::Id.is_in(rows.iter().map(|row| row.room_id));
    let rooms = room::Entity::find().filter(ids).all(db).await?;
    let slugs: HashMap<i64, String> = rooms.into_iter().map(|room| (room.id, room.slug)).collect();
    Ok(rows.into_iter().filter_map(|row| slugs.get(&row.room_id).cloned().map(|slug| (row, slug))).collect())
}

/// How a system's clients wrote these messages.
pub async fn list_originals(
    db: &impl ConnectionTrait,
    system: &str,
    messages: &[MessageId],
) -> Found<HashMap<MessageId, original::Model>> {
    let rows = original::Entity::find()
        .filter(original::Column::MessageId.is_in(messages.iter().map(|message| message.0)))
        .filter(original::Column::System.eq(system))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (MessageId(row.message_id), row)).collect())
}

/// The messages that clients of a system called so, newest first; at most `limit`.
pub async fn list_named_so(db: &impl ConnectionTrait, system: &str, name: &str, limit: u64) -> Found<Vec<MessageId>> {
    let rows = original::Entity::find()
        .filter(original::Column::System.eq(system))
        .filter(original::Column::Name.eq(name))
        .order_by_desc(original::Column::MessageId)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| MessageId(row.message_id)).collect())
}

/// The newest message of somebody's private chats that a client of a system called so.
pub async fn find_named_of(
    db: &impl ConnectionTrait,
    person: PersonId,
    system: &str,
    name: &str,
) -> Found<Option<MessageId>> {
    let sql = "SELECT o.message_id FROM original o JOIN message m ON m.id = o.message_id \
               JOIN contact c ON c.room_id = m.room_id AND c.person_id = $1 \
               WHERE o.system = $2 AND o.name = $3 ORDER BY o.message_id DESC LIMIT 1";
    let values = [person.0.into(), system.into(), name.into()];
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    found.map(|row| Ok(MessageId(row.try_get_by_index(0)?))).transpose()
}

/// # Errors
/// A unique violation of `original_message_id_system`.
pub async fn create_original(
    db: &impl ConnectionTrait,
    message: MessageId,
    system: &str,
    name: &str,
    body: &str,
) -> Found<()> {
    let row = original::ActiveModel {
        id: NotSet,
        message_id: Set(message.0),
        system: Set(system.to_owned()),
        name: Set(name.to_owned()),
        body: Set(body.to_owned()),
    };
    original::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

/// What was taken back or changed is not kept as it was written.
pub async fn remove_originals(db: &impl ConnectionTrait, messages: &[MessageId]) -> Found<()> {
    let of = original::Column::MessageId.is_in(messages.iter().map(|message| message.0));
    original::Entity::delete_many().filter(of).exec(db).await.map(drop)
}

//! Queries about signed-in devices.

use super::DbErr;
use super::entities::{person, session};
use domain::{PersonId, RoomId, SessionId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// A session that is about to begin.
#[derive(Clone)]
pub struct NewSession {
    pub token_hash: String,
    pub device: String,
    pub address: String,
    pub expires_at: i64,
    /// Empty for our own pages.
    pub door: String,
    /// The only room that it opens.
    pub room: Option<RoomId>,
}

/// A session with its person.
pub type Signed = (session::Model, person::Model);

/// The sessions behind these tokens.
pub async fn find_by_tokens(db: &impl ConnectionTrait, token_hashes: Vec<String>) -> Found<HashMap<String, Signed>> {
    let found = session::Entity::find()
        .filter(session::Column::TokenHash.is_in(token_hashes))
        .find_also_related(person::Entity)
        .all(db)
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|(session, person)| Some((session.token_hash.clone(), (session, person?))))
        .collect())
}

/// A person's sessions that are not over, last used first; without those that only show pictures
/// beside another one.
pub async fn list_sessions(db: &impl ConnectionTrait, person: PersonId, now: i64) -> Found<Vec<session::Model>> {
    session::Entity::find()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::Door.ne(crate::embed::LOOK))
        .order_by_desc(session::Column::SeenAt)
        .all(db)
        .await
}

/// Where a session belongs: empty for our own pages.
pub async fn find_door(db: &impl ConnectionTrait, id: SessionId) -> Found<Option<String>> {
    Ok(session::Entity::find_by_id(id.0).one(db).await?.map(|session| session.door))
}

/// Whether a session is there, and not over.
pub async fn is_open(db: &impl ConnectionTrait, id: SessionId, now: i64) -> Found<bool> {
    let found = session::Entity::find_by_id(id.0).one(db).await?;
    Ok(found.is_some_and(|session| session.ended_at.is_none() && session.expires_at > now))
}

/// Whether this person is or was signed in from this address.
pub async fn knows_address(db: &impl ConnectionTrait, person: PersonId, address: &str) -> Found<bool> {
    let here = session::Entity::find()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::Address.eq(address));
    Ok(here.count(db).await? > 0)
}

pub async fn create_session(db: &impl ConnectionTrait, person: PersonId, new: NewSession, at: i64) -> Found<SessionId> {
    let row = session::ActiveModel {
        id: NotSet,
        person_id: Set(person.0),
        token_hash: Set(new.token_hash),
        device: Set(new.device),
        address: Set(new.address),
        created_at: Set(at),
        seen_at: Set(at),
        expires_at: Set(new.expires_at),
        door: Set(new.door),
        ended_at: Set(None),
        room_id: Set(new.room.map(|room| room.0)),
    };
    let id = session::Entity::insert(row).exec(db).await?.last_insert_id;
    change_person_seen(db, person, at).await?;
    Ok(SessionId(id))
}

/// Notes that a session and its person are here. Nothing if it has ended meanwhile.
pub async fn change_seen(
    db: &impl ConnectionTrait,
    (id, person): (SessionId, PersonId),
    seen_at: i64,
    expires_at: i64,
) -> Found<()> {
    let change = session::ActiveModel { seen_at: Set(seen_at), expires_at: Set(expires_at), ..Default::default() };
    let changed = session::Entity::update_many().set(change).filter(session::Column::Id.eq(id.0)).exec(db).await?;
    if changed.rows_affected > 0 { change_person_seen(db, person, seen_at).await } else { Ok(()) }
}

async fn change_person_seen(db: &impl ConnectionTrait, person: PersonId, seen_at: i64) -> Found<()> {
    let change = person::ActiveModel { seen_at: Set(seen_at), ..Default::default() };
    person::Entity::update_many().set(change).filter(person::Column::Id.eq(person.0)).exec(db).await.map(drop)
}

/// Ends a person's own session; whether there was one.
pub async fn remove_session(db: &impl ConnectionTrait, person: PersonId, id: SessionId) -> Found<bool> {
    let gone = session::Entity::delete_many()
        .filter(session::Column::Id.eq(id.0))
        .filter(session::Column::PersonId.eq(person.0))
        .exec(db)
        .await?;
    Ok(gone.rows_affected > 0)
}

/// Ends a session so that it is known to have been one, until it would have been over.
pub async fn change_ended(db: &impl ConnectionTrait, id: SessionId, at: i64) -> Found<()> {
    let change = session::ActiveModel { ended_at: Set(Some(at)), ..Default::default() };
    session::Entity::update_many().set(change).filter(session::Column::Id.eq(id.0)).exec(db).await.map(drop)
}

/// Ends all of a person's sessions but one.
pub async fn remove_sessions_except(db: &impl ConnectionTrait, person: PersonId, keep: SessionId) -> Found<()> {
    session::Entity::delete_many()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::Id.ne(keep.0))
        .exec(db)
        .await
        .map(drop)
}

/// Ends all of a person's sessions.
pub async fn remove_sessions(db: &impl ConnectionTrait, person: PersonId) -> Found<()> {
    session::Entity::delete_many().filter(session::Column::PersonId.eq(person.0)).exec(db).await.map(drop)
}

/// How long the sessions of facades are remembered that are over: 30 days.
const REMEMBERED_MS: i64 = 30 * 86_400_000;

/// Forgets the sessions that were over at a time.
pub async fn remove_expired(db: &impl ConnectionTrait, now: i64) -> Found<u64> {
    let ours = Condition::all().add(session::Column::Door.eq("")).add(session::Column::ExpiresAt.lte(now));
    let over = Condition::any().add(ours).add(session::Column::ExpiresAt.lte(now - REMEMBERED_MS));
    let gone = session::Entity::delete_many().filter(over).exec(db).await?;
    Ok(gone.rows_affected)
}

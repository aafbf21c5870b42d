//! Queries about rooms inside pages of other sites.

use super::DbErr;
use super::entities::{embed, embed_ticket, session};
use domain::{PersonId, RoomId, SessionId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
};

type Found<T> = Result<T, DbErr>;

/// The sites that may show a room.
pub async fn list_origins(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<String>> {
    let row = embed::Entity::find().filter(embed::Column::RoomId.eq(room.0)).one(db).await?;
    Ok(row.map(|row| row.origins.split_whitespace().map(str::to_owned).collect()).unwrap_or_default())
}

pub async fn put_origins(db: &impl ConnectionTrait, room: RoomId, origins: &[String]) -> Found<()> {
    embed::Entity::delete_many().filter(embed::Column::RoomId.eq(room.0)).exec(db).await?;
    if origins.is_empty() {
        return Ok(());
    }
    let row = embed::ActiveModel { id: NotSet, room_id: Set(room.0), origins: Set(origins.join(" ")) };
    embed::Entity::insert(row).exec(db).await.map(drop)
}

/// A ticket that is about to be given.
pub struct NewTicket {
    pub token_hash: String,
    pub person: PersonId,
    pub room: RoomId,
    /// In milliseconds.
    pub stay: i64,
    pub expires_at: i64,
}

pub async fn create_ticket(db: &impl ConnectionTrait, new: NewTicket) -> Found<()> {
    let row = embed_ticket::ActiveModel {
        id: NotSet,
        token_hash: Set(new.token_hash),
        person_id: Set(new.person.0),
        room_id: Set(new.room.0),
        stay: Set(new.stay),
        expires_at: Set(new.expires_at),
    };
    embed_ticket::Entity::insert(row).exec(db).await.map(drop)
}

/// A ticket that is still good.
pub async fn find_ticket(db: &impl ConnectionTrait, token_hash: &str, now: i64) -> Found<Option<embed_ticket::Model>> {
    embed_ticket::Entity::find()
        .filter(embed_ticket::Column::TokenHash.eq(token_hash))
        .filter(embed_ticket::Column::ExpiresAt.gt(now))
        .one(db)
        .await
}

/// Whether the ticket was still there: of those who use one at the same time, one finds it.
pub async fn remove_ticket(db: &impl ConnectionTrait, id: i64) -> Found<bool> {
    Ok(embed_ticket::Entity::delete_by_id(id).exec(db).await?.rows_affected > 0)
}

pub async fn remove_expired(db: &impl ConnectionTrait, now: i64) -> Found<()> {
    let over = embed_ticket::Entity::delete_many().filter(embed_ticket::Column::ExpiresAt.lte(now));
    over.exec(db).await.map(drop)
}

/// Whether somebody has a session of this door for a room.
pub async fn is_inside(db: &impl ConnectionTrait, who: (PersonId, RoomId), door: &str, now: i64) -> Found<bool> {
    let (person, room) = who;
    let session = session::Entity::find()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::RoomId.eq(room.0))
        .filter(session::Column::Door.eq(door))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now));
    Ok(session.one(db).await?.is_some())
}

/// Ends all sessions that somebody opened a room with; which.
pub async fn remove_sessions(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<Vec<SessionId>> {
    let theirs = Condition::all().add(session::Column::PersonId.eq(person.0)).add(session::Column::RoomId.eq(room.0));
    let found = session::Entity::find().filter(theirs.clone()).all(db).await?;
    session::Entity::delete_many().filter(theirs).exec(db).await?;
    Ok(found.into_iter().map(|row| SessionId(row.id)).collect())
}

/// These sessions are good until then.
pub async fn prolong(db: &impl ConnectionTrait, sessions: &[SessionId], until: i64) -> Found<()> {
    let change = session::ActiveModel { expires_at: Set(until), ..Default::default() };
    let ids = sessions.iter().map(|session| session.0);
    session::Entity::update_many().set(change).filter(session::Column::Id.is_in(ids)).exec(db).await.map(drop)
}

//! Queries about links that let somebody do something a few times: whoever has the token may.

use super::DbErr;
use super::entities::invite::{self, Purpose};
use super::members::hosted_by;
use domain::{InviteId, PersonId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

type Found<T> = Result<T, DbErr>;

/// A link that is about to be made.
#[derive(Clone)]
pub struct NewInvite {
    pub token_hash: String,
    pub purpose: Purpose,
    pub uses: i64,
    pub created_by: Option<PersonId>,
    /// [`invite::NEVER`] for no end.
    pub expires_at: i64,
}

pub async fn create_invite(db: &impl ConnectionTrait, new: NewInvite, at: i64) -> Found<()> {
    let (role, room, person) = new.purpose.columns();
    let row = invite::ActiveModel {
        id: NotSet,
        token_hash: Set(new.token_hash),
        role: Set(role.to_owned()),
        uses_left: Set(new.uses),
        created_by: Set(new.created_by.map(|id| id.0)),
        created_at: Set(at),
        expires_at: Set(new.expires_at),
        room_id: Set(room),
        person_id: Set(person),
    };
    invite::Entity::insert(row).exec(db).await.map(drop)
}

/// Uses a link once; false if there is none that is valid.
pub async fn use_invite(db: &impl ConnectionTrait, token_hash: &str, purpose: Purpose, now: i64) -> Found<bool> {
    let used = invite::Entity::update_many()
        .col_expr(invite::Column::UsesLeft, Expr::col(invite::Column::UsesLeft).sub(1))
        .filter(invite::Column::TokenHash.eq(token_hash))
        .filter(of(purpose))
        .filter(valid(now))
        .exec(db)
        .await?;
    Ok(used.rows_affected == 1)
}

/// A link that could be used now.
pub async fn find_invite(db: &impl ConnectionTrait, token_hash: &str, now: i64) -> Found<Option<invite::Model>> {
    invite::Entity::find().filter(invite::Column::TokenHash.eq(token_hash)).filter(valid(now)).one(db).await
}

/// Whether a link could be used now for this.
pub async fn is_valid(db: &impl ConnectionTrait, token_hash: &str, purpose: Purpose, now: i64) -> Found<bool> {
    Ok(find_invite(db, token_hash, now).await?.is_some_and(|row| row.purpose() == purpose))
}

/// The links that can still be used, newest first.
pub async fn list_invites(db: &impl ConnectionTrait, purpose: Purpose, now: i64) -> Found<Vec<invite::Model>> {
    let links = invite::Entity::find().filter(of(purpose)).filter(valid(now));
    links.order_by_desc(invite::Column::Id).all(db).await
}

pub async fn remove_invite(db: &impl ConnectionTrait, id: InviteId, purpose: Purpose) -> Found<bool> {
    let gone = invite::Entity::delete_many().filter(invite::Column::Id.eq(id.0)).filter(of(purpose)).exec(db).await?;
    Ok(gone.rows_affected > 0)
}

/// Forgets every link for this.
pub async fn remove_all(db: &impl ConnectionTrait, purpose: Purpose) -> Found<()> {
    invite::Entity::delete_many().filter(of(purpose)).exec(db).await.map(drop)
}

/// Forgets the links that somebody made, into the site and into rooms, except into the rooms that
/// they are host of if those shall stay.
pub async fn remove_made_by(db: &impl ConnectionTrait, person: PersonId, keeps_hosted: bool) -> Found<()> {
    let mut made = invite::Entity::delete_many().filter(invite::Column::CreatedBy.eq(person.0));
    if keeps_hosted {
        let elsewhere = invite::Column::RoomId.not_in_subquery(hosted_by(person));
        made = made.filter(Condition::any().add(invite::Column::RoomId.is_null()).add(elsewhere));
    }
    made.exec(db).await.map(drop)
}

/// Forgets links that were over at a time.
pub async fn remove_expired(db: &impl ConnectionTrait, now: i64) -> Found<()> {
    let over = Condition::any().add(invite::Column::ExpiresAt.lte(now)).add(invite::Column::UsesLeft.lte(0));
    invite::Entity::delete_many().filter(over).exec(db).await.map(drop)
}

fn of(purpose: Purpose) -> Condition {
    let (role, room, person) = purpose.columns();
    let is = |column: invite::Column, value: Option<i64>| match value {
        Some(value) => column.eq(value),
        None => column.is_null(),
    };
    Condition::all()
        .add(invite::Column::Role.eq(role))
        .add(is(invite::Column::RoomId, room))
        .add(is(invite::Column::PersonId, person))
}

fn valid(now: i64) -> Condition {
    Condition::all().add(invite::Column::UsesLeft.gt(0)).add(invite::Column::ExpiresAt.gt(now))
}

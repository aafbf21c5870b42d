//! Queries about invitations and the set-up token.

use super::DbErr;
use super::entities::{invite, person};
use domain::person::SiteRole;
use domain::{InviteId, PersonId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select,
};

type Found<T> = Result<T, DbErr>;

/// An invitation that is about to be made.
#[derive(Clone)]
pub struct NewInvite {
    pub token_hash: String,
    pub role: SiteRole,
    pub uses: i64,
    pub created_by: Option<PersonId>,
    pub expires_at: i64,
}

pub async fn create_invite(db: &impl ConnectionTrait, new: NewInvite, at: i64) -> Found<()> {
    let row = invite::ActiveModel {
        id: NotSet,
        token_hash: Set(new.token_hash),
        role: Set(person::role_word(new.role).to_owned()),
        uses_left: Set(new.uses),
        created_by: Set(new.created_by.map(|id| id.0)),
        created_at: Set(at),
        expires_at: Set(new.expires_at),
    };
    invite::Entity::insert(row).exec(db).await.map(drop)
}

/// Uses an invitation once; false if there is none that is valid.
pub async fn use_invite(db: &impl ConnectionTrait, token_hash: &str, role: SiteRole, now: i64) -> Found<bool> {
    let used = invite::Entity::update_many()
        .col_expr(invite::Column::UsesLeft, Expr::col(invite::Column::UsesLeft).sub(1))
        .filter(invite::Column::TokenHash.eq(token_hash))
        .filter(invite::Column::Role.eq(person::role_word(role)))
        .filter(invite::Column::UsesLeft.gt(0))
        .filter(invite::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Whether an invitation could be used now.
pub async fn is_valid(db: &impl ConnectionTrait, token_hash: &str, role: SiteRole, now: i64) -> Found<bool> {
    let found = valid(role, now).filter(invite::Column::TokenHash.eq(token_hash)).one(db).await?;
    Ok(found.is_some())
}

/// The invitations that can still be used, newest first.
pub async fn list_invites(db: &impl ConnectionTrait, now: i64) -> Found<Vec<invite::Model>> {
    valid(SiteRole::Member, now).order_by_desc(invite::Column::Id).all(db).await
}

pub async fn remove_invite(db: &impl ConnectionTrait, id: InviteId) -> Found<bool> {
    let gone = invite::Entity::delete_many()
        .filter(invite::Column::Id.eq(id.0))
        .filter(invite::Column::Role.eq(person::role_word(SiteRole::Member)))
        .exec(db)
        .await?;
    Ok(gone.rows_affected > 0)
}

/// Forgets every set-up token.
pub async fn remove_setup(db: &impl ConnectionTrait) -> Found<()> {
    invite::Entity::delete_many()
        .filter(invite::Column::Role.eq(person::role_word(SiteRole::Admin)))
        .exec(db)
        .await
        .map(drop)
}

fn valid(role: SiteRole, now: i64) -> Select<invite::Entity> {
    invite::Entity::find()
        .filter(invite::Column::Role.eq(person::role_word(role)))
        .filter(invite::Column::UsesLeft.gt(0))
        .filter(invite::Column::ExpiresAt.gt(now))
}

//! Queries about people on their way in.

use super::DbErr;
use super::entities::attempt::{self, Purpose};
use domain::PersonId;
use domain::sign_in::{CODE_MS, CODE_TRIES, RESEND_MS};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};

type Found<T> = Result<T, DbErr>;

/// An attempt that is about to begin.
#[derive(Clone)]
pub struct NewAttempt {
    pub token_hash: String,
    pub purpose: Purpose,
    pub person: Option<PersonId>,
    pub email: String,
    pub body: String,
    pub code_hash: String,
}

pub async fn create_attempt(db: &impl ConnectionTrait, new: NewAttempt, at: i64) -> Found<()> {
    let row = attempt::ActiveModel {
        id: NotSet,
        token_hash: Set(new.token_hash),
        purpose: Set(new.purpose.as_str().to_owned()),
        person_id: Set(new.person.map(|id| id.0)),
        email: Set(new.email),
        body: Set(new.body),
        code_hash: Set(new.code_hash),
        tries_left: Set(CODE_TRIES),
        asked_at: Set(at),
        expires_at: Set(at + CODE_MS),
    };
    attempt::Entity::insert(row).exec(db).await.map(drop)
}

pub async fn find_attempt(db: &impl ConnectionTrait, token_hash: &str, now: i64) -> Found<Option<attempt::Model>> {
    attempt::Entity::find().filter(is(token_hash)).filter(attempt::Column::ExpiresAt.gt(now)).one(db).await
}

/// Takes one try, and the attempt as it is then; `None` if there is none left. The row is this
/// transaction's until it ends: of several who try at once, each takes one of its own.
pub async fn take_try(db: &impl ConnectionTrait, token_hash: &str, now: i64) -> Found<Option<attempt::Model>> {
    let taken = attempt::Entity::update_many()
        .col_expr(attempt::Column::TriesLeft, Expr::col(attempt::Column::TriesLeft).sub(1))
        .filter(is(token_hash))
        .filter(attempt::Column::TriesLeft.gt(0))
        .filter(attempt::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    if taken.rows_affected == 1 { find_attempt(db, token_hash, now).await } else { Ok(None) }
}

/// Gives an attempt another code, unless the last one was sent a moment ago.
pub async fn renew(db: &impl ConnectionTrait, token_hash: &str, code_hash: String, now: i64) -> Found<bool> {
    let change = attempt::ActiveModel {
        code_hash: Set(code_hash),
        tries_left: Set(CODE_TRIES),
        asked_at: Set(now),
        expires_at: Set(now + CODE_MS),
        ..Default::default()
    };
    let renewed = attempt::Entity::update_many()
        .set(change)
        .filter(is(token_hash))
        .filter(attempt::Column::AskedAt.lte(now - RESEND_MS))
        .exec(db)
        .await?;
    Ok(renewed.rows_affected == 1)
}

/// Whether it was there: of two who end the same attempt, one has done it.
pub async fn remove_attempt(db: &impl ConnectionTrait, token_hash: &str) -> Found<bool> {
    Ok(attempt::Entity::delete_many().filter(is(token_hash)).exec(db).await?.rows_affected == 1)
}

/// Forgets all that somebody has begun.
pub async fn remove_attempts_of(db: &impl ConnectionTrait, person: PersonId) -> Found<()> {
    let theirs = attempt::Entity::delete_many().filter(attempt::Column::PersonId.eq(person.0));
    theirs.exec(db).await.map(drop)
}

/// Forgets those that were over at a time.
pub async fn remove_expired(db: &impl ConnectionTrait, now: i64) -> Found<()> {
    attempt::Entity::delete_many().filter(attempt::Column::ExpiresAt.lte(now)).exec(db).await.map(drop)
}

fn is(token_hash: &str) -> sea_orm::sea_query::SimpleExpr {
    attempt::Column::TokenHash.eq(token_hash)
}

//! Queries about requests that are to be done once.

use super::DbErr;
use super::entities::once;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};

type Found<T> = Result<T, DbErr>;

pub async fn find_once(db: &impl ConnectionTrait, name: &str) -> Found<Option<once::Model>> {
    once::Entity::find().filter(once::Column::Name.eq(name)).one(db).await
}

/// # Errors
/// A unique violation of `once_name`.
pub async fn create_once(db: &impl ConnectionTrait, name: &str, request: &str, at: i64) -> Found<()> {
    let row = once::ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        request: Set(request.to_owned()),
        status: Set(0),
        answer: Set(String::new()),
        at: Set(at),
    };
    once::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

/// It is being done anew.
pub async fn change_at(db: &impl ConnectionTrait, name: &str, at: i64) -> Found<()> {
    let change = once::ActiveModel { at: Set(at), ..Default::default() };
    once::Entity::update_many().set(change).filter(once::Column::Name.eq(name)).exec(db).await.map(drop)
}

pub async fn change_answer(db: &impl ConnectionTrait, name: &str, status: u16, answer: &str) -> Found<()> {
    let change = once::ActiveModel { status: Set(status.into()), answer: Set(answer.to_owned()), ..Default::default() };
    once::Entity::update_many().set(change).filter(once::Column::Name.eq(name)).exec(db).await.map(drop)
}

pub async fn remove_once(db: &impl ConnectionTrait, name: &str) -> Found<()> {
    once::Entity::delete_many().filter(once::Column::Name.eq(name)).exec(db).await.map(drop)
}

/// Forgets what came before a time.
pub async fn remove_before(db: &impl ConnectionTrait, at: i64) -> Found<()> {
    once::Entity::delete_many().filter(once::Column::At.lt(at)).exec(db).await.map(drop)
}

//! Queries about keys for programs.

use super::DbErr;
use super::entities::api_key;
use domain::PersonId;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

type Found<T> = Result<T, DbErr>;

pub async fn find_key(db: &impl ConnectionTrait, key_hash: &str) -> Found<Option<api_key::Model>> {
    api_key::Entity::find().filter(api_key::Column::KeyHash.eq(key_hash)).one(db).await
}

/// By name.
pub async fn list_keys(db: &impl ConnectionTrait) -> Found<Vec<api_key::Model>> {
    api_key::Entity::find().order_by_asc(api_key::Column::Name).all(db).await
}

/// # Errors
/// A unique violation of `api_key_name`.
pub async fn create_key(
    db: &impl ConnectionTrait,
    name: &str,
    acts_as: Option<PersonId>,
    key_hash: &str,
    scopes: &str,
    at: i64,
) -> Found<()> {
    let row = api_key::ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        person_id: Set(acts_as.map(|person| person.0)),
        key_hash: Set(key_hash.to_owned()),
        scopes: Set(scopes.to_owned()),
        created_at: Set(at),
        used_at: Set(0),
    };
    api_key::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

/// Gives a key another secret; whether there is one of this name.
pub async fn change_hash(db: &impl ConnectionTrait, name: &str, key_hash: &str) -> Found<bool> {
    let change = api_key::ActiveModel { key_hash: Set(key_hash.to_owned()), ..Default::default() };
    let of = api_key::Column::Name.eq(name);
    Ok(api_key::Entity::update_many().set(change).filter(of).exec(db).await?.rows_affected > 0)
}

pub async fn change_used(db: &impl ConnectionTrait, id: i64, at: i64) -> Found<()> {
    let change = api_key::ActiveModel { used_at: Set(at), ..Default::default() };
    api_key::Entity::update_many().set(change).filter(api_key::Column::Id.eq(id)).exec(db).await.map(drop)
}

/// Whether there was one of this name.
pub async fn remove_key(db: &impl ConnectionTrait, name: &str) -> Found<bool> {
    let gone = api_key::Entity::delete_many().filter(api_key::Column::Name.eq(name)).exec(db).await?;
    Ok(gone.rows_affected > 0)
}

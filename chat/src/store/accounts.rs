//! Queries about what only matters to an account.

use super::DbErr;
use super::entities::{account, portrait};
use domain::PersonId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

type Found<T> = Result<T, DbErr>;

/// An empty one for people who never set any of it.
pub async fn get_account(db: &impl ConnectionTrait, person: PersonId) -> Found<account::Model> {
    let row = account::Entity::find_by_id(person.0).one(db).await?;
    Ok(row.unwrap_or(account::Model { person_id: person.0, ..account::Model::default() }))
}

/// Whose address it is.
pub async fn find_by_email(db: &impl ConnectionTrait, email_key: &str) -> Found<Option<account::Model>> {
    account::Entity::find().filter(account::Column::EmailKey.eq(email_key)).one(db).await
}

/// Keeps all of it.
///
/// # Errors
/// A unique violation of `account_email_key`.
pub async fn change_account(db: &impl ConnectionTrait, row: account::Model) -> Found<()> {
    use account::Column as C;
    let mut anew = OnConflict::column(C::PersonId);
    anew.update_columns([C::Email, C::EmailKey, C::EmailVerified, C::About, C::ClosedAt]);
    let insert = account::Entity::insert(row.into_active_model().reset_all());
    insert.on_conflict(anew).exec_without_returning(db).await.map(drop)
}

/// The bytes of somebody's picture, in Base64, and their media type.
pub async fn find_portrait(db: &impl ConnectionTrait, person: PersonId) -> Found<Option<portrait::Model>> {
    portrait::Entity::find_by_id(person.0).one(db).await
}

pub async fn change_portrait(db: &impl ConnectionTrait, row: portrait::Model) -> Found<()> {
    use portrait::Column as C;
    let mut anew = OnConflict::column(C::PersonId);
    anew.update_columns([C::MediaType, C::Bytes]);
    let insert = portrait::Entity::insert(row.into_active_model().reset_all());
    insert.on_conflict(anew).exec_without_returning(db).await.map(drop)
}

pub async fn remove_portrait(db: &impl ConnectionTrait, person: PersonId) -> Found<()> {
    portrait::Entity::delete_by_id(person.0).exec(db).await.map(drop)
}

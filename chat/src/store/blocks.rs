//! Queries about who has blocked whom.

use super::DbErr;
use super::entities::{block, person};
use domain::PersonId;
use domain::person::Person;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

type Found<T> = Result<T, DbErr>;

/// Nothing if it is there already.
pub async fn create_block(db: &impl ConnectionTrait, by: PersonId, blocked: PersonId, at: i64) -> Found<()> {
    let row = block::Model { person_id: by.0, blocked_id: blocked.0, at };
    let once = OnConflict::columns([block::Column::PersonId, block::Column::BlockedId]).do_nothing().to_owned();
    let insert = block::Entity::insert(row.into_active_model().reset_all()).on_conflict(once);
    insert.try_insert().exec_without_returning(db).await.map(drop)
}

pub async fn remove_block(db: &impl ConnectionTrait, by: PersonId, blocked: PersonId) -> Found<()> {
    block::Entity::delete_by_id((by.0, blocked.0)).exec(db).await.map(drop)
}

pub async fn is_blocked(db: &impl ConnectionTrait, by: PersonId, blocked: PersonId) -> Found<bool> {
    Ok(block::Entity::find_by_id((by.0, blocked.0)).one(db).await?.is_some())
}

/// The newest `limit` whom somebody has blocked.
pub async fn list_blocked(db: &impl ConnectionTrait, by: PersonId, limit: u64) -> Found<Vec<Person>> {
    let rows = block::Entity::find()
        .filter(block::Column::PersonId.eq(by.0))
        .order_by_desc(block::Column::At)
        .order_by_desc(block::Column::BlockedId)
        .limit(limit)
        .all(db)
        .await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.blocked_id).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids.clone())).all(db).await?;
    let person = |id: &i64| people.iter().find(|row| row.id == *id).cloned().map(Person::from);
    Ok(ids.iter().filter_map(person).collect())
}

/// Those of some people who have blocked somebody.
pub async fn list_blockers(db: &impl ConnectionTrait, of: PersonId, among: &[PersonId]) -> Found<Vec<PersonId>> {
    let rows = block::Entity::find()
        .filter(block::Column::BlockedId.eq(of.0))
        .filter(block::Column::PersonId.is_in(among.iter().map(|person| person.0)));
    Ok(rows.all(db).await?.into_iter().map(|row| PersonId(row.person_id)).collect())
}

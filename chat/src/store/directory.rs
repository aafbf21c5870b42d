//! Queries about people as others find them.

use super::DbErr;
use super::entities::{person, privacy};
use super::people::{find_person, holds};
use domain::PersonId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;

type Found<T> = Result<T, DbErr>;

/// The first `limit` people after one of them, as their names are read aloud, whose names hold the words (as names are
/// compared, and as typed); without those who do not want to be listed or may not sign in.
pub async fn list_people(
    db: &impl ConnectionTrait,
    words: (&str, &str),
    after: Option<PersonId>,
    limit: u64,
) -> Found<Vec<person::Model>> {
    let listed = "\"person\".\"id\" NOT IN (SELECT v.person_id FROM privacy v WHERE NOT v.listed)";
    let mut people = person::Entity::find().filter(person::Column::Disabled.eq(false)).filter(Expr::cust(listed));
    if !words.0.is_empty() {
        let name = Expr::col((person::Entity, person::Column::NameKey)).like(holds(words.0));
        let display = Expr::col((person::Entity, person::Column::Display)).like(holds(words.1));
        people = people.filter(Condition::any().add(name).add(display));
    }
    if let Some(last) = after {
        let key = find_person(db, last).await?.map(|row| row.sort_key).unwrap_or_default();
        let same = person::Column::SortKey.eq(key.as_str()).and(person::Column::Id.gt(last.0));
        people = people.filter(person::Column::SortKey.gt(key).or(same));
    }
    people.order_by_asc(person::Column::SortKey).order_by_asc(person::Column::Id).limit(limit).all(db).await
}

/// Those of some people who keep it to themselves when they are here.
pub async fn list_hidden(db: &impl ConnectionTrait, among: &[PersonId]) -> Found<HashSet<PersonId>> {
    let rows = privacy::Entity::find()
        .filter(privacy::Column::Presence.eq(false))
        .filter(privacy::Column::PersonId.is_in(among.iter().map(|person| person.0)));
    Ok(rows.all(db).await?.into_iter().map(|row| PersonId(row.person_id)).collect())
}

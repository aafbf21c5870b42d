//! Queries about numbered pages of people.

use super::DbErr;
use super::entities::person;
use crate::password::NOBODY;
use crate::people_pages::ListedPerson;
use domain::PersonId;
use domain::person::Person;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

type Found<T> = Result<T, DbErr>;

pub async fn list_people(
    db: &impl ConnectionTrait,
    me: PersonId,
    by_name: bool,
    descending: bool,
    offset: u64,
    limit: u64,
) -> Found<Vec<ListedPerson>> {
    let order = if descending { Order::Desc } else { Order::Asc };
    let column = if by_name { person::Column::NameKey } else { person::Column::Id };
    let offset = offset.min(i64::MAX.unsigned_abs());
    let rows = listed(me).order_by(column, order).offset(offset).limit(limit).all(db).await?;
    let listed = |row: person::Model| ListedPerson { since: row.created_at, person: row.into() };
    Ok(rows.into_iter().map(listed).collect())
}

pub async fn count_people(db: &impl ConnectionTrait, me: PersonId) -> Found<u64> {
    listed(me).count(db).await
}

pub async fn find_local(db: &impl ConnectionTrait, id: PersonId) -> Found<Option<Person>> {
    Ok(local().filter(person::Column::Id.eq(id.0)).one(db).await?.map(Person::from))
}

/// Those whom a system vouches for have no password; our own whom it knows as well have one.
fn local() -> Select<person::Entity> {
    let unknown = "\"person\".\"id\" NOT IN (SELECT i.person_id FROM identity i)";
    let ours = Condition::any().add(person::Column::PasswordHash.ne(NOBODY)).add(Expr::cust(unknown));
    person::Entity::find().filter(person::Column::Disabled.eq(false)).filter(ours)
}

fn listed(me: PersonId) -> Select<person::Entity> {
    let listed = "\"person\".\"id\" NOT IN (SELECT v.person_id FROM privacy v WHERE NOT v.listed)";
    let mine = person::Column::Id.eq(me.0);
    local().filter(Condition::any().add(Expr::cust(listed)).add(mine))
}

//! Queries about people.

use super::DbErr;
use super::entities::person::{self, role_word};
use super::entities::{account, identity, session};
use super::search::{self, Kind};
use crate::accounts::{PageEnd, PeopleOrder, PeopleQuery, PersonState};
use crate::pinyin::sort_key;
use crate::search::terms;
use domain::PersonId;
use domain::person::SiteRole;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement, Value,
};
use std::collections::{BTreeMap, BTreeSet};

type Found<T> = Result<T, DbErr>;

/// A person who is about to be added.
#[derive(Clone)]
pub struct NewPerson {
    pub name: String,
    pub name_key: String,
    pub look: String,
    pub display: String,
    pub role: SiteRole,
    pub password_hash: String,
}

pub async fn find_person(db: &impl ConnectionTrait, id: PersonId) -> Found<Option<person::Model>> {
    person::Entity::find_by_id(id.0).one(db).await
}

/// These people, by their ids; no query if there are none.
pub async fn list_named(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = i64>,
) -> Found<BTreeMap<i64, domain::person::Person>> {
    let ids: BTreeSet<i64> = ids.collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

pub async fn find_by_key(db: &impl ConnectionTrait, name_key: &str) -> Found<Option<person::Model>> {
    person::Entity::find().filter(person::Column::NameKey.eq(name_key)).one(db).await
}

pub async fn find_by_look(db: &impl ConnectionTrait, look: &str) -> Found<Option<person::Model>> {
    person::Entity::find().filter(person::Column::Look.eq(look)).one(db).await
}

pub async fn has_admin(db: &impl ConnectionTrait) -> Found<bool> {
    let admins = person::Entity::find()
        .filter(person::Column::Role.eq(role_word(SiteRole::Admin)))
        .filter(person::Column::Disabled.eq(false));
    Ok(admins.count(db).await? > 0)
}

/// Which people are asked for.
pub struct Asked<'a> {
    /// The words as names are compared, and as they were typed; what addresses of e-mail and of the
    /// network are compared by.
    pub name_key: String,
    pub words: String,
    pub email_key: String,
    pub address: Option<String>,
    /// Only some of these.
    pub among: Option<Vec<PersonId>>,
    pub now: i64,
    pub query: &'a PeopleQuery,
}

/// The first `limit` people of a page.
pub async fn list_people(db: &impl ConnectionTrait, asked: Asked<'_>, limit: u64) -> Found<Vec<person::Model>> {
    let mut people = person::Entity::find();
    if !asked.name_key.is_empty() {
        people = people.filter(called(&asked));
    }
    let Asked { among, now, query, .. } = asked;
    if let Some(role) = query.role {
        people = people.filter(person::Column::Role.eq(role_word(role)));
    }
    people = match query.state {
        None | Some(PersonState::Online) => people,
        Some(PersonState::Disabled) => people.filter(person::Column::Disabled.eq(true)),
        Some(PersonState::Banned) => people.filter(restricted("r.banned")),
        Some(PersonState::Muted) => people.filter(restricted(&format!("r.muted_until > {now}"))),
    };
    if let Some(among) = among {
        people = people.filter(one_of(&among));
    }
    if let Some(end) = query.after {
        people = people.filter(beyond(db, query, end).await?);
    }
    let order = if query.descending { Order::Desc } else { Order::Asc };
    let people = match query.order {
        PeopleOrder::Name => people.order_by(person::Column::NameKey, order),
        PeopleOrder::Seen => people.order_by(person::Column::SeenAt, order.clone()).order_by(person::Column::Id, order),
        PeopleOrder::Since => people.order_by(person::Column::Id, order),
    };
    people.limit(limit).all(db).await
}

/// Those whose names hold the words, or of whom something else is exactly them: their address of e-mail, what
/// another system calls them, where they are signed in. Names are read through, the rest is looked up in
/// an index.
fn called(asked: &Asked<'_>) -> Condition {
    let display = Expr::col((person::Entity, person::Column::Display)).like(holds(&asked.words));
    let name = Expr::col((person::Entity, person::Column::NameKey)).like(holds(&asked.name_key));
    let written = Query::select()
        .column(account::Column::PersonId)
        .from(account::Entity)
        .and_where(account::Column::EmailKey.eq(asked.email_key.as_str()))
        .to_owned();
    let known = Query::select()
        .column(identity::Column::PersonId)
        .from(identity::Entity)
        .and_where(identity::Column::Name.eq(asked.words.as_str()))
        .to_owned();
    let any = Condition::any().add(name).add(display);
    let any = any.add(person::Column::Id.in_subquery(written)).add(person::Column::Id.in_subquery(known));
    match &asked.address {
        None => any,
        Some(address) => {
            let here = Query::select()
                .column(session::Column::PersonId)
                .from(session::Entity)
                .and_where(session::Column::Address.eq(address.as_str()))
                .to_owned();
            any.add(person::Column::Id.in_subquery(here))
        }
    }
}

/// Those whom a room restricts like this.
fn restricted(how: &str) -> SimpleExpr {
    Expr::cust(format!("\"person\".\"id\" IN (SELECT r.person_id FROM restriction r WHERE {how})"))
}

/// Numbers stand in the statement itself: a database takes only so many values beside it.
fn one_of(ids: &[PersonId]) -> SimpleExpr {
    let list: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    match list.is_empty() {
        true => Expr::cust("1 = 0"),
        false => Expr::cust(format!("\"person\".\"id\" IN ({})", list.join(","))),
    }
}

/// What comes after the end of a page.
async fn beyond(db: &impl ConnectionTrait, query: &PeopleQuery, end: PageEnd) -> Found<Condition> {
    let is_beyond = |column: person::Column, value: Value| match query.descending {
        true => column.lt(value),
        false => column.gt(value),
    };
    Ok(match query.order {
        PeopleOrder::Name => {
            let last = find_person(db, PersonId(end.id)).await?.map(|row| row.name_key).unwrap_or_default();
            Condition::all().add(is_beyond(person::Column::NameKey, last.into()))
        }
        PeopleOrder::Since => Condition::all().add(is_beyond(person::Column::Id, end.id.into())),
        PeopleOrder::Seen => {
            let same = person::Column::SeenAt.eq(end.at).and(is_beyond(person::Column::Id, end.id.into()));
            Condition::any().add(is_beyond(person::Column::SeenAt, end.at.into())).add(same)
        }
    })
}

/// The administrators who can act; until the transaction ends nobody changes them.
pub async fn lock_admins(db: &impl ConnectionTrait) -> Found<Vec<PersonId>> {
    let lock = if db.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    let admins = format!("SELECT id FROM person WHERE role = 'admin' AND NOT disabled ORDER BY id{lock}");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), admins)).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get_by_index(0)?))).collect()
}

pub async fn change_role(db: &impl ConnectionTrait, id: PersonId, role: SiteRole) -> Found<()> {
    let change = person::ActiveModel { id: Set(id.0), role: Set(role_word(role).to_owned()), ..Default::default() };
    change_row(db, change).await
}

pub async fn change_disabled(db: &impl ConnectionTrait, id: PersonId, disabled: bool) -> Found<()> {
    let change = person::ActiveModel { id: Set(id.0), disabled: Set(disabled), ..Default::default() };
    change_row(db, change).await
}

/// A pattern that means the words themselves, whatever signs they hold.
pub fn holds(words: &str) -> LikeExpr {
    let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// # Errors
/// A unique violation of `person_name_key` or `person_look`.
pub async fn create_person(db: &impl ConnectionTrait, new: NewPerson, at: i64) -> Found<person::Model> {
    let mut row = person::Model {
        id: 0,
        name: new.name,
        name_key: new.name_key,
        look: new.look,
        sort_key: sort_key(&new.display),
        display: new.display,
        portrait: String::new(),
        role: role_word(new.role).to_owned(),
        password_hash: new.password_hash,
        disabled: false,
        created_at: at,
        seen_at: at,
    };
    let insert = person::ActiveModel { id: NotSet, ..person::ActiveModel::from(row.clone()).reset_all() };
    row.id = person::Entity::insert(insert).exec(db).await?.last_insert_id;
    index(db, &row).await?;
    Ok(row)
}

pub async fn change_password(db: &impl ConnectionTrait, id: PersonId, hash: String) -> Found<()> {
    let change = person::ActiveModel { id: Set(id.0), password_hash: Set(hash), ..Default::default() };
    change_row(db, change).await
}

pub async fn change_display(db: &impl ConnectionTrait, id: PersonId, display: String) -> Found<()> {
    let sort_key = Set(sort_key(&display));
    let change = person::ActiveModel { id: Set(id.0), display: Set(display), sort_key, ..Default::default() };
    change_row(db, change).await?;
    match find_person(db, id).await? {
        Some(row) => index(db, &row).await,
        None => Ok(()),
    }
}

/// `version` is empty for somebody who has no picture any more.
pub async fn change_portrait(db: &impl ConnectionTrait, id: PersonId, version: String) -> Found<()> {
    change_row(db, person::ActiveModel { id: Set(id.0), portrait: Set(version), ..Default::default() }).await
}

/// Leaves nothing of a person but the row that others refer to.
pub async fn change_closed(
    db: &impl ConnectionTrait,
    id: PersonId,
    name: &str,
    display: &str,
    hash: &str,
) -> Found<()> {
    let change = person::ActiveModel {
        id: Set(id.0),
        name: Set(name.to_owned()),
        name_key: Set(name.to_owned()),
        look: Set(name.to_owned()),
        display: Set(display.to_owned()),
        sort_key: Set(sort_key(display)),
        portrait: Set(String::new()),
        role: Set(role_word(SiteRole::Member).to_owned()),
        password_hash: Set(hash.to_owned()),
        disabled: Set(true),
        ..Default::default()
    };
    change_row(db, change).await?;
    search::put(db, Kind::Person, &[(id.0, Vec::new())]).await
}

/// Gives a place in lists to those who were there before people were sorted so.
pub async fn fill_sort_keys(db: &impl ConnectionTrait) -> Found<()> {
    let without = person::Entity::find().filter(person::Column::SortKey.eq(""));
    let all: Vec<(i64, String)> =
        without.select_only().columns([person::Column::Id, person::Column::Display]).into_tuple().all(db).await?;
    for (id, display) in all {
        let sort_key = Set(sort_key(&display));
        change_row(db, person::ActiveModel { id: Set(id), sort_key, ..Default::default() }).await?;
    }
    Ok(())
}

/// Lets people be found by their names.
async fn index(db: &impl ConnectionTrait, row: &person::Model) -> Found<()> {
    search::put(db, Kind::Person, &[(row.id, terms::index(&format!("{} {}", row.name, row.display)))]).await
}

async fn change_row(db: &impl ConnectionTrait, change: person::ActiveModel) -> Found<()> {
    person::Entity::update(change).exec_without_returning(db).await.map(drop)
}

//! Queries about people.

use super::DbErr;
use super::entities::person::{self, role_word};
use domain::PersonId;
use domain::person::SiteRole;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

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

/// The first `limit` people, by name, whose name or display name holds these words.
pub async fn list_people(
    db: &impl ConnectionTrait,
    name_key: &str,
    display: &str,
    limit: u64,
) -> Found<Vec<person::Model>> {
    let mut query = person::Entity::find();
    if !name_key.is_empty() {
        let display = Expr::col((person::Entity, person::Column::Display)).like(holds(display));
        let name = Expr::col((person::Entity, person::Column::NameKey)).like(holds(name_key));
        query = query.filter(Condition::any().add(name).add(display));
    }
    query.order_by_asc(person::Column::NameKey).limit(limit).all(db).await
}

/// A pattern that means the words themselves, whatever signs they hold.
fn holds(words: &str) -> LikeExpr {
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
        display: new.display,
        role: role_word(new.role).to_owned(),
        password_hash: new.password_hash,
        disabled: false,
        created_at: at,
    };
    let insert = person::ActiveModel { id: NotSet, ..person::ActiveModel::from(row.clone()).reset_all() };
    row.id = person::Entity::insert(insert).exec(db).await?.last_insert_id;
    Ok(row)
}

pub async fn change_password(db: &impl ConnectionTrait, id: PersonId, hash: String) -> Found<()> {
    let change = person::ActiveModel { id: Set(id.0), password_hash: Set(hash), ..Default::default() };
    change_row(db, change).await
}

pub async fn change_display(db: &impl ConnectionTrait, id: PersonId, display: String) -> Found<()> {
    let change = person::ActiveModel { id: Set(id.0), display: Set(display), ..Default::default() };
    change_row(db, change).await
}

async fn change_row(db: &impl ConnectionTrait, change: person::ActiveModel) -> Found<()> {
    person::Entity::update(change).exec_without_returning(db).await.map(drop)
}

//! Queries about rooms. What their list shows: `lines.rs`.

use super::DbErr;
use super::entities::room;
use domain::RoomId;
use domain::room::RoomWords;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};

type Found<T> = Result<T, DbErr>;

pub async fn find_room(db: &impl ConnectionTrait, id: RoomId) -> Found<Option<room::Model>> {
    room::Entity::find_by_id(id.0).one(db).await
}

pub async fn find_by_slug(db: &impl ConnectionTrait, slug: &str) -> Found<Option<room::Model>> {
    room::Entity::find().filter(room::Column::Slug.eq(slug)).one(db).await
}

/// # Errors
/// A unique violation of `room_slug`.
pub async fn create_room(db: &impl ConnectionTrait, words: RoomWords, epoch: i64, at: i64) -> Found<room::Model> {
    let mut row = room::Model {
        id: 0,
        slug: words.slug,
        title: words.title,
        about: words.about,
        visibility: words.visibility.as_str().to_owned(),
        archived: false,
        epoch,
        last_seq: 0,
        last_at: at,
        said: 0,
        wall_rev: 0,
        created_at: at,
    };
    let insert = room::ActiveModel { id: NotSet, ..room::ActiveModel::from(row.clone()).reset_all() };
    row.id = room::Entity::insert(insert).exec(db).await?.last_insert_id;
    Ok(row)
}

/// # Errors
/// A unique violation of `room_slug`.
pub async fn change_words(db: &impl ConnectionTrait, id: RoomId, words: RoomWords) -> Found<()> {
    let change = room::ActiveModel {
        id: Set(id.0),
        slug: Set(words.slug),
        title: Set(words.title),
        about: Set(words.about),
        visibility: Set(words.visibility.as_str().to_owned()),
        ..Default::default()
    };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

pub async fn change_archived(db: &impl ConnectionTrait, id: RoomId, archived: bool) -> Found<()> {
    let change = room::ActiveModel { id: Set(id.0), archived: Set(archived), ..Default::default() };
    room::Entity::update(change).exec_without_returning(db).await.map(drop)
}

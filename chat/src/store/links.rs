//! Queries about pictures that other systems name by an address.

use super::DbErr;
use super::entities::{link, link_picture};
use domain::{PictureId, RoomId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

type Found<T> = Result<T, DbErr>;

pub async fn create_link(db: &impl ConnectionTrait, new: link::Model) -> Found<link::Model> {
    let row = link::ActiveModel {
        id: NotSet,
        system: Set(new.system.clone()),
        name: Set(new.name.clone()),
        room_id: Set(new.room_id),
        url: Set(new.url.clone()),
        order_no: Set(new.order_no),
        created_at: Set(new.created_at),
        updated_at: Set(new.updated_at),
    };
    let inserted = link::Entity::insert(row).exec(db).await?;
    Ok(link::Model { id: inserted.last_insert_id, ..new })
}

pub async fn find_link(db: &impl ConnectionTrait, id: i64) -> Found<Option<link::Model>> {
    link::Entity::find_by_id(id).one(db).await
}

/// Those that a system calls so, newest first.
pub async fn list_named(db: &impl ConnectionTrait, system: &str, name: &str) -> Found<Vec<link::Model>> {
    link::Entity::find()
        .filter(link::Column::System.eq(system))
        .filter(link::Column::Name.eq(name))
        .order_by_desc(link::Column::Id)
        .all(db)
        .await
}

/// Those of a room, among them those of every room.
pub async fn list_in(db: &impl ConnectionTrait, system: &str, room: RoomId) -> Found<Vec<link::Model>> {
    let here = Condition::any().add(link::Column::RoomId.eq(room.0)).add(link::Column::RoomId.is_null());
    link::Entity::find().filter(link::Column::System.eq(system)).filter(here).all(db).await
}

pub async fn count(db: &impl ConnectionTrait, system: &str) -> Found<u64> {
    link::Entity::find().filter(link::Column::System.eq(system)).count(db).await
}

/// Gives those of this name another address, order and room.
pub async fn change_named(db: &impl ConnectionTrait, to: &link::Model) -> Found<()> {
    let change = link::Entity::update_many()
        .col_expr(link::Column::RoomId, Expr::value(to.room_id))
        .col_expr(link::Column::Url, Expr::value(to.url.as_str()))
        .col_expr(link::Column::OrderNo, Expr::value(to.order_no))
        .col_expr(link::Column::UpdatedAt, Expr::value(to.updated_at))
        .filter(link::Column::System.eq(to.system.as_str()))
        .filter(link::Column::Name.eq(to.name.as_str()));
    change.exec(db).await.map(drop)
}

pub async fn remove_named(db: &impl ConnectionTrait, system: &str, name: &str) -> Found<()> {
    let named = link::Entity::delete_many().filter(link::Column::System.eq(system)).filter(link::Column::Name.eq(name));
    named.exec(db).await.map(drop)
}

/// Notes which picture of a room's wall a link is.
pub async fn put_hung(db: &impl ConnectionTrait, link: i64, room: RoomId, picture: PictureId, url: &str) -> Found<()> {
    let row = link_picture::ActiveModel {
        link_id: Set(link),
        room_id: Set(room.0),
        picture_id: Set(picture.0),
        url: Set(url.to_owned()),
    };
    use link_picture::Column::{LinkId, PictureId, RoomId, Url};
    let again = OnConflict::columns([LinkId, RoomId]).update_columns([PictureId, Url]).to_owned();
    link_picture::Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(drop)
}

/// Where a link hangs.
pub async fn list_hung(db: &impl ConnectionTrait, link: i64) -> Found<Vec<link_picture::Model>> {
    link_picture::Entity::find().filter(link_picture::Column::LinkId.eq(link)).all(db).await
}

/// All that hangs in a room because of a link.
pub async fn list_hung_in(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<link_picture::Model>> {
    link_picture::Entity::find().filter(link_picture::Column::RoomId.eq(room.0)).all(db).await
}

pub async fn remove_hung(db: &impl ConnectionTrait, link: i64, room: i64) -> Found<()> {
    link_picture::Entity::delete_by_id((link, room)).exec(db).await.map(drop)
}

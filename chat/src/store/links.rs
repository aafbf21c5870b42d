//! Queries about pictures that other systems name by an address.

use super::DbErr;
use super::entities::{link, link_picture, picture};
use super::rows;
use domain::{PictureId, RoomId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use std::collections::HashMap;

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
        problem: Set(new.problem.clone()),
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

/// What a system calls so in one room; of a system that has a name once in a room.
pub async fn find_in(db: &impl ConnectionTrait, system: &str, room: RoomId, name: &str) -> Found<Option<link::Model>> {
    let named = link::Entity::find().filter(link::Column::System.eq(system)).filter(link::Column::Name.eq(name));
    named.filter(link::Column::RoomId.eq(room.0)).one(db).await
}

pub async fn remove_link(db: &impl ConnectionTrait, id: i64) -> Found<()> {
    link::Entity::delete_by_id(id).exec(db).await.map(drop)
}

/// What a system calls the pictures of a room that are its own.
pub async fn list_own_names(
    db: &impl ConnectionTrait,
    system: &str,
    room: RoomId,
) -> Found<HashMap<PictureId, String>> {
    let query = "SELECT h.picture_id, l.name FROM link l JOIN link_picture h ON h.link_id = l.id \
                 WHERE l.system = $1 AND l.room_id = $2 AND h.room_id = $2";
    let values = [system.into(), room.0.into()];
    let names: Vec<(i64, String)> = rows::list(db, &["picture_id", "name"], query, values).await?;
    Ok(names.into_iter().map(|(picture, name)| (PictureId(picture), name)).collect())
}

/// Forgets what a system calls pictures of a room whose rows are gone.
pub async fn remove_lost(db: &impl ConnectionTrait, system: &str, room: RoomId) -> Found<()> {
    let own = link::Entity::find()
        .select_only()
        .column(link::Column::Id)
        .filter(link::Column::System.eq(system))
        .filter(link::Column::RoomId.eq(room.0));
    let there =
        picture::Entity::find().select_only().column(picture::Column::Id).filter(picture::Column::RoomId.eq(room.0));
    let lost = link_picture::Entity::delete_many()
        .filter(link_picture::Column::LinkId.in_subquery(own.into_query()))
        .filter(link_picture::Column::PictureId.not_in_subquery(there.into_query()));
    lost.exec(db).await?;
    let hung = link_picture::Entity::find()
        .select_only()
        .column(link_picture::Column::LinkId)
        .filter(link_picture::Column::RoomId.eq(room.0));
    let unused = link::Entity::delete_many()
        .filter(link::Column::System.eq(system))
        .filter(link::Column::RoomId.eq(room.0))
        .filter(link::Column::Id.not_in_subquery(hung.into_query()));
    unused.exec(db).await.map(drop)
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

/// Notes why a link does not hang (JSON), or that it does.
pub async fn change_problem(db: &impl ConnectionTrait, link: i64, problem: Option<String>) -> Found<()> {
    let change = link::Entity::update_many()
        .col_expr(link::Column::Problem, Expr::value(problem))
        .filter(link::Column::Id.eq(link));
    change.exec(db).await.map(drop)
}

/// Those with a problem that belong to a room, or to every room of their system.
pub async fn list_with_problem(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<link::Model>> {
    let here = Condition::any().add(link::Column::RoomId.eq(room.0)).add(link::Column::RoomId.is_null());
    let found = link::Entity::find().filter(link::Column::Problem.is_not_null()).filter(here);
    found.order_by_asc(link::Column::Id).all(db).await
}

/// Which pictures of a room a system or a program has a name for: picture, system, name.
pub async fn list_names(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<(i64, String, String)>> {
    let query = "SELECT h.picture_id, l.system, l.name FROM link l JOIN link_picture h ON h.link_id = l.id \
                 WHERE h.room_id = $1";
    rows::list(db, &["picture_id", "system", "name"], query, [room.0.into()]).await
}

/// All that hangs in a room because of a link.
pub async fn list_hung_in(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<link_picture::Model>> {
    link_picture::Entity::find().filter(link_picture::Column::RoomId.eq(room.0)).all(db).await
}

pub async fn remove_hung(db: &impl ConnectionTrait, link: i64, room: i64) -> Found<()> {
    link_picture::Entity::delete_by_id((link, room)).exec(db).await.map(drop)
}

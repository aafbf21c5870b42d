//! Queries about texts and videos that other systems put beside their rooms.

use super::DbErr;
use super::entities::panel;
use domain::RoomId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
};

type Found<T> = Result<T, DbErr>;

pub async fn create_panel(db: &impl ConnectionTrait, new: panel::Model) -> Found<panel::Model> {
    let row = panel::ActiveModel {
        id: NotSet,
        system: Set(new.system.clone()),
        kind: Set(new.kind.clone()),
        name: Set(new.name.clone()),
        room_id: Set(new.room_id),
        title: Set(new.title.clone()),
        content: Set(new.content.clone()),
        url: Set(new.url.clone()),
        taken: Set(new.taken.clone()),
        created_at: Set(new.created_at),
        updated_at: Set(new.updated_at),
    };
    let inserted = panel::Entity::insert(row).exec(db).await?;
    Ok(panel::Model { id: inserted.last_insert_id, ..new })
}

fn of_kind(system: &str, kind: &str) -> Select<panel::Entity> {
    panel::Entity::find()
        .filter(panel::Column::System.eq(system))
        .filter(panel::Column::Kind.eq(kind))
        .order_by_desc(panel::Column::Id)
}

/// Those that a system calls so, newest first.
pub async fn list_named(db: &impl ConnectionTrait, system: &str, kind: &str, name: &str) -> Found<Vec<panel::Model>> {
    of_kind(system, kind).filter(panel::Column::Name.eq(name)).all(db).await
}

/// Those of these rooms and those of every room, newest first.
pub async fn list_in(
    db: &impl ConnectionTrait,
    system: &str,
    kind: &str,
    rooms: &[RoomId],
) -> Found<Vec<panel::Model>> {
    let of_these = panel::Column::RoomId.is_in(rooms.iter().map(|room| room.0));
    let here = Condition::any().add(of_these).add(panel::Column::RoomId.is_null());
    of_kind(system, kind).filter(here).all(db).await
}

pub async fn count(db: &impl ConnectionTrait, system: &str, kind: &str) -> Found<u64> {
    of_kind(system, kind).count(db).await
}

/// Puts other words in the place of those of this kind and name.
pub async fn change_named(db: &impl ConnectionTrait, to: &panel::Model) -> Found<()> {
    let change = panel::Entity::update_many()
        .col_expr(panel::Column::RoomId, Expr::value(to.room_id))
        .col_expr(panel::Column::Title, Expr::value(to.title.as_str()))
        .col_expr(panel::Column::Content, Expr::value(to.content.as_str()))
        .col_expr(panel::Column::Url, Expr::value(to.url.as_str()))
        .col_expr(panel::Column::Taken, Expr::value(to.taken.clone()))
        .col_expr(panel::Column::UpdatedAt, Expr::value(to.updated_at))
        .filter(panel::Column::System.eq(to.system.as_str()))
        .filter(panel::Column::Kind.eq(to.kind.as_str()))
        .filter(panel::Column::Name.eq(to.name.as_str()));
    change.exec(db).await.map(drop)
}

/// Under which address our rooms play a video.
pub async fn change_taken(db: &impl ConnectionTrait, id: i64, taken: Option<String>) -> Found<()> {
    let change = panel::Entity::update_many()
        .col_expr(panel::Column::Taken, Expr::value(taken))
        .filter(panel::Column::Id.eq(id));
    change.exec(db).await.map(drop)
}

pub async fn remove_named(db: &impl ConnectionTrait, system: &str, kind: &str, name: &str) -> Found<()> {
    let named = panel::Entity::delete_many()
        .filter(panel::Column::System.eq(system))
        .filter(panel::Column::Kind.eq(kind))
        .filter(panel::Column::Name.eq(name));
    named.exec(db).await.map(drop)
}

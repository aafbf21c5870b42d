//! Queries about pictures and the wall.

use super::DbErr;
use super::entities::{person, picture};
use super::search::{self, Kind};
use crate::search::terms;
use domain::person::Person;
use domain::picture::Picture;
use domain::{BlobId, PersonId, PictureId, RoomId};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Statement,
    sea_query::Expr,
};
use std::collections::HashSet;

type Found<T> = Result<T, DbErr>;

/// A stored file: its name, the type of its full size, and that size in pixels.
#[derive(Clone, Debug)]
pub struct Blob {
    pub id: BlobId,
    pub media_type: &'static str,
    pub width: u32,
    pub height: u32,
    /// Of all its sizes: see `files::digest`.
    pub digest: String,
    /// As [`Picture::tint`].
    pub tint: String,
    /// What it was called by who sent it; empty if nobody knows.
    pub file_name: String,
}

/// A picture of a room, on its wall or not.
pub struct Hung {
    pub picture: Picture,
    /// When it was taken down, if it was.
    pub removed_at: Option<i64>,
    /// Whether it is held back.
    pub held: bool,
    /// What its files together are.
    pub digest: String,
    /// What its file was called.
    pub file_name: String,
}

impl Hung {
    /// Whether viewers see it.
    pub fn is_shown(&self) -> bool {
        self.removed_at.is_none() && !self.held
    }
}

/// Everything on the wall, unsorted: nothing that is held back.
pub async fn list_pictures(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<Picture>> {
    list(db, not_removed(room).filter(picture::Column::HeldAt.is_null())).await
}

/// What is held back, unsorted.
pub async fn list_held(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<Picture>> {
    list(db, not_removed(room).filter(picture::Column::HeldAt.is_not_null())).await
}

/// Which of these are on the wall.
pub async fn list_hanging(db: &impl ConnectionTrait, room: RoomId, ids: &[PictureId]) -> Found<HashSet<PictureId>> {
    let hanging = not_removed(room)
        .filter(picture::Column::HeldAt.is_null())
        .filter(picture::Column::Id.is_in(ids.iter().map(|id| id.0)));
    let ids: Vec<i64> = hanging.select_only().column(picture::Column::Id).into_tuple().all(db).await?;
    Ok(ids.into_iter().map(PictureId).collect())
}

/// How many pictures a room has, shown or held back, and the largest order among them.
pub async fn count_pictures(db: &impl ConnectionTrait, room: RoomId) -> Found<(u64, Option<i64>)> {
    let count = not_removed(room).count(db).await?;
    let first = not_removed(room).order_by_desc(picture::Column::OrderNo).one(db).await?;
    Ok((count, first.map(|row| row.order_no)))
}

fn not_removed(room: RoomId) -> Select<picture::Entity> {
    picture::Entity::find().filter(picture::Column::RoomId.eq(room.0)).filter(picture::Column::RemovedAt.is_null())
}

async fn list(db: &impl ConnectionTrait, rows: Select<picture::Entity>) -> Found<Vec<Picture>> {
    let rows = rows.find_also_related(person::Entity).all(db).await?;
    rows.into_iter().map(|(row, by)| picture_of(row, by)).collect()
}

pub async fn find_picture(db: &impl ConnectionTrait, room: RoomId, id: PictureId) -> Found<Option<Hung>> {
    let found = picture::Entity::find_by_id(id.0)
        .filter(picture::Column::RoomId.eq(room.0))
        .find_also_related(person::Entity)
        .one(db)
        .await?;
    let hung = |(row, by): (picture::Model, _)| {
        let (removed_at, held) = (row.removed_at, row.held_at.is_some());
        let (digest, file_name) = (row.digest.clone(), row.file_name.clone());
        Ok(Hung { picture: picture_of(row, by)?, removed_at, held, digest, file_name })
    };
    found.map(hung).transpose()
}

/// What somebody hung, in every room, oldest first.
pub async fn list_own(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<(RoomId, Picture)>> {
    let own = picture::Entity::find()
        .filter(picture::Column::ById.eq(person.0))
        .filter(picture::Column::RemovedAt.is_null())
        .order_by_asc(picture::Column::Id)
        .find_also_related(person::Entity);
    let rows = own.all(db).await?;
    rows.into_iter().map(|(row, by)| Ok((RoomId(row.room_id), picture_of(row, by)?))).collect()
}

/// Whether a blob is a picture of this room now; with `held`, also one that is held back.
pub async fn find_blob(db: &impl ConnectionTrait, room: RoomId, blob: &BlobId, held: bool) -> Found<bool> {
    let hanging = not_removed(room).filter(picture::Column::Blob.eq(blob.as_str()));
    Ok(hanging.one(db).await?.is_some_and(|row| held || row.held_at.is_none()))
}

/// Whether any row, hanging or taken down, needs this blob.
pub async fn is_needed(db: &impl ConnectionTrait, blob: &BlobId) -> Found<bool> {
    Ok(picture::Entity::find().filter(picture::Column::Blob.eq(blob.as_str())).count(db).await? > 0)
}

/// `held`: held back from the beginning.
pub async fn create_picture(
    db: &impl ConnectionTrait,
    room: RoomId,
    blob: &Blob,
    new: Picture,
    held: bool,
) -> Found<Picture> {
    let row = picture::ActiveModel {
        id: NotSet,
        room_id: Set(room.0),
        blob: Set(blob.id.to_string()),
        media_type: Set(blob.media_type.to_owned()),
        order_no: Set(new.order),
        width: Set(pixels(blob.width)),
        height: Set(pixels(blob.height)),
        caption: Set(new.caption.clone()),
        alt: Set(new.alt.clone()),
        by_id: Set(new.by.id.0),
        at: Set(new.at),
        removed_at: Set(None),
        digest: Set(blob.digest.clone()),
        held_at: Set(held.then_some(new.at)),
        tint: Set(blob.tint.clone()),
        file_name: Set(blob.file_name.clone()),
    };
    let inserted = picture::Entity::insert(row).exec(db).await?;
    index(db, PictureId(inserted.last_insert_id)).await?;
    Ok(Picture { id: PictureId(inserted.last_insert_id), ..new })
}

pub async fn change_words(db: &impl ConnectionTrait, id: PictureId, caption: &str, alt: &str) -> Found<()> {
    let change = picture::Entity::update_many()
        .col_expr(picture::Column::Caption, Expr::value(caption))
        .col_expr(picture::Column::Alt, Expr::value(alt))
        .filter(picture::Column::Id.eq(id.0));
    change.exec(db).await?;
    index(db, id).await
}

/// Lets pictures be found by what is written about them, and what their files were called.
async fn index(db: &impl ConnectionTrait, id: PictureId) -> Found<()> {
    let Some(row) = picture::Entity::find_by_id(id.0).one(db).await? else { return Ok(()) };
    let words = terms::index(&format!("{} {} {}", row.caption, row.alt, row.file_name));
    search::put(db, Kind::Picture, &[(id.0, words)]).await
}

pub async fn change_blob(db: &impl ConnectionTrait, id: PictureId, blob: &Blob) -> Found<()> {
    let change = picture::Entity::update_many()
        .col_expr(picture::Column::Blob, Expr::value(blob.id.as_str()))
        .col_expr(picture::Column::MediaType, Expr::value(blob.media_type))
        .col_expr(picture::Column::Width, Expr::value(pixels(blob.width)))
        .col_expr(picture::Column::Height, Expr::value(pixels(blob.height)))
        .col_expr(picture::Column::Digest, Expr::value(blob.digest.as_str()))
        .col_expr(picture::Column::Tint, Expr::value(blob.tint.as_str()))
        .col_expr(picture::Column::FileName, Expr::value(blob.file_name.as_str()))
        .filter(picture::Column::Id.eq(id.0));
    change.exec(db).await?;
    index(db, id).await
}

pub async fn change_order(db: &impl ConnectionTrait, id: PictureId, order: i64) -> Found<()> {
    let change = picture::Entity::update_many()
        .col_expr(picture::Column::OrderNo, Expr::value(order))
        .filter(picture::Column::Id.eq(id.0));
    change.exec(db).await.map(drop)
}

/// Takes pictures down (`Some(when)`) or hangs them again.
pub async fn change_removed(db: &impl ConnectionTrait, ids: &[PictureId], removed_at: Option<i64>) -> Found<()> {
    change_all(db, ids, picture::Column::RemovedAt, removed_at).await
}

/// Holds pictures back (`Some(when)`) or shows them.
pub async fn change_held(db: &impl ConnectionTrait, ids: &[PictureId], held_at: Option<i64>) -> Found<()> {
    change_all(db, ids, picture::Column::HeldAt, held_at).await
}

async fn change_all(
    db: &impl ConnectionTrait,
    ids: &[PictureId],
    column: picture::Column,
    value: Option<i64>,
) -> Found<()> {
    let change = picture::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(picture::Column::Id.is_in(ids.iter().map(|id| id.0)));
    change.exec(db).await.map(drop)
}

/// Forgets the pictures that were taken down before a time; returns where their files are.
pub async fn remove_taken_down_before(db: &impl ConnectionTrait, time: i64) -> Found<Vec<(RoomId, BlobId)>> {
    let old = picture::Column::RemovedAt.lt(time);
    let rows = picture::Entity::find().filter(old.clone()).all(db).await?;
    picture::Entity::delete_many().filter(old).exec(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((RoomId(row.room_id), BlobId::parse(&row.blob).ok()?))).collect())
}

/// The wall's revision; nobody else changes it before this transaction ends.
pub async fn find_wall_rev_for_change(db: &impl ConnectionTrait, room: RoomId) -> Found<Option<i64>> {
    wall_rev(db, room, "UPDATE room SET wall_rev = wall_rev WHERE id = $1 RETURNING wall_rev").await
}

/// Raises the wall's revision by one and returns it.
pub async fn change_wall_rev(db: &impl ConnectionTrait, room: RoomId) -> Found<Option<i64>> {
    wall_rev(db, room, "UPDATE room SET wall_rev = wall_rev + 1 WHERE id = $1 RETURNING wall_rev").await
}

async fn wall_rev(db: &impl ConnectionTrait, room: RoomId, sql: &str) -> Found<Option<i64>> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [room.0.into()]);
    let row = db.query_one_raw(statement).await?;
    row.map(|row| row.try_get("", "wall_rev")).transpose()
}

fn picture_of(row: picture::Model, by: Option<person::Model>) -> Found<Picture> {
    let by: Person = by.ok_or_else(|| DbErr::RecordNotFound(format!("person {} of a picture", row.by_id)))?.into();
    row.with(by)
}

/// At most 32,000,000 by `domain::picture::MAX_PIXELS`, so it always fits.
fn pixels(side: u32) -> i32 {
    i32::try_from(side).unwrap_or(i32::MAX)
}

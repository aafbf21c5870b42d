//! Queries about files that were sent, or are on their way.

use super::DbErr;
use super::entities::upload::{self, look_word};
use super::rows::json;
use crate::files::Arrived;
use domain::attachment::Attachment;
use domain::{BlobId, MessageId, PersonId, RoomId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement,
};

type Found<T> = Result<T, DbErr>;

/// Where the bytes of a file are.
pub type At = (RoomId, BlobId);

/// Keeps that a file is to come.
pub async fn create_upload(
    db: &impl ConnectionTrait,
    (room, blob): &At,
    person: PersonId,
    name: String,
    bytes: u64,
    at: i64,
) -> Found<()> {
    let row = upload::ActiveModel {
        id: NotSet,
        blob: Set(blob.to_string()),
        room_id: Set(room.0),
        person_id: Set(person.0),
        name: Set(name),
        bytes: Set(number(bytes)),
        look: Set(String::new()),
        width: Set(0),
        height: Set(0),
        media_type: Set(String::new()),
        digest: Set(String::new()),
        at: Set(at),
        message_id: Set(None),
        held_id: Set(None),
        open: Set(false),
        alt: Set(String::new()),
    };
    upload::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

/// The lock that those share who compare sums with a quota: "files" in ASCII.
const SUMS_LOCK: i64 = 0x66_69_6c_65_73;

/// What all files of somebody have together, and what everybody's have; bytes. Those on their way
/// count in full. Nobody else comes by new sums until the transaction ends, so that what is added
/// because of these fits: PostgreSQL would let others add in between, SQLite has one writer.
pub async fn lock_sums(db: &impl ConnectionTrait, of: PersonId) -> Found<(u64, u64)> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({SUMS_LOCK})")).await?;
    }
    Ok((sum_bytes(db, &format!("WHERE person_id = {of}")).await?, sum_bytes(db, "").await?))
}

async fn sum_bytes(db: &impl ConnectionTrait, whose: &str) -> Found<u64> {
    let sql = format!("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes FROM upload {whose}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let sum: i64 = row.map(|row| row.try_get("", "bytes")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(sum).unwrap_or_default())
}

pub async fn find_upload(db: &impl ConnectionTrait, room: RoomId, blob: &BlobId) -> Found<Option<upload::Model>> {
    upload::Entity::find()
        .filter(upload::Column::Blob.eq(blob.as_str()))
        .filter(upload::Column::RoomId.eq(room.0))
        .one(db)
        .await
}

/// The next file that somebody sent with a message, after one of them.
pub async fn find_next_own(db: &impl ConnectionTrait, person: PersonId, after: i64) -> Found<Option<upload::Model>> {
    upload::Entity::find()
        .filter(upload::Column::PersonId.eq(person.0))
        .filter(upload::Column::MessageId.is_not_null())
        .filter(upload::Column::Id.gt(after))
        .order_by_asc(upload::Column::Id)
        .one(db)
        .await
}

/// A file that whoever has its address may read.
pub async fn find_open(db: &impl ConnectionTrait, blob: &BlobId) -> Found<Option<upload::Model>> {
    let found =
        upload::Entity::find().filter(upload::Column::Blob.eq(blob.as_str())).filter(upload::Column::Open.eq(true));
    found.one(db).await
}

pub async fn change_open(db: &impl ConnectionTrait, blob: &BlobId) -> Found<()> {
    let change = upload::Entity::update_many().col_expr(upload::Column::Open, Expr::value(true));
    change.filter(upload::Column::Blob.eq(blob.as_str())).exec(db).await.map(drop)
}

/// Whether any file has these bytes.
pub async fn is_needed(db: &impl ConnectionTrait, blob: &BlobId) -> Found<bool> {
    Ok(upload::Entity::find().filter(upload::Column::Blob.eq(blob.as_str())).one(db).await?.is_some())
}

/// It is whole now.
pub async fn change_whole(db: &impl ConnectionTrait, blob: &BlobId, arrived: &Arrived) -> Found<()> {
    let (width, height) = arrived.pixels();
    upload::Entity::update_many()
        .col_expr(upload::Column::Bytes, Expr::value(number(arrived.bytes)))
        .col_expr(upload::Column::Look, Expr::value(look_word(arrived.look)))
        .col_expr(upload::Column::Width, Expr::value(i64::from(width)))
        .col_expr(upload::Column::Height, Expr::value(i64::from(height)))
        .col_expr(upload::Column::MediaType, Expr::value(arrived.media_type))
        .col_expr(upload::Column::Digest, Expr::value(arrived.digest.as_str()))
        .filter(upload::Column::Blob.eq(blob.as_str()))
        .exec(db)
        .await
        .map(drop)
}

/// It has the bytes of another one now, which is whole.
pub async fn change_copied(db: &impl ConnectionTrait, blob: &BlobId, of: &upload::Model) -> Found<()> {
    upload::Entity::update_many()
        .col_expr(upload::Column::Bytes, Expr::value(of.bytes))
        .col_expr(upload::Column::Look, Expr::value(of.look.as_str()))
        .col_expr(upload::Column::Width, Expr::value(of.width))
        .col_expr(upload::Column::Height, Expr::value(of.height))
        .col_expr(upload::Column::MediaType, Expr::value(of.media_type.as_str()))
        .col_expr(upload::Column::Digest, Expr::value(of.digest.as_str()))
        .filter(upload::Column::Blob.eq(blob.as_str()))
        .exec(db)
        .await
        .map(drop)
}

/// How long it turned out to be; for one whose length was not known before.
pub async fn change_bytes(db: &impl ConnectionTrait, blob: &BlobId, bytes: u64) -> Found<()> {
    let change = upload::Entity::update_many().col_expr(upload::Column::Bytes, Expr::value(number(bytes)));
    change.filter(upload::Column::Blob.eq(blob.as_str())).exec(db).await.map(drop)
}

/// What somebody has sent to a room whole and not used yet, of these; in their order.
pub async fn list_ready(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
    blobs: &[BlobId],
) -> Found<Vec<Attachment>> {
    let rows = upload::Entity::find().filter(ready(room, person, blobs)).all(db).await?;
    let ready: Vec<Attachment> = rows.iter().filter_map(upload::Model::attachment).collect();
    Ok(blobs.iter().filter_map(|blob| ready.iter().find(|file| file.blob == *blob).cloned()).collect())
}

fn ready(room: RoomId, person: PersonId, blobs: &[BlobId]) -> Condition {
    Condition::all()
        .add(upload::Column::RoomId.eq(room.0))
        .add(upload::Column::PersonId.eq(person.0))
        .add(upload::Column::Blob.is_in(blobs.iter().map(BlobId::as_str)))
        .add(upload::Column::Look.ne(""))
        .add(upload::Column::MessageId.is_null())
        .add(upload::Column::HeldId.is_null())
}

/// Gives files to a message. `false` if one of them is not ready any more.
pub async fn change_message(
    db: &impl ConnectionTrait,
    (room, person): (RoomId, PersonId),
    files: &[Attachment],
    message: MessageId,
) -> Found<bool> {
    change_user(db, (room, person), files, upload::Column::MessageId, message.0).await
}

/// The same for a message that waits for approval.
pub async fn change_held(
    db: &impl ConnectionTrait,
    (room, person): (RoomId, PersonId),
    files: &[Attachment],
    held: i64,
) -> Found<bool> {
    change_user(db, (room, person), files, upload::Column::HeldId, held).await
}

async fn change_user(
    db: &impl ConnectionTrait,
    (room, person): (RoomId, PersonId),
    files: &[Attachment],
    column: upload::Column,
    id: i64,
) -> Found<bool> {
    let blobs: Vec<BlobId> = files.iter().map(|file| file.blob.clone()).collect();
    let change = upload::Entity::update_many().col_expr(column, Expr::value(id));
    for file in files.iter().filter(|file| !file.alt.is_empty()) {
        let describe = upload::Entity::update_many().col_expr(upload::Column::Alt, Expr::value(file.alt.as_str()));
        describe.filter(ready(room, person, std::slice::from_ref(&file.blob))).exec(db).await?;
    }
    let changed = change.filter(ready(room, person, &blobs)).exec(db).await?;
    Ok(changed.rows_affected == files.len() as u64)
}

/// Takes its files from a message that waited, so that it can be said with them.
pub async fn release_held(db: &impl ConnectionTrait, held: i64) -> Found<()> {
    let change = upload::Entity::update_many().col_expr(upload::Column::HeldId, Expr::value(None::<i64>));
    change.filter(upload::Column::HeldId.eq(held)).exec(db).await.map(drop)
}

/// Forgets the files of messages; where they are.
pub async fn remove_of_messages(db: &impl ConnectionTrait, ids: &[MessageId]) -> Found<Vec<At>> {
    remove(db, Condition::all().add(upload::Column::MessageId.is_in(ids.iter().map(|id| id.0)))).await
}

/// Forgets the files of messages that waited; where they are.
pub async fn remove_of_held(db: &impl ConnectionTrait, ids: &[i64]) -> Found<Vec<At>> {
    remove(db, Condition::all().add(upload::Column::HeldId.is_in(ids.iter().copied()))).await
}

/// Forgets what was announced before a time and never used; where it is.
pub async fn remove_unused_before(db: &impl ConnectionTrait, time: i64) -> Found<Vec<At>> {
    remove(db, unused().add(upload::Column::At.lt(time))).await
}

/// Forgets one that nobody used. `None` if somebody did.
pub async fn remove_unused(db: &impl ConnectionTrait, blob: &BlobId) -> Found<Option<At>> {
    Ok(remove(db, unused().add(upload::Column::Blob.eq(blob.as_str()))).await?.pop())
}

fn unused() -> Condition {
    Condition::all().add(upload::Column::MessageId.is_null()).add(upload::Column::HeldId.is_null())
}

async fn remove(db: &impl ConnectionTrait, which: Condition) -> Found<Vec<At>> {
    let rows = upload::Entity::find().filter(which).all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.id);
    upload::Entity::delete_many().filter(upload::Column::Id.is_in(ids)).exec(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((RoomId(row.room_id), BlobId::parse(&row.blob).ok()?))).collect())
}

/// Files as a column of a message holds them: empty for none.
pub fn written(files: &[Attachment]) -> Found<String> {
    if files.is_empty() { Ok(String::new()) } else { serde_json::to_string(files).map_err(json) }
}

/// The files in such a column.
pub fn read(column: &str) -> Found<Vec<Attachment>> {
    if column.is_empty() { Ok(Vec::new()) } else { serde_json::from_str(column).map_err(json) }
}

/// No file has more than some hundred megabytes.
fn number(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

//! Queries about messages that wait for approval.

use super::DbErr;
use super::entities::{held, person};
use super::posts::NewPost;
use super::uploads;
use domain::moderation::HeldMessage;
use domain::person::Person;
use domain::{ClientId, MessageId, PersonId, RoomId};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

type Found<T> = Result<T, DbErr>;

fn waiting(room: RoomId) -> Select<held::Entity> {
    held::Entity::find().filter(held::Column::RoomId.eq(room.0)).filter(held::Column::Declined.eq(false))
}

/// # Errors
/// A unique violation of `held_author_id_client_id`.
pub async fn create_held(db: &impl ConnectionTrait, new: &NewPost, at: i64, edits: Option<MessageId>) -> Found<i64> {
    let row = held::Model {
        id: 0,
        room_id: new.room.0,
        author_id: new.author.id.0,
        client_id: new.client_id.as_str().to_owned(),
        text: new.text.clone(),
        files: uploads::written(&new.files)?,
        at,
        declined: false,
        declined_at: None,
        reply_to: new.reply.map(|message| message.0),
        origin: new.origin.map(|message| message.0),
        edits: edits.map(|message| message.0),
    };
    let insert = held::ActiveModel { id: NotSet, ..held::ActiveModel::from(row).reset_all() };
    Ok(held::Entity::insert(insert).exec(db).await?.last_insert_id)
}

/// What its author called by this id: also if it was declined.
pub async fn find_by_client_id(
    db: &impl ConnectionTrait,
    author: PersonId,
    client_id: &ClientId,
) -> Found<Option<held::Model>> {
    let own = held::Entity::find().filter(held::Column::AuthorId.eq(author.0));
    own.filter(held::Column::ClientId.eq(client_id.as_str())).one(db).await
}

/// One that waits, with its author.
pub async fn find_held(db: &impl ConnectionTrait, room: RoomId, id: i64) -> Found<Option<(held::Model, Person)>> {
    let Some(row) = waiting(room).filter(held::Column::Id.eq(id)).one(db).await? else { return Ok(None) };
    let author = person::Entity::find_by_id(row.author_id).one(db).await?;
    Ok(author.map(|author| (row, author.into())))
}

/// The first `limit` that wait, oldest first.
pub async fn list_held(db: &impl ConnectionTrait, room: RoomId, limit: u64) -> Found<Vec<HeldMessage>> {
    let rows = waiting(room).order_by_asc(held::Column::Id).limit(limit).all(db).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.author_id).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    let author = |id: i64| people.iter().find(|row| row.id == id).cloned().map(Person::from);
    let mut whole = Vec::with_capacity(rows.len());
    for held::Model { id, author_id, text, files, at, edits, .. } in rows {
        if let Some(author) = author(author_id) {
            whole.push(HeldMessage { id, author, text, files: uploads::read(&files)?, at, is_edit: edits.is_some() });
        }
    }
    Ok(whole)
}

/// Forgets what was to stand in the place of these messages; whoever takes one back, or thinks anew.
pub async fn remove_edits(db: &impl ConnectionTrait, of: &[MessageId]) -> Found<()> {
    let edits = held::Entity::delete_many().filter(held::Column::Edits.is_in(of.iter().map(|id| id.0)));
    edits.exec(db).await.map(drop)
}

pub async fn count_held(db: &impl ConnectionTrait, room: RoomId) -> Found<u64> {
    waiting(room).count(db).await
}

pub async fn count_held_of(db: &impl ConnectionTrait, room: RoomId, author: PersonId) -> Found<u64> {
    waiting(room).filter(held::Column::AuthorId.eq(author.0)).count(db).await
}

/// Takes it out of the queue. `false` if somebody else did.
pub async fn remove_held(db: &impl ConnectionTrait, id: i64) -> Found<bool> {
    let taken = held::Entity::delete_many().filter(held::Column::Id.eq(id)).filter(held::Column::Declined.eq(false));
    Ok(taken.exec(db).await?.rows_affected == 1)
}

/// Takes these out of the queue; a resend gets its answer. Answers how many: somebody else may have been first.
pub async fn decline(db: &impl ConnectionTrait, ids: &[i64], at: i64) -> Found<u64> {
    let change = held::ActiveModel { declined: Set(true), declined_at: Set(Some(at)), ..Default::default() };
    let declined = held::Entity::update_many().set(change);
    let declined = declined.filter(held::Column::Id.is_in(ids.iter().copied()));
    Ok(declined.filter(held::Column::Declined.eq(false)).exec(db).await?.rows_affected)
}

/// Those of these that were declined in a room and are not forgotten, each with its author.
pub async fn list_declined(db: &impl ConnectionTrait, room: RoomId, ids: &[i64]) -> Found<Vec<held::Model>> {
    let declined = held::Entity::find().filter(held::Column::RoomId.eq(room.0));
    let declined = declined.filter(held::Column::Id.is_in(ids.iter().copied()));
    declined.filter(held::Column::DeclinedAt.is_not_null()).order_by_asc(held::Column::Id).all(db).await
}

/// Puts these into the queue again, at their places.
pub async fn change_waiting(db: &impl ConnectionTrait, ids: &[i64]) -> Found<()> {
    let change = held::ActiveModel { declined: Set(false), declined_at: Set(None), ..Default::default() };
    let again = held::Entity::update_many().set(change).filter(held::Column::Id.is_in(ids.iter().copied()));
    again.exec(db).await.map(drop)
}

/// Forgets what these were to say, which were declined. Where files are that nothing refers to any more.
pub async fn forget_declined(db: &impl ConnectionTrait, ids: &[i64]) -> Found<Vec<uploads::At>> {
    forget(db, held::Column::Id.is_in(ids.iter().copied())).await
}

/// The same for all that were declined before a time.
pub async fn forget_declined_before(db: &impl ConnectionTrait, time: i64) -> Found<Vec<uploads::At>> {
    forget(db, held::Column::DeclinedAt.lt(time)).await
}

async fn forget(db: &impl ConnectionTrait, which: SimpleExpr) -> Found<Vec<uploads::At>> {
    let ids = held::Entity::find().filter(which).filter(held::Column::DeclinedAt.is_not_null());
    let ids: Vec<i64> = ids.select_only().column(held::Column::Id).into_tuple().all(db).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let files = uploads::remove_of_held(db, &ids).await?;
    let change = held::ActiveModel {
        text: Set(String::new()),
        files: Set(String::new()),
        declined_at: Set(None),
        ..Default::default()
    };
    held::Entity::update_many().set(change).filter(held::Column::Id.is_in(ids)).exec(db).await?;
    Ok(files)
}

/// Forgets all that somebody wants to say, wanted to, or wants to change. Where files are that nothing
/// refers to any more.
pub async fn remove_held_of(db: &impl ConnectionTrait, author: PersonId) -> Found<Vec<uploads::At>> {
    let mine = held::Column::AuthorId.eq(author.0);
    let ids = held::Entity::find().filter(mine.clone()).select_only().column(held::Column::Id);
    let files = uploads::remove_of_held(db, &ids.into_tuple::<i64>().all(db).await?).await?;
    held::Entity::delete_many().filter(mine).exec(db).await?;
    Ok(files)
}

/// What somebody wants to say in a room since a time.
pub async fn list_held_of(db: &impl ConnectionTrait, room: RoomId, author: PersonId, since: i64) -> Found<Vec<i64>> {
    let mine = waiting(room).filter(held::Column::AuthorId.eq(author.0)).filter(held::Column::At.gte(since));
    mine.select_only().column(held::Column::Id).into_tuple().all(db).await
}

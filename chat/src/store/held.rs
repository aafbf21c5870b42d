//! Queries about messages that wait for approval.

use super::DbErr;
use super::entities::{held, person};
use super::posts::NewPost;
use super::uploads;
use domain::moderation::HeldMessage;
use domain::person::Person;
use domain::{ClientId, MessageId, PersonId, RoomId};
use sea_orm::sea_query::Expr;
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

/// Forgets what was to be said; a resend gets its answer. `false` if somebody else was first.
pub async fn decline_held(db: &impl ConnectionTrait, id: i64) -> Found<bool> {
    let change = held::ActiveModel {
        declined: Set(true),
        text: Set(String::new()),
        files: Set(String::new()),
        ..Default::default()
    };
    let declined = held::Entity::update_many().set(change);
    let declined = declined.filter(held::Column::Id.eq(id)).filter(held::Column::Declined.eq(false));
    Ok(declined.exec(db).await?.rows_affected == 1)
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

/// The same for all that somebody wanted to say in a room since a time; which they were.
pub async fn decline_held_of(db: &impl ConnectionTrait, room: RoomId, author: PersonId, since: i64) -> Found<Vec<i64>> {
    let mine = waiting(room).filter(held::Column::AuthorId.eq(author.0)).filter(held::Column::At.gte(since));
    let ids: Vec<i64> = mine.select_only().column(held::Column::Id).into_tuple().all(db).await?;
    let declined = held::Entity::update_many()
        .col_expr(held::Column::Declined, Expr::value(true))
        .col_expr(held::Column::Text, Expr::value(""))
        .col_expr(held::Column::Files, Expr::value(""))
        .filter(held::Column::Id.is_in(ids.iter().copied()));
    declined.exec(db).await?;
    Ok(ids)
}

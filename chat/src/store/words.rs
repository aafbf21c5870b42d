//! Queries about words that are not let through.

use super::DbErr;
use super::entities::word_list;
use domain::RoomId;
use domain::moderation::WordList;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

type Found<T> = Result<T, DbErr>;

/// The site's stand where a room with this number would.
pub const SITE: RoomId = RoomId(0);

/// Empty if there is none.
pub async fn find_words(db: &impl ConnectionTrait, room: RoomId) -> Found<WordList> {
    let row = word_list::Entity::find_by_id(room.0).one(db).await?;
    Ok(row.map(|row| WordList { words: row.words, holds: row.holds }).unwrap_or_default())
}

pub async fn change_words(db: &impl ConnectionTrait, room: RoomId, list: WordList) -> Found<()> {
    let row = word_list::Model { room_id: room.0, words: list.words, holds: list.holds };
    let mut anew = OnConflict::column(word_list::Column::RoomId);
    anew.update_columns([word_list::Column::Words, word_list::Column::Holds]);
    let insert = word_list::Entity::insert(row.into_active_model().reset_all()).on_conflict(anew);
    insert.exec_without_returning(db).await.map(drop)
}

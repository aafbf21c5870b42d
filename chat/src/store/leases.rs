//! Queries about what the servers of one house say to each other.

use super::DbErr;
use super::entities::lease::{self, Column};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

type Found<T> = Result<T, DbErr>;

/// Rows of one statement.
const AT_ONCE: usize = 1_000;

/// Says all that a server has to say, with a `beat` of its own; what it said before goes.
pub async fn announce(db: &impl ConnectionTrait, server: i64, beat: i64, said: &[lease::Model]) -> Found<()> {
    for rows in said.chunks(AT_ONCE) {
        let again = OnConflict::columns([Column::Server, Column::RoomId])
            .update_columns([Column::Beat, Column::Hosted, Column::Waiting])
            .to_owned();
        let rows = rows.iter().map(|row| row.clone().into_active_model().reset_all());
        lease::Entity::insert_many(rows).on_conflict(again).exec_without_returning(db).await?;
    }
    remove_up_to(db, server, beat - 1).await
}

/// What all servers but this one say.
pub async fn list_others(db: &impl ConnectionTrait, server: i64) -> Found<Vec<lease::Model>> {
    lease::Entity::find().filter(Column::Server.ne(server)).all(db).await
}

/// Forgets what a server said up to this beat.
pub async fn remove_up_to(db: &impl ConnectionTrait, server: i64, beat: i64) -> Found<()> {
    let old = lease::Entity::delete_many().filter(Column::Server.eq(server)).filter(Column::Beat.lte(beat));
    old.exec(db).await.map(drop)
}

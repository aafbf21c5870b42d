//! Queries about what a room shows, and its video.

use super::DbErr;
use super::entities::{person, stage, video};
use domain::person::Person;
use domain::picture::Size;
use domain::stage::{Show, Stage, Video};
use domain::{BlobId, RoomId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter,
};

type Found<T> = Result<T, DbErr>;

/// What a room shows, and where its video would go on.
pub struct Standing {
    pub stage: Stage,
    /// In milliseconds; also while something else is shown.
    pub position: i64,
}

pub async fn find_stage(db: &impl ConnectionTrait, room: RoomId) -> Found<Stage> {
    Ok(find_standing(db, room).await?.stage)
}

pub async fn find_standing(db: &impl ConnectionTrait, room: RoomId) -> Found<Standing> {
    let video = match find_video(db, room).await? {
        Some(row) => Some(video_of(db, row).await?),
        None => None,
    };
    let row = stage::Entity::find_by_id(room.0).find_also_related(person::Entity).one(db).await?;
    let Some((row, by)) = row else { return Ok(Standing { stage: Stage { video, ..Stage::default() }, position: 0 }) };
    let by: Person = by.ok_or_else(|| DbErr::RecordNotFound(format!("person {} of a stage", row.by_id)))?.into();
    let stage = Stage { show: (&row).try_into()?, at: row.at, by: Some(by), video };
    Ok(Standing { stage, position: row.position })
}

/// Writes down what a room shows. `position` is where its video would go on.
pub async fn put_stage(db: &impl ConnectionTrait, room: RoomId, stage: &Stage, position: i64) -> Found<()> {
    // Without anybody who said anything there is nothing to write down.
    let Some(by) = &stage.by else { return Ok(()) };
    let (show, picture, playing) = match stage.show {
        Show::Nothing => ("nothing", None, false),
        Show::Picture(picture) => ("picture", Some(picture.0), false),
        Show::Video { playing, .. } => ("video", None, playing),
    };
    let row = stage::ActiveModel {
        room_id: Set(room.0),
        show: Set(show.to_owned()),
        picture_id: Set(picture),
        position: Set(position),
        playing: Set(playing),
        by_id: Set(by.id.0),
        at: Set(stage.at),
    };
    use stage::Column::{At, ById, PictureId, Playing, Position, RoomId, Show as Shown};
    let again = OnConflict::column(RoomId).update_columns([Shown, PictureId, Position, Playing, ById, At]).to_owned();
    stage::Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(drop)
}

pub async fn find_video(db: &impl ConnectionTrait, room: RoomId) -> Found<Option<video::Model>> {
    video::Entity::find_by_id(room.0).one(db).await
}

/// Puts a video in the place of the room's, or takes it away.
pub async fn put_video(db: &impl ConnectionTrait, room: RoomId, video: Option<video::Model>) -> Found<()> {
    video::Entity::delete_by_id(room.0).exec(db).await?;
    match video {
        Some(row) => {
            video::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.map(drop)
        }
        None => Ok(()),
    }
}

/// Whether any room's video needs this file.
pub async fn is_needed(db: &impl ConnectionTrait, blob: &BlobId) -> Found<bool> {
    let named = video::Column::Src.eq(blob.as_str()).or(video::Column::Captions.eq(blob.as_str()));
    Ok(video::Entity::find().filter(named).one(db).await?.is_some())
}

async fn video_of(db: &impl ConnectionTrait, row: video::Model) -> Found<Video> {
    let room = RoomId(row.room_id);
    let poster = match row.poster_id {
        Some(poster) => super::pictures::find_picture(db, room, domain::PictureId(poster)).await?,
        None => None,
    };
    let poster = poster.filter(super::pictures::Hung::is_shown);
    let stored = |name: &str| format!("/video/{room}/{name}");
    Ok(Video {
        stream: row.kind == "stream",
        src: if row.kind == "stored" { stored(&row.src) } else { row.src },
        title: row.title,
        poster: poster.map(|hung| hung.picture.url(room, Size::Side(1280))).unwrap_or_default(),
        captions: if row.captions.is_empty() { String::new() } else { stored(&row.captions) },
        language: row.language,
    })
}

//! What rooms show; no row for a room that never showed anything.

use domain::PictureId;
use domain::stage::Show;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// `nothing`, `picture` or `video`.
    pub show: String,
    pub picture_id: Option<i64>,
    /// Of the video at `at`, in milliseconds; kept while something else is shown.
    pub position: i64,
    pub playing: bool,
    pub by_id: i64,
    pub at: i64,
    #[sea_orm(belongs_to, from = "by_id", to = "id")]
    pub by: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&Model> for Show {
    type Error = DbErr;

    fn try_from(row: &Model) -> Result<Self, DbErr> {
        Ok(match (row.show.as_str(), row.picture_id) {
            ("nothing", _) => Self::Nothing,
            ("picture", Some(picture)) => Self::Picture(PictureId(picture)),
            ("video", _) => Self::Video { position: row.position, playing: row.playing },
            _ => return Err(super::unknown("stage.show", &row.show)),
        })
    }
}

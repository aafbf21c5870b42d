//! Pictures on the walls.

use domain::person::Person;
use domain::picture::Picture;
use domain::{BlobId, PictureId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "picture")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub room_id: i64,
    /// Names the stored files.
    pub blob: String,
    pub media_type: String,
    /// Larger hangs first.
    pub order_no: i64,
    pub width: i32,
    pub height: i32,
    pub caption: String,
    pub alt: String,
    pub by_id: i64,
    pub at: i64,
    /// When it was taken down; it can be put back until its files are tidied away.
    pub removed_at: Option<i64>,
    /// What its files together are (`files::digest`); empty for pictures of older stores.
    pub digest: String,
    /// Since when it is held back: its hosts see it, nobody else does.
    pub held_at: Option<i64>,
    /// Its main colour, as [`Picture::tint`].
    pub tint: String,
    /// What its file was called by who sent it; empty if nobody knows.
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    #[sea_orm(belongs_to, from = "by_id", to = "id")]
    pub by: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn with(self, by: Person) -> Result<Picture, DbErr> {
        Ok(Picture {
            id: PictureId(self.id),
            blob: BlobId::parse(&self.blob).map_err(|_| super::unknown("picture.blob", &self.blob))?,
            order: self.order_no,
            width: u32::try_from(self.width).unwrap_or_default(),
            height: u32::try_from(self.height).unwrap_or_default(),
            caption: self.caption,
            alt: self.alt,
            tint: self.tint,
            by,
            at: self.at,
        })
    }
}

//! The videos of rooms, one each at most.

use domain::BlobId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "video")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// `file` or `stream`: somebody else's, at an address; `stored`: a file of ours.
    pub kind: String,
    /// The address, or the name of the stored file.
    #[sea_orm(column_type = "Text")]
    pub src: String,
    pub media_type: String,
    /// Of the stored file (`files::digest`); else empty.
    pub digest: String,
    pub title: String,
    /// A picture of the room's wall.
    pub poster_id: Option<i64>,
    /// Name of the stored file; empty for none.
    pub captions: String,
    pub captions_digest: String,
    /// Of the captions.
    pub language: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The stored files, each with its digest and what it is.
    pub fn files(&self) -> impl Iterator<Item = (BlobId, &str, &'static str)> {
        let video = (self.kind == "stored").then_some((&self.src, self.digest.as_str(), "the video"));
        let captions = Some((&self.captions, self.captions_digest.as_str(), "the captions"));
        let named = [video, captions].into_iter().flatten();
        named.filter_map(|(name, digest, what)| Some((BlobId::parse(name).ok()?, digest, what)))
    }
}

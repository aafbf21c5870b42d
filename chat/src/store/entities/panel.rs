//! A text or a video that another system puts beside its rooms.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub system: String,
    /// `course`, `record`, `history` or `video`.
    pub kind: String,
    /// What the system calls it; several may have one name.
    pub name: String,
    /// Nothing: every room that the system has a name for.
    pub room_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    /// Of a video.
    #[sea_orm(column_type = "Text")]
    pub url: String,
    /// Under which address our rooms play it; empty if they cannot, nothing while that is found out.
    #[sea_orm(column_type = "Text", nullable)]
    pub taken: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

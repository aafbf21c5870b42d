//! Where a linked picture hangs on our walls. A row may outlive its link and its picture: until
//! the picture is taken down, it is known to be nobody else's.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_picture")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub link_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    pub picture_id: i64,
    /// What was fetched for it.
    #[sea_orm(column_type = "Text")]
    pub url: String,
}

impl ActiveModelBehavior for ActiveModel {}

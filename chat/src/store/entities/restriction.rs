//! Who may not write in a room, or not be in it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "restriction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// `None` if not muted.
    pub muted_until: Option<i64>,
    pub banned: bool,
    /// As a host gave it; may be empty.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub by_id: i64,
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

//! Which other sites may show a room.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "embed")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Unique.
    pub room_id: i64,
    /// With blanks between them.
    #[sea_orm(column_type = "Text")]
    pub origins: String,
}

impl ActiveModelBehavior for ActiveModel {}

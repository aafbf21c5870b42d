//! What another system calls a room.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alias")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which system, such as `webim` or `simple:shop`.
    pub system: String,
    /// The room's name or number there; unique in the system.
    pub name: String,
    pub room_id: i64,
}

impl ActiveModelBehavior for ActiveModel {}

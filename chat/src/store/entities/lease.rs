//! What a server says of a room to the others, as long as it renews it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lease")]
pub struct Model {
    /// A number that the server has drawn for this run.
    #[sea_orm(primary_key, auto_increment = false)]
    pub server: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// Grows whenever the server says it again.
    pub beat: i64,
    /// Whether one of the room's hosts is there.
    pub hosted: bool,
    /// How many wait there until the room opens.
    pub waiting: i64,
}

impl ActiveModelBehavior for ActiveModel {}

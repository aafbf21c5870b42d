//! What happened in a room, but for messages, which are their own rows: both tables together
//! have every place of a room exactly once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: i64,
    /// JSON of `domain::event::What`.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// Whose doing it was, where that is to be seen.
    pub by_id: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

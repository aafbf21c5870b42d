//! What somebody was writing in a room and has not said.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// When it was kept.
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

//! Who reacted to what, and how. Once per message, person and emoji.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reaction")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub message_id: i64,
    pub person_id: i64,
    pub emoji: String,
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

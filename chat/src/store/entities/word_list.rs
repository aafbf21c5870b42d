//! Words that are not let through.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "word_list")]
pub struct Model {
    /// 0 for the whole site.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// As typed, one on a line.
    #[sea_orm(column_type = "Text")]
    pub words: String,
    /// Whether a message with one of them waits for approval; else it is refused.
    pub holds: bool,
}

impl ActiveModelBehavior for ActiveModel {}

//! Messages that somebody reported, with their texts as they were.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// It may be gone by now; unique per person who reports.
    pub message_id: i64,
    /// It may be gone by now.
    pub room_id: i64,
    pub about_id: i64,
    pub by_id: i64,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub at: i64,
    pub resolved_by: Option<i64>,
    pub resolved_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

//! Requests that are to be done once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "once")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 of who asks and what they call the request; unique.
    pub name: String,
    /// SHA-256 of what is asked.
    pub request: String,
    /// What it was answered with; 0 while it is being done.
    pub status: i64,
    #[sea_orm(column_type = "Text")]
    pub answer: String,
    pub at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

//! What hosts and administrators did. Rows are added and never changed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: i64,
    /// `None` for the command line.
    pub by_id: Option<i64>,
    /// A word of `domain::audit::Act`.
    pub act: String,
    pub room_id: Option<i64>,
    /// Whom it was done to.
    pub person_id: Option<i64>,
    /// The message, picture or invitation it was done to.
    pub thing: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub detail: String,
}

impl ActiveModelBehavior for ActiveModel {}

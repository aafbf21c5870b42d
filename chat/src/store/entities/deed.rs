//! What hosts did to pictures or about people, for as long as it can be undone.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deed")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub room_id: i64,
    /// Whose it was; nobody else undoes it.
    pub by_id: i64,
    pub at: i64,
    /// JSON of `deeds::Undoing`.
    #[sea_orm(column_type = "Text")]
    pub undoing: String,
}

impl ActiveModelBehavior for ActiveModel {}

//! A picture that another system names by its address.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub system: String,
    /// What the system calls it; several may have one name.
    pub name: String,
    /// Nothing: every room that the system has a name for.
    pub room_id: Option<i64>,
    /// As the system wrote it.
    #[sea_orm(column_type = "Text")]
    pub url: String,
    /// Larger is nearer to the front.
    pub order_no: i64,
    pub created_at: i64,
    pub updated_at: i64,
    /// JSON of the problem why it does not hang, when it was last tried.
    #[sea_orm(column_type = "Text", nullable)]
    pub problem: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

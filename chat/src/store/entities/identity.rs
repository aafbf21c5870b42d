//! What another system calls somebody who has an account here.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which system, such as `webim` or `simple:shop`.
    pub system: String,
    /// Their name there, letter by letter; unique in the system.
    pub name: String,
    pub person_id: i64,
    /// What the system told of them, as it did; may be empty.
    #[sea_orm(column_type = "Text")]
    pub info: String,
}

impl ActiveModelBehavior for ActiveModel {}

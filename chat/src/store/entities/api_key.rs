//! Keys with which programs come in.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose it is; unique.
    pub name: String,
    /// In whose name it acts.
    pub person_id: Option<i64>,
    /// SHA-256 of the key, hexadecimal; unique.
    pub key_hash: String,
    /// What it may do, with spaces between.
    #[sea_orm(column_type = "Text")]
    pub scopes: String,
    pub created_at: i64,
    /// When it was used last; noted at most once a minute. 0 for never.
    pub used_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

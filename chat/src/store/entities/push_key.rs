//! The key by which push services know the house.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push_key")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The private key, PKCS #8 in base64.
    pub pkcs8: String,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

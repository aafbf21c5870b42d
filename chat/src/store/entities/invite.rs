//! Invitations to register, and the set-up token (`role` = `admin`).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invite")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 of the token, hexadecimal; unique.
    pub token_hash: String,
    /// What those who register with it become.
    pub role: String,
    pub uses_left: i64,
    /// `None` for the set-up token: nobody was there yet.
    pub created_by: Option<i64>,
    pub created_at: i64,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

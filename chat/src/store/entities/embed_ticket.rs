//! Tickets for visitors of other sites.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "embed_ticket")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 of the ticket, hexadecimal; unique.
    pub token_hash: String,
    pub person_id: i64,
    pub room_id: i64,
    /// How long its bearer may stay, in milliseconds.
    pub stay: i64,
    pub expires_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

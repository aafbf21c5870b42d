//! Signed-in devices.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub person_id: i64,
    /// SHA-256 of the cookie's token, hexadecimal; unique.
    pub token_hash: String,
    pub device: String,
    pub address: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
    /// Which door it belongs to: the name of a facade; empty for our own pages.
    pub door: String,
    /// When somebody ended a session of a facade, whose clients want to know that it was one.
    pub ended_at: Option<i64>,
    /// The only room that it opens, if it is one in a page of another site.
    pub room_id: Option<i64>,
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub person: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

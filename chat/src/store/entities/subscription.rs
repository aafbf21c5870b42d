//! Devices that notices are pushed to. A row ends with its session.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscription")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Unique.
    pub session_id: i64,
    pub person_id: i64,
    /// Where the device's push service takes notices; secret, and unique by its SHA-256.
    pub endpoint: String,
    pub endpoint_hash: String,
    /// The device's public key and secret, in base64url.
    pub p256dh: String,
    pub auth: String,
    /// `zh` or `en`.
    pub lang: String,
    pub created_at: i64,
    #[sea_orm(belongs_to, from = "session_id", to = "id")]
    pub session: BelongsTo<super::session::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

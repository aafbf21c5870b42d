//! Addresses outside that are told what happens in a room.

use super::{DbErr, unknown};
use domain::webhook::Pause;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub room_id: i64,
    /// In whose name it reads the room.
    pub person_id: i64,
    #[sea_orm(column_type = "Text")]
    pub url: String,
    /// The names of events, with spaces in between; empty for all of them.
    #[sea_orm(column_type = "Text")]
    pub events: String,
    /// What is sent is signed with it, so it is kept as it is.
    pub secret: String,
    /// The one before, with which is signed besides until `old_until`.
    pub old_secret: Option<String>,
    pub old_until: Option<i64>,
    /// The place in the room up to which there are deliveries.
    pub seq: i64,
    /// A word of `domain::webhook::Pause`; empty while it is not paused.
    pub paused: String,
    pub made_at: i64,
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub by: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn pause(&self) -> Result<Option<Pause>, DbErr> {
        let known = Pause::ALL.into_iter().find(|pause| pause.as_str() == self.paused);
        if known.is_none() && !self.paused.is_empty() {
            return Err(unknown("webhook.paused", &self.paused));
        }
        Ok(known)
    }
}

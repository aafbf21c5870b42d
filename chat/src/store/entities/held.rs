//! What somebody wants to say and a host has not let through. What was let through is a
//! message and no longer here.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "held")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub room_id: i64,
    pub author_id: i64,
    /// The sender's own name for it; unique per sender.
    pub client_id: String,
    /// As typed; empty once it was declined for good.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// As of a message.
    #[sea_orm(column_type = "Text")]
    pub files: String,
    pub at: i64,
    /// Kept, without its text in the end, so that a resend gets its answer.
    pub declined: bool,
    /// When, as long as that can be undone.
    pub declined_at: Option<i64>,
    /// The message that it answers.
    pub reply_to: Option<i64>,
    /// The message that it forwards.
    pub origin: Option<i64>,
    /// The message in whose place it is to stand.
    pub edits: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

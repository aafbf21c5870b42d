//! Messages.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub room_id: i64,
    /// Unique in its room.
    pub seq: i64,
    pub author_id: i64,
    /// The sender's own name for it; unique per sender.
    pub client_id: String,
    /// As typed.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// JSON of `Vec<domain::span::Span>`, made from the text when it was posted.
    #[sea_orm(column_type = "Text")]
    pub spans: String,
    /// JSON of `Vec<domain::attachment::Attachment>`; empty for none.
    #[sea_orm(column_type = "Text")]
    pub files: String,
    pub at: i64,
    /// The message that it answers.
    pub reply_to: Option<i64>,
    /// The message that was forwarded by it, perhaps of another room.
    pub origin: Option<i64>,
    /// When its author changed it last.
    pub edited_at: Option<i64>,
    /// JSON of how many reacted how: `[["👍", 2]]`, counted from the table `reaction`; nothing for none.
    #[sea_orm(column_type = "Text", nullable)]
    pub reactions: Option<String>,
    /// Marked as read by one of the two in a private chat, whatever they have read besides.
    pub ticked: bool,
    #[sea_orm(belongs_to, from = "author_id", to = "id")]
    pub author: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

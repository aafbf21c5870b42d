//! Files that were sent, or are on their way.

use domain::BlobId;
use domain::attachment::{Attachment, Look};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Where its bytes are; unique.
    pub blob: String,
    pub room_id: i64,
    pub person_id: i64,
    /// As its sender called it, made harmless.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// As announced; once it is whole, of what is stored in full.
    pub bytes: i64,
    /// Empty until it is whole; `file`, `audio`, `video` or `picture`.
    pub look: String,
    /// Of a picture, else 0.
    pub width: i64,
    pub height: i64,
    /// Ours, by its content.
    pub media_type: String,
    /// See `files::digest`.
    pub digest: String,
    /// When it was announced.
    pub at: i64,
    /// The message that it was sent with.
    pub message_id: Option<i64>,
    /// The message that it shall be sent with once a host approves.
    pub held_id: Option<i64>,
    /// Whoever has its address may read it.
    pub open: bool,
    /// What it shows, as its sender said with the message.
    #[sea_orm(column_type = "Text")]
    pub alt: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether all of it is here.
    pub fn is_whole(&self) -> bool {
        !self.look.is_empty()
    }

    /// Whether a message, said or held, has it.
    pub fn is_used(&self) -> bool {
        self.message_id.is_some() || self.held_id.is_some()
    }

    /// As readers see it; `None` until it is whole.
    pub fn attachment(&self) -> Option<Attachment> {
        let pixels = |n: i64| u32::try_from(n).ok();
        let look = match self.look.as_str() {
            "file" => Look::File,
            "audio" => Look::Audio,
            "video" => Look::Video,
            // Nothing else is kept as a GIF.
            "picture" => Look::Picture {
                width: pixels(self.width)?,
                height: pixels(self.height)?,
                moves: self.media_type == "image/gif",
            },
            _ => return None,
        };
        let bytes = u64::try_from(self.bytes).ok()?;
        let (name, alt) = (self.name.clone(), self.alt.clone());
        Some(Attachment { blob: BlobId::parse(&self.blob).ok()?, name, bytes, look, alt })
    }
}

/// The word for a look in the store.
pub fn look_word(look: Look) -> &'static str {
    match look {
        Look::File => "file",
        Look::Audio => "audio",
        Look::Video => "video",
        Look::Picture { .. } => "picture",
    }
}

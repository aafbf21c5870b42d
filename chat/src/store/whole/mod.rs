//! The store as a whole: opened beside the server for reading, copied row by row, filled
//! from a copy, and examined.
//!
//! A row travels as a JSON object with a field per column, so a copy does not depend on the
//! database it came from.

mod dump;
mod examine;
mod load;
mod measure;
mod open;

pub use dump::{each_row, list_rows};
pub use examine::{examine, find_stray_place};
pub use load::{Filling, is_known};
pub use measure::{StoreKind, StoreSize, measure};
pub use open::{begin, newest_step, open_to_read};

/// A table that is copied. Sessions, with what is pushed to them, attempts to sign in, invitations and projectors' links
/// are not: see `backup`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    Person,
    Room,
    Member,
    Message,
    Event,
    Picture,
    Audit,
    Restriction,
    Held,
    WordList,
    Stage,
    Video,
    Upload,
    NoticeRule,
    PushKey,
    Draft,
    Account,
    Portrait,
    Reaction,
    Mention,
    Hidden,
    Contact,
    Block,
    Report,
    Privacy,
    FirstContact,
    Identity,
    Alias,
    Original,
    ApiKey,
    Link,
    LinkPicture,
    Panel,
    Webhook,
    Delivery,
    Embed,
    JoinRequest,
}

impl Table {
    /// Those that others refer to come first.
    pub const ALL: [Self; 37] = [
        Self::Person,
        Self::Room,
        Self::Member,
        Self::Message,
        Self::Event,
        Self::Picture,
        Self::Audit,
        Self::Restriction,
        Self::Held,
        Self::WordList,
        Self::Stage,
        Self::Video,
        Self::Upload,
        Self::NoticeRule,
        Self::PushKey,
        Self::Draft,
        Self::Account,
        Self::Portrait,
        Self::Reaction,
        Self::Mention,
        Self::Hidden,
        Self::Contact,
        Self::Block,
        Self::Report,
        Self::Privacy,
        Self::FirstContact,
        Self::Identity,
        Self::Alias,
        Self::Original,
        Self::ApiKey,
        Self::Link,
        Self::LinkPicture,
        Self::Panel,
        Self::Webhook,
        Self::Delivery,
        Self::Embed,
        Self::JoinRequest,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Room => "room",
            Self::Member => "member",
            Self::Message => "message",
            Self::Event => "event",
            Self::Picture => "picture",
            Self::Audit => "audit",
            Self::Restriction => "restriction",
            Self::Held => "held",
            Self::WordList => "word_list",
            Self::Stage => "stage",
            Self::Video => "video",
            Self::Upload => "upload",
            Self::NoticeRule => "notice_rule",
            Self::PushKey => "push_key",
            Self::Draft => "draft",
            Self::Account => "account",
            Self::Portrait => "portrait",
            Self::Reaction => "reaction",
            Self::Mention => "mention",
            Self::Hidden => "hidden",
            Self::Contact => "contact",
            Self::Block => "block",
            Self::Report => "report",
            Self::Privacy => "privacy",
            Self::FirstContact => "first_contact",
            Self::Identity => "identity",
            Self::Alias => "alias",
            Self::Original => "original",
            Self::ApiKey => "api_key",
            Self::Link => "link",
            Self::LinkPicture => "link_picture",
            Self::Panel => "panel",
            Self::Webhook => "webhook",
            Self::Delivery => "delivery",
            Self::Embed => "embed",
            Self::JoinRequest => "join_request",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Whether the store counts its rows by itself.
    fn has_own_ids(self) -> bool {
        !matches!(
            self,
            Self::Member
                | Self::Event
                | Self::Restriction
                | Self::WordList
                | Self::Stage
                | Self::Video
                | Self::NoticeRule
                | Self::PushKey
                | Self::Draft
                | Self::Account
                | Self::Portrait
                | Self::Mention
                | Self::Hidden
                | Self::Contact
                | Self::Block
                | Self::Privacy
                | Self::FirstContact
                | Self::LinkPicture
                | Self::JoinRequest
        )
    }
}

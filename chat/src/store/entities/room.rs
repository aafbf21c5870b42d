//! Rooms.

use domain::RoomId;
use domain::gate::{GateRule, Opening};
use domain::moderation::{Policy, Posting};
use domain::room::{Room, Visibility};
use domain::sign_in::SecondSignIn;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Its address; unique.
    pub slug: String,
    pub title: String,
    pub about: String,
    /// `public`, `open` or `private`; `direct` for a private chat, whose address is `@` and the two
    /// people's numbers.
    pub visibility: String,
    pub archived: bool,
    /// Which history: positive, random, below 2^53 so that a page can hold it.
    pub epoch: i64,
    /// Place of the last event; 0 for none.
    pub last_seq: i64,
    /// When that was.
    pub last_at: i64,
    /// How many messages there are.
    pub said: i64,
    /// The wall's revision.
    pub wall_rev: i64,
    pub created_at: i64,
    /// What opens it: `always`, `host`, `schedule` or `never`.
    pub opening: String,
    pub opens_at: Option<i64>,
    pub closes_at: Option<i64>,
    /// In seconds.
    pub doors: i64,
    /// In seconds.
    pub grace: i64,
    /// The rule of its settings, as JSON, while a host has opened or shut it by hand; empty if none has.
    pub usual_gate: String,
    /// The phase that was told last.
    pub phase: String,
    /// The picture that is shown to those who wait.
    pub cover: Option<i64>,
    /// Who may write: `everyone`, `members` or `hosts`.
    pub posting: String,
    /// Seconds between two messages of a member; 0 for none.
    pub slow: i64,
    /// Whether what is said waits for a host's approval.
    pub holds: bool,
    /// For so many seconds one may recall one's own message.
    pub recall: i64,
    /// Whether whoever may write may send files too.
    pub files: bool,
    /// Whether anybody is muted in it or banned from it.
    pub restricted: bool,
    /// For so many seconds one may change one's own message.
    pub edit: i64,
    /// Whether anybody has hidden a message of it from themselves.
    pub hides: bool,
    /// When somebody comes in who is here on another device: `allow`, `ask`, `refuse` or `replace`.
    pub second: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&Model> for Room {
    type Error = DbErr;

    fn try_from(row: &Model) -> Result<Self, DbErr> {
        Ok(Self {
            id: RoomId(row.id),
            slug: row.slug.clone(),
            title: row.title.clone(),
            about: row.about.clone(),
            visibility: Visibility::stored(&row.visibility)
                .ok_or_else(|| super::unknown("room.visibility", &row.visibility))?,
            archived: row.archived,
            created_at: row.created_at,
        })
    }
}

impl TryFrom<&Model> for Policy {
    type Error = DbErr;

    fn try_from(row: &Model) -> Result<Self, DbErr> {
        let seconds =
            |n: i64| u32::try_from(n).map_err(|_| super::unknown("room.slow, recall or edit", &n.to_string()));
        Ok(Self {
            posting: Posting::parse(&row.posting).map_err(|_| super::unknown("room.posting", &row.posting))?,
            slow: seconds(row.slow)?,
            holds: row.holds,
            recall: seconds(row.recall)?,
            files: row.files,
            edit: seconds(row.edit)?,
            second: SecondSignIn::parse(&row.second).map_err(|_| super::unknown("room.second", &row.second))?,
        })
    }
}

impl TryFrom<&Model> for GateRule {
    type Error = DbErr;

    fn try_from(row: &Model) -> Result<Self, DbErr> {
        let seconds = |n: i64| u32::try_from(n).map_err(|_| super::unknown("room.doors or grace", &n.to_string()));
        Ok(Self {
            opening: Opening::parse(&row.opening).map_err(|_| super::unknown("room.opening", &row.opening))?,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            doors: seconds(row.doors)?,
            grace: seconds(row.grace)?,
        })
    }
}

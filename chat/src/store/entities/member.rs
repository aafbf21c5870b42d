//! Who belongs to which room.

use domain::member::{Member, Role};
use domain::unread::Level;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// `host` or `member`.
    pub role: String,
    pub joined_at: i64,
    /// Everything up to this place was seen.
    pub last_read_seq: i64,
    /// How many of the room's messages are no news: those up to that place, and the member's own.
    pub heard: i64,
    /// `everything`, `mentions`, `nothing` or `hidden`.
    pub level: String,
    /// What was seen before all rooms were marked as read together, as long as that can be undone.
    pub undo_seq: Option<i64>,
    /// When the member said something last; 0 for never.
    pub said_at: i64,
    /// Whether the room stands at the top of the member's list.
    pub pinned: bool,
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub person: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn room_role(&self) -> Result<Role, DbErr> {
        role_of(&self.role)
    }

    pub fn with(&self, person: super::person::Model) -> Result<Member, DbErr> {
        Ok(Member { person: person.into(), role: self.room_role()?, joined_at: self.joined_at })
    }
}

/// What a stored word stands for.
pub fn role_of(word: &str) -> Result<Role, DbErr> {
    match word {
        "host" => Ok(Role::Host),
        "member" => Ok(Role::Member),
        word => Err(super::unknown("member.role", word)),
    }
}

/// What a stored word stands for.
pub fn level_of(word: &str) -> Result<Level, DbErr> {
    Level::parse(word).map_err(|_| super::unknown("member.level", word))
}

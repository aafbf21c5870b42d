//! Links that let somebody do something a few times.

use domain::{PersonId, RoomId};
use sea_orm::entity::prelude::*;

/// The end of a link that has none.
pub const NEVER: i64 = i64::MAX;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invite")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 of the token, hexadecimal; unique.
    pub token_hash: String,
    /// What those who register with it become.
    pub role: String,
    pub uses_left: i64,
    /// `None` for the set-up token: nobody was there yet.
    pub created_by: Option<i64>,
    pub created_at: i64,
    pub expires_at: i64,
    /// Into which room it leads.
    pub room_id: Option<i64>,
    /// Whose password it sets.
    pub person_id: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To become the first administrator.
    Setup,
    /// To register.
    Registration,
    /// To become a member of a room.
    Room(RoomId),
    /// To choose a new password.
    Password(PersonId),
}

impl Purpose {
    /// `role`, `room_id` and `person_id`.
    pub fn columns(self) -> (&'static str, Option<i64>, Option<i64>) {
        match self {
            Self::Setup => ("admin", None, None),
            Self::Registration => ("member", None, None),
            Self::Room(room) => ("member", Some(room.0), None),
            Self::Password(person) => ("member", None, Some(person.0)),
        }
    }
}

impl Model {
    pub fn purpose(&self) -> Purpose {
        match (self.room_id, self.person_id) {
            (Some(room), _) => Purpose::Room(RoomId(room)),
            (None, Some(person)) => Purpose::Password(PersonId(person)),
            (None, None) if self.role == "admin" => Purpose::Setup,
            (None, None) => Purpose::Registration,
        }
    }
}

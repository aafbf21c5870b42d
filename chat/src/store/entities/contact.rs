//! The two sides of each private chat.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// With whom; unique per person.
    pub other_id: i64,
    /// Whether this person lets the other one write: they answered, or said so.
    pub accepted: bool,
    /// How many messages they sent that the other one has not answered.
    pub sent: i64,
    /// Until when those are counted.
    pub until: i64,
    /// How many messages they sent, answered or not, where that is counted, and until when.
    pub tally: i64,
    pub tally_until: i64,
    /// Everything up to this place has reached a device of theirs.
    pub delivered: i64,
    pub delivered_at: i64,
    /// The place up to which they had looked when it was noticed last.
    pub seen: i64,
    pub seen_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

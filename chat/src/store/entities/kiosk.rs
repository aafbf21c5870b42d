//! Links for projectors.

use super::unknown;
use domain::KioskId;
use domain::kiosk::{Fit, Kiosk, KioskRule, Sequence};
use domain::person::Person;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiosk")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub room_id: i64,
    /// SHA-256 of the token, hexadecimal; unique.
    pub token_hash: String,
    pub name: String,
    pub sequence: String,
    pub seconds: i64,
    pub fit: String,
    pub code: bool,
    pub created_at: i64,
    /// `None` for old ones of which nobody knows.
    pub by_id: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// With who made it.
    pub fn with(self, by: Option<Person>) -> Result<Kiosk, DbErr> {
        let row = self;
        let rule = KioskRule {
            sequence: Sequence::parse(&row.sequence).map_err(|_| unknown("kiosk.sequence", &row.sequence))?,
            fit: Fit::parse(&row.fit).map_err(|_| unknown("kiosk.fit", &row.fit))?,
            seconds: u32::try_from(row.seconds).map_err(|_| unknown("kiosk.seconds", &row.seconds.to_string()))?,
            name: row.name,
            code: row.code,
        };
        Ok(Kiosk { id: KioskId(row.id), rule, created_at: row.created_at, by })
    }
}

//! Links for projectors.

use super::unknown;
use domain::KioskId;
use domain::kiosk::{Fit, Kiosk, KioskRule, Sequence};
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
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Kiosk {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        let rule = KioskRule {
            sequence: Sequence::parse(&row.sequence).map_err(|_| unknown("kiosk.sequence", &row.sequence))?,
            fit: Fit::parse(&row.fit).map_err(|_| unknown("kiosk.fit", &row.fit))?,
            seconds: u32::try_from(row.seconds).map_err(|_| unknown("kiosk.seconds", &row.seconds.to_string()))?,
            name: row.name,
            code: row.code,
        };
        Ok(Self { id: KioskId(row.id), rule, created_at: row.created_at })
    }
}

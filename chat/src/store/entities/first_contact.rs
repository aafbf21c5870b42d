//! How much strangers may say before they are answered: one row, or none for the usual.

use domain::contact::FirstContact;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "first_contact")]
pub struct Model {
    /// 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub most: i64,
    pub hours: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for FirstContact {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        let number = |n: i64| u32::try_from(n).map_err(|_| super::unknown("first_contact", &n.to_string()));
        Ok(Self { most: number(row.most)?, hours: number(row.hours)? })
    }
}

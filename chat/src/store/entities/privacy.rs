//! What people let others know, of those who have changed something.

use domain::contact::Privacy;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "privacy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    pub presence: bool,
    pub receipts: bool,
    pub listed: bool,
}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for Privacy {
    fn from(row: Model) -> Self {
        Self { presence: row.presence, receipts: row.receipts, listed: row.listed }
    }
}

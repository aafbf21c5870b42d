//! What only matters to an account. People who never set any of it have no row.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// Nobody but the person ever sees it; administrators find them by the whole of it.
    pub email: Option<String>,
    /// The address as addresses are compared; unique.
    pub email_key: Option<String>,
    /// Whether a code that was sent to it came back.
    pub email_verified: bool,
    /// What they tell of themselves.
    #[sea_orm(column_type = "Text")]
    pub about: String,
    /// When they closed it themselves.
    pub closed_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

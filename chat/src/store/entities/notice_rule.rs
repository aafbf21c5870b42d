//! When somebody wants no notices; none for those who never said.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// Minutes after midnight; both or neither.
    pub quiet_from: Option<i64>,
    pub quiet_to: Option<i64>,
    /// Minutes east of UTC.
    pub tz: i64,
    /// Notices say neither who nor what.
    pub hides: bool,
}

impl ActiveModelBehavior for ActiveModel {}

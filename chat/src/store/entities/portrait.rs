//! People's pictures. A few kilobytes each; beside the other rows, so that they are copied with
//! them and go with them.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portrait")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    pub media_type: String,
    /// Base64.
    #[sea_orm(column_type = "Text")]
    pub bytes: String,
}

impl ActiveModelBehavior for ActiveModel {}

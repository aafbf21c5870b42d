//! Pictures know what their files should be, so that damage is noticed.
//!
//! Those hung before have no digest (`''`): of their files it is only known that they should
//! be there.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0002_picture_digest"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let digest = string("digest").default("").take();
        manager.alter_table(Table::alter().table(Alias::new("picture")).add_column(digest).take()).await
    }
}

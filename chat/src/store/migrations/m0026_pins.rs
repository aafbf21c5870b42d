//! Rooms that members keep at the top of their list.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0026_pins"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let pinned = boolean("pinned").default(false).take();
        manager.alter_table(Table::alter().table(Alias::new("member")).add_column(pinned).take()).await
    }
}

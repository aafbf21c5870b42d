//! What usually opens a room, while its host has opened or shut it by hand.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0029_usual_gate"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string("usual_gate").default("").take();
        manager.alter_table(Table::alter().table(Alias::new("room")).add_column(column).take()).await
    }
}

//! The main colour of a picture, in its place until it is there. Pictures of before have none.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0036_tint"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string("tint").default("").take();
        manager.alter_table(Table::alter().table(Alias::new("picture")).add_column(column).take()).await
    }
}

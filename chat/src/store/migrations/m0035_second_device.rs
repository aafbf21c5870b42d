//! What happens in a room when somebody comes in on a second device; what files of messages show, for
//! those who cannot see them; what pictures of walls were called by who sent them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0035_second_device"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("room", string("second").default("allow").take()),
            ("upload", text("alt").default("").take()),
            ("picture", text("file_name").default("").take()),
        ] {
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column).take()).await?;
        }
        Ok(())
    }
}

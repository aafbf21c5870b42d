//! What is said in private is counted each way, single messages are marked as read, and files may be
//! read by whoever has their address.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0019_tallies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("contact", big_integer("tally").default(0).take()),
            ("contact", big_integer("tally_until").default(0).take()),
            ("message", boolean("ticked").default(false).take()),
            ("upload", boolean("open").default(false).take()),
        ];
        for (table, column) in columns {
            // One at a time: SQLite does not take several.
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column).take()).await?;
        }
        Ok(())
    }
}

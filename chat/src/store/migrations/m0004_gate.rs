//! Rooms have a gate: what opens them, and where they are between closed and live.
//!
//! Those made before are always open, as they were.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, string};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0004_gate"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            string("opening").default("always").take(),
            big_integer_null("opens_at"),
            big_integer_null("closes_at"),
            big_integer("doors").default(900).take(),
            big_integer("grace").default(300).take(),
            string("phase").default("live").take(),
            big_integer_null("cover"),
        ];
        for column in columns {
            // One at a time: SQLite does not take several.
            manager.alter_table(Table::alter().table(Alias::new("room")).add_column(column).take()).await?;
        }
        Ok(())
    }
}

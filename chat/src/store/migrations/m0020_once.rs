//! Requests that are to be done once, however often they come.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0020_once"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create().table(Alias::new("once")).col(big_pk_auto("id")).take();
        for column in [
            string("name"),
            string("request"),
            big_integer("status").default(0).take(),
            text("answer"),
            big_integer("at"),
        ] {
            table.col(column);
        }
        manager.create_table(table).await?;
        let index = |column: &str| {
            Index::create().name(format!("once_{column}")).table(Alias::new("once")).col(Alias::new(column)).take()
        };
        // Whether a request came before.
        manager.create_index(index("name").unique().take()).await?;
        // Forgetting what is old.
        manager.create_index(index("at")).await
    }
}

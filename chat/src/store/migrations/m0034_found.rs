//! People are found by what another system calls them, and by where they are signed in; what was declined
//! is remembered for as long as that can be undone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer_null;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0034_found"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer_null("declined_at").take();
        manager.alter_table(Table::alter().table(Alias::new("held")).add_column(column).take()).await?;
        for (table, column) in [("identity", "name"), ("session", "address")] {
            let name = format!("{table}_{column}");
            let index = Index::create().name(name).table(Alias::new(table)).col(Alias::new(column)).take();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

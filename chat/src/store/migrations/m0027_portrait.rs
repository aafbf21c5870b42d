//! The version of somebody's picture stands beside their name, where everybody who shows the name reads it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0027_portrait"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string("portrait").default("").take();
        manager.alter_table(Table::alter().table(Alias::new("person")).add_column(column).take()).await?;
        let moved = "UPDATE person SET portrait = (SELECT a.portrait FROM account a WHERE a.person_id = person.id) \
                     WHERE id IN (SELECT person_id FROM account)";
        manager.get_connection().execute_unprepared(moved).await?;
        let dropped = Table::alter().table(Alias::new("account")).drop_column(Alias::new("portrait")).take();
        manager.alter_table(dropped).await
    }
}

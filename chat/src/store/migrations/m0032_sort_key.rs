//! By what people are sorted in lists. What is empty is filled when the house opens: it takes a dictionary.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0032_sort_key"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // Byte by byte, whatever the language of the database: SQLite compares like that by itself.
        let order = if manager.get_database_backend() == DbBackend::Postgres { " COLLATE \"C\"" } else { "" };
        let add = format!("ALTER TABLE person ADD COLUMN sort_key TEXT{order} NOT NULL DEFAULT ''");
        db.execute_unprepared(&add).await?;
        db.execute_unprepared("CREATE INDEX person_sort_key_id ON person (sort_key, id)").await.map(drop)
    }
}

//! The index of what was said is tidied by the indexer, a little each time (`store::search::tidy`).
//! By itself SQLite tidied it now and then inside a commit, for which everybody waited 20 ms.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0037_merging"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if db.get_database_backend() == DbBackend::Sqlite {
            db.execute_unprepared("INSERT INTO search_message (search_message, rank) VALUES ('automerge', 0)").await?;
        }
        Ok(())
    }
}

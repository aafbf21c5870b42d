//! What search looks things up in: of each message, picture and person the words that
//! `search::terms` made. SQLite keeps them in a full-text index (FTS5) without the texts, PostgreSQL
//! as `tsvector`. Filled by the program (`search::indexer`), and by nothing else.

use crate::store::search::Kind;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0010_search"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for kind in Kind::ALL {
            let table = kind.table();
            if db.get_database_backend() == DbBackend::Postgres {
                db.execute_unprepared(&format!(
                    "CREATE TABLE {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)"
                ))
                .await?;
                db.execute_unprepared(&format!("CREATE INDEX {table}_words ON {table} USING gin (words)")).await?;
            } else {
                // The words are cut and folded already.
                db.execute_unprepared(&format!(
                    "CREATE VIRTUAL TABLE {table} USING fts5(words, content='', contentless_delete=1, \
                     tokenize='unicode61 remove_diacritics 0')"
                ))
                .await?;
            }
        }
        Ok(())
    }
}

//! How large the store is.

use super::super::DbErr;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::path::Path;

/// What keeps the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    Sqlite,
    Postgres,
}

/// In bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreSize {
    pub data: u64,
    /// What was written and is not in its place yet; PostgreSQL does not say.
    pub log: Option<u64>,
}

pub async fn measure(db: &impl ConnectionTrait) -> Result<(StoreKind, StoreSize), DbErr> {
    let backend = db.get_database_backend();
    let ask = async |words: &str| db.query_one_raw(Statement::from_string(backend, words)).await;
    if backend == DbBackend::Postgres {
        let row = ask("SELECT pg_database_size(current_database())").await?;
        let size: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        return Ok((StoreKind::Postgres, StoreSize { data: size.unsigned_abs(), log: None }));
    }
    let row = ask("SELECT file FROM pragma_database_list WHERE name = 'main'").await?;
    let file: String = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let data = length(Path::new(&file)).unwrap_or_default();
    Ok((StoreKind::Sqlite, StoreSize { data, log: length(Path::new(&format!("{file}-wal"))).or(Some(0)) }))
}

fn length(path: &Path) -> Option<u64> {
    path.metadata().ok().map(|found| found.len())
}

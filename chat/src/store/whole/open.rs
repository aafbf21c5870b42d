//! Opening a store to read it beside the server that writes it.

use super::super::migrations::Migrator;
use super::super::open::{applied, as_everywhere, postgres_options};
use super::super::{DatabaseConnection, DatabaseTransaction, StoreUrl, begin_read};
use crate::backup::CopyFault;
use crate::{Error, Result};
use sea_orm::{ConnectOptions, Database};
use sea_orm_migration::MigratorTrait;
use std::path::Path;
use std::time::Duration;

/// How long to wait for a store that is just being opened or closed by its server.
const BUSY: Duration = Duration::from_secs(5);

/// Nothing can be written through this connection, and it never holds up a writer.
///
/// # Errors
/// [`CopyFault::NoStore`] where there is none; [`Error::Schema`] for another version's.
pub async fn open_to_read(url: &StoreUrl) -> Result<DatabaseConnection> {
    let db = match url {
        StoreUrl::Sqlite(path) if !path.is_file() => return Err(CopyFault::NoStore(path.clone()).into()),
        StoreUrl::Sqlite(path) => Database::connect(sqlite_options(path)).await?,
        StoreUrl::Postgres(url) => Database::connect(postgres_options(url)).await?,
    };
    let (found, wanted) = (applied(&db).await?, steps());
    if found == wanted {
        return Ok(db);
    }
    let older = found.len() < wanted.len() && wanted.starts_with(&found);
    Err(Error::Schema { found: found.last().cloned().unwrap_or_default(), wanted: newest_step(), older })
}

/// One and the same state, however long it is read.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    begin_read(db).await
}

/// The names of the steps that lead to this program's schema.
pub(super) fn steps() -> Vec<String> {
    Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}

/// What this program's schema is called.
pub fn newest_step() -> String {
    steps().pop().unwrap_or_default()
}

fn sqlite_options(path: &Path) -> ConnectOptions {
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).acquire_timeout(BUSY).test_before_acquire(false).map_sqlx_sqlite_opts(move |options| {
        options.filename(&path).in_memory(false).shared_cache(false).read_only(true).busy_timeout(BUSY)
    });
    as_everywhere(&mut options);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_looks_for_old_connections() {
        let options = sqlite_options(Path::new("salon.db"));
        assert_eq!((options.get_idle_timeout(), options.get_max_lifetime()), (Some(None), Some(None)));
    }
}

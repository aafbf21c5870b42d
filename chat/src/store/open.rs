//! Connecting, and making sure that the store is of this version.

use super::checkpoint::{Checkpoints, TOO_LONG};
use super::migrations::Migrator;
use super::{DatabaseConnection, DbErr};
use crate::{Error, Result};
use log::LevelFilter;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, EntityTrait, QueryOrder, TransactionTrait};
use sea_orm_migration::{MigratorTrait, SchemaManager, seaql_migrations};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Connections of the PostgreSQL pool.
const POSTGRES_POOL: u32 = 16;
/// Reading connections of a SQLite store.
const SQLITE_READERS: u32 = 4;
/// Pages that the writer remembers, in KiB: the ends of the indexes of some hundred busy rooms.
const WRITER_CACHE: u32 = 16 * 1024;
/// How long one process waits for another's write (the command line beside the server).
const BUSY: Duration = Duration::from_secs(5);
/// Statements slower than this are logged.
const SLOW: Duration = Duration::from_millis(500);
/// The lock that processes share while they migrate one PostgreSQL store: "salon" in ASCII.
const MIGRATION_LOCK: i64 = 0x73_61_6c_6f_6e;

/// Where the data is.
#[derive(Clone)]
pub enum StoreUrl {
    /// A file, made when missing.
    Sqlite(PathBuf),
    /// `postgres://…`; it may hold a password, so it has no `Debug`.
    Postgres(String),
}

impl StoreUrl {
    /// `postgres://…`, `postgresql://…`, `sqlite:PATH`, or the path of a file.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Postgres(text.to_owned());
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
    }
}

pub(super) struct Opened {
    pub read: DatabaseConnection,
    /// SQLite has one connection for writing.
    pub writer: Option<Writer>,
}

/// The writing connection of a SQLite store, and how to make another.
pub(super) struct Writer {
    pub db: DatabaseConnection,
    path: PathBuf,
}

impl Writer {
    /// Moves the log of this store beside the commits.
    pub(super) fn checkpoints(&self) -> Checkpoints {
        Checkpoints::start(self.path.clone())
    }

    pub(super) async fn connect(&self) -> std::result::Result<DatabaseConnection, DbErr> {
        connect_writer(&self.path).await
    }
}

async fn connect_writer(path: &Path) -> std::result::Result<DatabaseConnection, DbErr> {
    let db = Database::connect(sqlite_options(path, 1)).await?;
    db.execute_unprepared(&format!("PRAGMA cache_size = -{WRITER_CACHE}")).await?;
    Ok(db)
}

pub(super) async fn open(url: &StoreUrl, migrate: bool) -> Result<Opened> {
    match url {
        StoreUrl::Sqlite(path) => {
            // The writer first: it makes the file and its tables.
            let db = connect_writer(path).await?;
            bring_up_to_date(&db, migrate).await?;
            let read = Database::connect(sqlite_options(path, SQLITE_READERS)).await?;
            Ok(Opened { read, writer: Some(Writer { db, path: path.clone() }) })
        }
        StoreUrl::Postgres(url) => {
            let read = Database::connect(postgres_options(url)).await?;
            bring_up_to_date(&read, migrate).await?;
            Ok(Opened { read, writer: None })
        }
    }
}

/// Moves the write-ahead log into the file, so that the file alone is the whole store.
pub(super) async fn close_writer(writer: Writer) {
    let moved = writer.db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let closed = writer.db.close().await;
    if let Err(cause) = moved.map(drop).and(closed) {
        tracing::warn!(%cause, "the write-ahead log was not emptied; it will be read at the next start");
    }
}

pub(super) fn sqlite_options(path: &Path, connections: u32) -> ConnectOptions {
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(BUSY)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .filename(&path)
                .in_memory(false)
                .shared_cache(false)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // NORMAL may lose acknowledged commits when the power fails.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY)
                .pragma("wal_autocheckpoint", TOO_LONG.to_string())
        });
    as_everywhere(&mut options);
    options
}

pub(super) fn postgres_options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(POSTGRES_POOL).min_connections(1).acquire_timeout(BUSY).connect_timeout(BUSY);
    as_everywhere(&mut options);
    options
}

/// What holds for every connection. Nothing looks for old ones: in sqlx 0.9.0 that look may begin at
/// a wrong moment, as soon as a program starts, and then never ends and takes a core
/// (<https://github.com/transact-rs/sqlx/issues/3645>). A connection to a file does not age, and one to
/// PostgreSQL is tried before it is used. By default every statement would be logged at Info.
pub(super) fn as_everywhere(options: &mut ConnectOptions) {
    options
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging_level(LevelFilter::Debug)
        .sqlx_slow_statements_logging_settings(LevelFilter::Warn, SLOW)
        .record_stmt_in_spans(false);
}

/// Makes the tables of an empty store; brings an older one up to date if `migrate` allows it.
async fn bring_up_to_date(db: &DatabaseConnection, migrate: bool) -> Result<()> {
    let lock = lock_migrations(db).await?;
    let applied = applied(db).await?;
    let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
    let older = applied.len() < known.len() && known.starts_with(&applied);
    if applied == known {
        // Nothing to do.
    } else if applied.is_empty() || (older && migrate) {
        Migrator::up(db, None).await?;
    } else {
        let found = applied.last().cloned().unwrap_or_default();
        return Err(Error::Schema { found, wanted: known.last().cloned().unwrap_or_default(), older });
    }
    if let Some(lock) = lock {
        lock.commit().await?;
    }
    Ok(())
}

/// Two processes that start at once must not both make the tables. SQLite has its own lock.
async fn lock_migrations(db: &DatabaseConnection) -> Result<Option<super::DatabaseTransaction>> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let lock = db.begin().await?;
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    Ok(Some(lock))
}

/// Names of the migrations this store has seen, in order.
pub(super) async fn applied(db: &DatabaseConnection) -> Result<Vec<String>> {
    if !SchemaManager::new(db).has_table("seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let rows = seaql_migrations::Entity::find().order_by_asc(seaql_migrations::Column::Version).all(db).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_looks_for_old_connections() {
        for options in [sqlite_options(Path::new("salon.db"), 4), postgres_options("postgres://localhost/salon")] {
            assert_eq!((options.get_idle_timeout(), options.get_max_lifetime()), (Some(None), Some(None)));
        }
    }
}

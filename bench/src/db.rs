//! Databases beside the server that is measured.

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use std::time::Duration;

/// One connection, without a log. It never ages: see `as_everywhere` in `chat/src/store/open.rs`.
pub async fn connect(url: impl Into<String>) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url.into());
    options.max_connections(1).sqlx_logging(false).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    Database::connect(options).await
}

//! Filling an empty store from copied rows, all or nothing.

use super::super::migrations::{COUNT, Migrator};
use super::super::open::{applied, postgres_options, sqlite_options};
use super::super::{DatabaseTransaction, DbErr, StoreUrl};
use super::{Table, open::steps};
use crate::backup::CopyFault;
use crate::{Error, Result};
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait, Value};
use sea_orm_migration::MigratorTrait;
use serde_json::{Map, Value as Json};

/// Whether this program knows the schema that ends with this step.
pub fn is_known(schema: &str) -> bool {
    steps().iter().any(|step| step == schema)
}

/// A store that is being filled. Nothing of it is kept before [`Filling::finish`].
pub struct Filling {
    db: DatabaseConnection,
    tx: DatabaseTransaction,
}

impl Filling {
    /// Makes the tables as they were at `schema`.
    ///
    /// # Errors
    /// [`CopyFault::NotEmpty`] if the store has rows already.
    pub async fn begin(url: &StoreUrl, schema: &str) -> Result<Self> {
        let db = match url {
            StoreUrl::Sqlite(path) => Database::connect(sqlite_options(path, 1)).await?,
            StoreUrl::Postgres(url) => Database::connect(postgres_options(url)).await?,
        };
        refuse_used(&db).await?;
        let present = applied(&db).await?;
        let tx = db.begin().await?;
        let wanted = steps().iter().position(|step| step == schema).map_or(0, |at| at + 1);
        match wanted.checked_sub(present.len()) {
            Some(0) => {}
            Some(missing) => Migrator::up(&tx, u32::try_from(missing).ok()).await?,
            None => return Err(CopyFault::NotEmpty("a store made by a later version".to_owned()).into()),
        }
        Ok(Self { db, tx })
    }

    /// Puts rows in, which all have the same columns.
    pub async fn add_rows(&self, table: Table, rows: Vec<Map<String, Json>>) -> Result<()> {
        if table == Table::PushKey {
            // A house that was started has one already.
            self.tx.execute_unprepared("DELETE FROM push_key").await?;
        }
        let Some(columns) = rows.first().map(|row| row.keys().cloned().collect::<Vec<_>>()) else { return Ok(()) };
        let mut insert = Query::insert();
        insert.into_table(Alias::new(table.name())).columns(columns.iter().map(Alias::new));
        for row in rows {
            if !row.keys().eq(columns.iter()) {
                return Err(CopyFault::Damaged(table.name().to_owned(), "rows of different kinds".to_owned()).into());
            }
            let values: std::result::Result<Vec<Expr>, DbErr> = row.into_iter().map(value).collect();
            insert.values(values?).map_err(|cause| DbErr::Type(cause.to_string()))?;
        }
        self.tx.execute(&insert).await?;
        Ok(())
    }

    /// Brings the schema up to date, counts messages anew, gives every room another history, and keeps it all.
    pub async fn finish(self, epochs: impl Fn() -> i64) -> Result<()> {
        Migrator::up(&self.tx, None).await?;
        // What was counted wrong is not restored.
        for count in COUNT {
            self.tx.execute_unprepared(count).await?;
        }
        for room in self.rooms().await? {
            let change = "UPDATE room SET epoch = $1 WHERE id = $2";
            self.tx.execute_raw(self.statement(change, [epochs().into(), room.into()])).await?;
        }
        if self.tx.get_database_backend() == DbBackend::Postgres {
            self.count_on().await?;
        }
        self.tx.commit().await?;
        Ok(self.db.close().await?)
    }

    async fn rooms(&self) -> Result<Vec<i64>> {
        let rows = self.tx.query_all_raw(self.statement("SELECT id FROM room", [])).await?;
        Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<std::result::Result<_, DbErr>>()?)
    }

    /// PostgreSQL counts apart from the rows; SQLite looks at them.
    async fn count_on(&self) -> Result<()> {
        for table in Table::ALL.into_iter().filter(|table| table.has_own_ids()).map(Table::name) {
            let set = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table} HAVING MAX(id) > 0"
            );
            self.tx.execute_unprepared(&set).await?;
        }
        Ok(())
    }

    fn statement<const N: usize>(&self, sql: &str, values: [Value; N]) -> Statement {
        Statement::from_sql_and_values(self.tx.get_database_backend(), sql, values)
    }
}

/// What is written over would be lost, and what is mixed would be nobody's house.
async fn refuse_used(db: &DatabaseConnection) -> Result<()> {
    if applied(db).await?.is_empty() {
        return Ok(());
    }
    // Also what is never copied: a house where somebody signs in is in use.
    let told = Table::ALL.into_iter().filter(|table| *table != Table::PushKey).map(Table::name);
    for table in told.chain(["session", "invite"]) {
        let any = Statement::from_string(db.get_database_backend(), format!("SELECT 1 FROM {table} LIMIT 1"));
        if db.query_one_raw(any).await.map_err(Error::from)?.is_some() {
            return Err(CopyFault::NotEmpty(format!("rows in the table {table}")).into());
        }
    }
    Ok(())
}

/// Whole numbers are the only ones there are. `NULL` is sent as one: both databases take it
/// for every kind of column.
fn value((column, value): (String, Json)) -> std::result::Result<Expr, DbErr> {
    Ok(match value {
        Json::Null => Expr::value(None::<i64>),
        Json::Bool(value) => Expr::value(value),
        Json::String(value) => Expr::value(value),
        Json::Number(number) if number.is_i64() => Expr::value(number.as_i64()),
        other => return Err(DbErr::Type(format!("{column} cannot be {other}"))),
    })
}

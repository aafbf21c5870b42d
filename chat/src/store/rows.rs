//! Many rows as one value. SQLite's rows come from a thread of their own, one after the
//! other and each value copied: forty small rows cost more on their way than their reading.

use super::DbErr;
use domain::PersonId;
use domain::person::Person;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde::de::DeserializeOwned;

/// The rows of `query`, each read from the JSON array of its `columns`. The order of the rows
/// is the query's only by habit: callers that need one sort.
pub async fn list<T: DeserializeOwned>(
    db: &impl ConnectionTrait,
    columns: &[&str],
    query: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, DbErr> {
    let columns = columns.join(", ");
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            format!("SELECT CAST(json_agg(json_build_array({columns})) AS TEXT) FROM ({query}) AS listed")
        }
        _ => format!("SELECT json_group_array(json_array({columns})) FROM ({query}) AS listed"),
    };
    let row = db.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    // PostgreSQL makes nothing of no rows, not an empty array.
    let all: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    all.map_or_else(|| Ok(Vec::new()), |all| serde_json::from_str(&all).map_err(json))
}

/// From id, name, display name and portrait.
pub(super) fn people(rows: Vec<(i64, String, String, String)>) -> Vec<Person> {
    let person = |(id, name, display, portrait)| Person { id: PersonId(id), name, display, portrait };
    rows.into_iter().map(person).collect()
}

pub(super) fn json(cause: serde_json::Error) -> DbErr {
    DbErr::Json(cause.to_string())
}

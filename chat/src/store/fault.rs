//! What a failure of the store means.

use super::DbErr;
use crate::{Error, Problem, Result};
use sea_orm::sqlx;
use sea_orm::{RuntimeErr, SqlErr};

/// Turns the violation of a unique index into the refusal it stands for.
pub trait OnUnique<T> {
    /// `index` is the table and the first column joined by `_`, as in `m0001_house.rs`; SQLite names
    /// the columns, PostgreSQL the index, and both are made of these words.
    fn on_unique(self, index: &str, problem: Problem) -> Result<T>;
}

impl<T> OnUnique<T> for std::result::Result<T, DbErr> {
    fn on_unique(self, index: &str, problem: Problem) -> Result<T> {
        self.map_err(|cause| if violates(&cause, index) { problem.into() } else { cause.into() })
    }
}

impl<T> OnUnique<T> for Result<T> {
    fn on_unique(self, index: &str, problem: Problem) -> Result<T> {
        self.map_err(|error| match error {
            Error::Database(cause) if violates(&cause, index) => problem.into(),
            other => other,
        })
    }
}

fn violates(cause: &DbErr, index: &str) -> bool {
    match cause.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(text)) => text.replace('.', "_").contains(index),
        _ => false,
    }
}

/// Whether it may work a little later: the store is busy, full, closed or away.
pub fn is_passing(cause: &DbErr) -> bool {
    match cause {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            is_passing_sqlx(cause)
        }
        _ => false,
    }
}

/// Whether the database says that its own files are not what it wrote.
pub fn is_damage(cause: &DbErr) -> bool {
    match cause {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            let code = cause.as_database_error().and_then(|cause| cause.code());
            code.is_some_and(|code| is_damage_code(&code))
        }
        _ => false,
    }
}

fn is_passing_sqlx(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| is_passing_code(&code)),
        _ => false,
    }
}

/// SQLite's (extended) result codes are numbers; PostgreSQL's are five letters and digits.
fn is_passing_code(code: &str) -> bool {
    if code.len() == 5 {
        // Connection lost, out of resources, stopped by an operator, serialization, deadlock.
        return ["08", "53", "57", "40"].iter().any(|class| code.starts_with(class));
    }
    // The low byte is the kind: BUSY 5, LOCKED 6, READONLY 8, IOERR 10, FULL 13, CANTOPEN 14.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14))
}

/// SQLite: CORRUPT 11, NOTADB 26. PostgreSQL: data and index corrupted.
fn is_damage_code(code: &str) -> bool {
    if code.len() == 5 {
        return matches!(code, "XX001" | "XX002");
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 11 | 26))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for passing in ["5", "517", "13", "778", "53100", "57P01", "40P01"] {
            assert!(is_passing_code(passing), "{passing}");
        }
        for lasting in ["1", "19", "2067", "11", "23505", "42P01", ""] {
            assert!(!is_passing_code(lasting), "{lasting}");
        }
        for (code, is_damage) in
            [("11", true), ("267", true), ("26", true), ("XX001", true), ("13", false), ("23505", false)]
        {
            assert_eq!(is_damage_code(code), is_damage, "{code}");
        }
    }
}

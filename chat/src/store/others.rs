//! Whether another process, the command line say, wrote to a SQLite store: asked while this one
//! writes, so that what a busy server knows need not be read again and again.

use super::{DatabaseConnection, DbErr};
use crate::known::Known;
use sea_orm::{ConnectionTrait, Statement};
use std::time::{Duration, Instant};

/// How often it is asked at most: half of what others' changes may stay unnoticed.
const OFTEN: Duration = Duration::from_secs(1);

pub(super) struct Others {
    known: Known,
    /// As the writer's connection saw it last; `None` for a new connection, whose numbers are others.
    version: Option<i64>,
    asked: Option<Instant>,
}

impl Others {
    pub fn new(known: Known) -> Self {
        Self { known, version: None, asked: None }
    }

    /// To be called by the writer between commits.
    pub async fn between(&mut self, writer: &DatabaseConnection) {
        let now = Instant::now();
        if self.asked.is_some_and(|asked| now - asked < OFTEN) {
            return;
        }
        self.asked = Some(now);
        match find_version(writer).await {
            Ok(version) if version.is_some() && version == self.version => self.known.note_alone(now),
            Ok(version) => {
                self.version = version;
                self.known.forget_all();
            }
            Err(cause) => {
                tracing::warn!(%cause, "whether others wrote to the store is not known");
                self.renewed();
            }
        }
    }

    /// The writer has another connection.
    pub fn renewed(&mut self) {
        self.version = None;
    }
}

/// Changes with every commit of another connection. (SQLite)
async fn find_version(writer: &DatabaseConnection) -> Result<Option<i64>, DbErr> {
    let ask = Statement::from_string(writer.get_database_backend(), "PRAGMA data_version");
    writer.query_one_raw(ask).await?.map(|row| row.try_get_by_index(0)).transpose()
}

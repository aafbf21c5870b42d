//! Links also let people into a room and set a new password; people have a time when they were
//! last seen, which outlives their sessions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0007_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("invite", big_integer_null("room_id")),
            ("invite", big_integer_null("person_id")),
            ("person", big_integer("seen_at").default(0).take()),
        ];
        for (table, column) in columns {
            // One at a time: SQLite does not take several.
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column).take()).await?;
        }
        manager.get_connection().execute_unprepared(SEEN).await?;
        Ok(())
    }
}

/// As far as it is known.
const SEEN: &str = "UPDATE person SET seen_at = COALESCE(\
     (SELECT MAX(s.seen_at) FROM session s WHERE s.person_id = person.id), created_at)";

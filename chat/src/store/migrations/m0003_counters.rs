//! What is unread is a difference of two counters, not a count of messages.
//!
//! What was heard comes from the places: messages and events together take each place of a
//! room once, and events are few.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0003_counters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("room", "said"), ("member", "heard")] {
            let counter = big_integer(column).default(0).take();
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(counter).take()).await?;
        }
        for fill in COUNT {
            manager.get_connection().execute_unprepared(fill).await?;
        }
        Ok(())
    }
}

/// Counts everything anew.
pub const COUNT: [&str; 3] = [
    "UPDATE room SET said = (SELECT COUNT(*) FROM message m WHERE m.room_id = room.id)",
    "UPDATE member SET heard = last_read_seq - \
     (SELECT COUNT(*) FROM event e WHERE e.room_id = member.room_id AND e.seq <= member.last_read_seq)",
    // One's own words are no news, wherever they are.
    "UPDATE member SET heard = heard + own.later FROM (\
     SELECT b.room_id AS room, b.person_id AS person, COUNT(*) AS later FROM message m \
     JOIN member b ON b.room_id = m.room_id AND b.person_id = m.author_id AND m.seq > b.last_read_seq \
     GROUP BY b.room_id, b.person_id) AS own \
     WHERE member.room_id = own.room AND member.person_id = own.person",
];

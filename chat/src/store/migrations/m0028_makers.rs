//! Projectors' links know who made them. Files of messages that were refused with their author's ban
//! belong to nothing, so that they go like others that nobody used.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer_null;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0028_makers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let maker = Table::alter().table(Alias::new("kiosk")).add_column(big_integer_null("by_id")).take();
        manager.alter_table(maker).await?;
        for sql in [MAKERS, REFUSED] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// The line of the trail was written with the link. Where two people made one at the same moment
/// nobody is named.
const MAKERS: &str = "UPDATE kiosk SET by_id = (\
     SELECT MIN(a.by_id) FROM audit a WHERE a.act = 'kiosk-created' AND a.room_id = kiosk.room_id \
     AND a.at = kiosk.created_at HAVING MIN(a.by_id) = MAX(a.by_id))";

const REFUSED: &str = "UPDATE upload SET held_id = NULL WHERE held_id IN (SELECT h.id FROM held h WHERE h.declined)";

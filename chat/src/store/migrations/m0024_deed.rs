//! What hosts did to pictures, so that it can be undone; and why a linked picture could not be had.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, text, text_null};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0024_deed"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create().table(Alias::new("deed")).col(big_pk_auto("id")).take();
        for column in [big_integer("room_id"), big_integer("by_id"), big_integer("at"), text("undoing")] {
            table.col(column);
        }
        let mut room = ForeignKey::create()
            .name("deed_room_id_fk")
            .from(Alias::new("deed"), Alias::new("room_id"))
            .to(Alias::new("room"), Alias::new("id"))
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        manager.create_table(table.foreign_key(&mut room).take()).await?;
        // Forgetting what is old.
        let at = Index::create().name("deed_at").table(Alias::new("deed")).col(Alias::new("at")).take();
        manager.create_index(at).await?;
        let problem = Table::alter().table(Alias::new("link")).add_column(text_null("problem")).take();
        manager.alter_table(problem).await
    }
}

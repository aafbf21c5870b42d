//! Rooms inside pages of other sites: which may show a room, how their visitors come in, and
//! sessions that open one room only.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0022_embed"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let only = Table::alter().table(Alias::new("session")).add_column(big_integer_null("room_id")).take();
        manager.alter_table(only).await?;
        let mut embed = Table::create().table(Alias::new("embed")).col(big_pk_auto("id")).take();
        embed.col(big_integer("room_id")).col(text("origins")).foreign_key(&mut of("embed", "room_id", "room"));
        manager.create_table(embed).await?;
        let mut ticket = Table::create().table(Alias::new("embed_ticket")).col(big_pk_auto("id")).take();
        for column in [
            string("token_hash"),
            big_integer("person_id"),
            big_integer("room_id"),
            big_integer("stay"),
            big_integer("expires_at"),
        ] {
            ticket.col(column);
        }
        for (column, whom) in [("person_id", "person"), ("room_id", "room")] {
            ticket.foreign_key(&mut of("embed_ticket", column, whom));
        }
        manager.create_table(ticket).await?;
        // The sites of a room.
        manager.create_index(unique("embed", "room_id")).await?;
        // The ticket that somebody shows.
        manager.create_index(unique("embed_ticket", "token_hash")).await
    }
}

fn of(table: &str, column: &str, whom: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fk"))
        .from(Alias::new(table), Alias::new(column))
        .to(Alias::new(whom), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn unique(table: &str, column: &str) -> IndexCreateStatement {
    let name = format!("{table}_{column}");
    Index::create().name(name).table(Alias::new(table)).col(Alias::new(column)).unique().take()
}

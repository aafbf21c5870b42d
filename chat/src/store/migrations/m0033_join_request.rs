//! Who asks to join a room in which only members write.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0033_join_request"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(Alias::new("join_request"))
            .col(big_integer("room_id"))
            .col(big_integer("person_id"))
            .col(text("words"))
            .col(big_integer("at"))
            .col(big_integer_null("declined_at"))
            // One of a person in a room; all of a room.
            .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("person_id")))
            .foreign_key(&mut refers("room_id", "room"))
            .foreign_key(&mut refers("person_id", "person"))
            .take();
        manager.create_table(table).await?;
        // All of a person, who takes them along.
        let index = Index::create()
            .name("join_request_person_id")
            .table(Alias::new("join_request"))
            .col(Alias::new("person_id"))
            .take();
        manager.create_index(index).await
    }
}

fn refers(column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("join_request_{column}_fk"))
        .from(Alias::new("join_request"), Alias::new(column))
        .to(Alias::new(to), Alias::new("id"))
        .take()
}

//! Addresses outside that are told what happens in a room, and what is on its way to them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, string, string_null, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0021_webhooks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let webhook = [
            big_pk_auto("id"),
            big_integer("room_id"),
            big_integer("person_id"),
            text("url"),
            text("events"),
            string("secret"),
            string_null("old_secret"),
            big_integer_null("old_until"),
            big_integer("seq"),
            string("paused"),
            big_integer("made_at"),
        ];
        create(manager, "webhook", webhook, "room").await?;
        let delivery = [
            big_pk_auto("id"),
            big_integer("webhook_id"),
            big_integer("seq"),
            string("kind"),
            string("state"),
            big_integer("attempts"),
            big_integer("next_at"),
            big_integer_null("status"),
            big_integer_null("ms"),
            text("answer"),
            string("fault"),
            big_integer("made_at"),
            big_integer_null("done_at"),
        ];
        create(manager, "delivery", delivery, "webhook").await?;
        // A room's webhooks.
        index(manager, "webhook", &["room_id"]).await?;
        // What happened lately, and what waits.
        index(manager, "delivery", &["webhook_id", "state", "next_at"]).await?;
        index(manager, "delivery", &["webhook_id", "id"]).await?;
        // What is sent next.
        index(manager, "delivery", &["state", "next_at"]).await
    }
}

/// A table whose rows go with those of `of`.
async fn create(
    manager: &SchemaManager<'_>,
    name: &str,
    columns: impl IntoIterator<Item = ColumnDef>,
    of: &str,
) -> Result<(), DbErr> {
    let mut table = Table::create().table(Alias::new(name)).take();
    for column in columns {
        table.col(column);
    }
    let key = format!("{of}_id");
    let mut belongs = ForeignKey::create()
        .name(format!("{name}_{key}_fk"))
        .from(Alias::new(name), Alias::new(key))
        .to(Alias::new(of), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    manager.create_table(table.foreign_key(&mut belongs).take()).await
}

async fn index(manager: &SchemaManager<'_>, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table)).take();
    for column in columns {
        index.col(Alias::new(*column));
    }
    manager.create_index(index).await
}

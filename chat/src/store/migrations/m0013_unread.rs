//! What members want to hear of their rooms; what is pushed to which devices, and with which key.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, boolean, string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0013_unread"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [string("level").default("everything").take(), big_integer_null("undo_seq")] {
            // One at a time: SQLite does not take several.
            manager.alter_table(Table::alter().table(Alias::new("member")).add_column(column).take()).await?;
        }
        create_notice_rule(manager).await?;
        create_push_key(manager).await?;
        create_subscription(manager).await
    }
}

/// When somebody wants to hear nothing, and how much a notice may say.
async fn create_notice_rule(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table(Alias::new("notice_rule")).take();
    table.col(big_integer("person_id").primary_key());
    for column in [
        big_integer_null("quiet_from"),
        big_integer_null("quiet_to"),
        big_integer("tz").default(0).take(),
        boolean("hides").default(false).take(),
    ] {
        table.col(column);
    }
    manager.create_table(table.foreign_key(&mut of("notice_rule", "person_id", "person")).take()).await
}

async fn create_push_key(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table(Alias::new("push_key")).take();
    table.col(big_integer("id").primary_key()).col(text("pkcs8")).col(big_integer("created_at"));
    manager.create_table(table).await
}

/// It ends with its session, whatever ends that.
async fn create_subscription(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create().table(Alias::new("subscription")).take();
    for column in [
        big_pk_auto("id"),
        big_integer("session_id"),
        big_integer("person_id"),
        text("endpoint"),
        string("endpoint_hash"),
        string("p256dh"),
        string("auth"),
        string("lang"),
        big_integer("created_at"),
    ] {
        table.col(column);
    }
    table.foreign_key(&mut of("subscription", "session_id", "session")).foreign_key(&mut of(
        "subscription",
        "person_id",
        "person",
    ));
    manager.create_table(table).await?;
    for (name, column, unique) in [
        ("subscription_session_id", "session_id", true),
        ("subscription_endpoint_hash", "endpoint_hash", true),
        ("subscription_person_id", "person_id", false),
    ] {
        let mut index = Index::create().name(name).table(Alias::new("subscription")).col(Alias::new(column)).take();
        manager.create_index(if unique { index.unique().take() } else { index }).await?;
    }
    Ok(())
}

fn of(table: &str, column: &str, whom: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fk"))
        .from(Alias::new(table), Alias::new(column))
        .to(Alias::new(whom), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

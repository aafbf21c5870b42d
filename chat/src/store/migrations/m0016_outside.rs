//! What other systems call our people and rooms, and how their clients wrote what was said; keys for
//! programs; which door a session belongs to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0016_outside"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [string("door").default("").take(), big_integer_null("ended_at")] {
            // One at a time: SQLite does not take several.
            manager.alter_table(Table::alter().table(Alias::new("session")).add_column(column).take()).await?;
        }
        let of_person = of("identity", "person_id", "person");
        let identity = [string("system"), string("name"), big_integer("person_id"), text("info")];
        create(manager, "identity", identity, Some(of_person)).await?;
        let of_room = of("alias", "room_id", "room");
        create(manager, "alias", [string("system"), string("name"), big_integer("room_id")], Some(of_room)).await?;
        let of_message = of("original", "message_id", "message");
        let original = [big_integer("message_id"), string("system"), string("name"), text("body")];
        create(manager, "original", original, Some(of_message)).await?;
        let key = [
            big_integer_null("person_id"),
            string("name"),
            string("key_hash"),
            text("scopes"),
            big_integer("created_at"),
            big_integer("used_at").default(0).take(),
        ];
        create(manager, "api_key", key, None).await?;
        // Who somebody of another system is here.
        index(manager, "identity", &["system", "name"], true).await?;
        // What a person is called there.
        index(manager, "identity", &["person_id", "system"], false).await?;
        // Which room another system means.
        index(manager, "alias", &["system", "name"], true).await?;
        // What another system calls a room.
        index(manager, "alias", &["room_id"], false).await?;
        // How its client wrote a message.
        index(manager, "original", &["message_id", "system"], true).await?;
        // Which message a client means.
        index(manager, "original", &["system", "name"], false).await?;
        index(manager, "api_key", &["name"], true).await?;
        // The key that a request shows.
        index(manager, "api_key", &["key_hash"], true).await
    }
}

async fn create(
    manager: &SchemaManager<'_>,
    name: &str,
    columns: impl IntoIterator<Item = ColumnDef>,
    key: Option<ForeignKeyCreateStatement>,
) -> Result<(), DbErr> {
    let mut table = Table::create().table(Alias::new(name)).col(big_pk_auto("id")).take();
    for column in columns {
        table.col(column);
    }
    if let Some(mut key) = key {
        table.foreign_key(&mut key);
    }
    manager.create_table(table).await
}

fn of(table: &str, column: &str, whom: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fk"))
        .from(Alias::new(table), Alias::new(column))
        .to(Alias::new(whom), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

async fn index(manager: &SchemaManager<'_>, table: &str, columns: &[&str], unique: bool) -> Result<(), DbErr> {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table)).take();
    for column in columns {
        index.col(Alias::new(*column));
    }
    manager.create_index(if unique { index.unique().take() } else { index }).await
}

//! What is not said yet, or not in words. Drafts, the same on every device of a person. And files of
//! messages: those on their way, and those that belong to a message or to one that waits
//! for approval. The message names its files itself, so that reading it asks no other table.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, boolean, string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0015_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("room", boolean("files").default(true).take()),
            ("message", text("files").default("").take()),
            ("held", text("files").default("").take()),
        ];
        for (table, column) in columns {
            // One at a time: SQLite does not take several.
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column).take()).await?;
        }
        manager.create_table(draft()).await?;
        manager.create_table(upload()).await?;
        // Which file it is; what somebody has; what a message has; what nobody used.
        manager.create_index(index(&["blob"]).unique().take()).await?;
        for columns in [&["person_id"][..], &["message_id"], &["held_id"], &["room_id"]] {
            manager.create_index(index(columns)).await?;
        }
        Ok(())
    }
}

fn draft() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("draft"))
        .col(big_integer("person_id"))
        .col(big_integer("room_id"))
        .col(text("text"))
        .col(big_integer("at"))
        .primary_key(Index::create().col(Alias::new("person_id")).col(Alias::new("room_id")))
        .foreign_key(&mut refers("draft", "person_id", "person"))
        .foreign_key(&mut refers("draft", "room_id", "room"))
        .take()
}

fn upload() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("upload"))
        .col(big_pk_auto("id"))
        .col(string("blob"))
        .col(big_integer("room_id"))
        .col(big_integer("person_id"))
        .col(text("name"))
        .col(big_integer("bytes"))
        .col(string("look"))
        .col(big_integer("width"))
        .col(big_integer("height"))
        .col(string("media_type"))
        .col(string("digest"))
        .col(big_integer("at"))
        .col(big_integer_null("message_id"))
        .col(big_integer_null("held_id"))
        .foreign_key(&mut refers("upload", "room_id", "room"))
        .foreign_key(&mut refers("upload", "person_id", "person"))
        .take()
}

fn refers(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fk"))
        .from(Alias::new(table), Alias::new(column))
        .to(Alias::new(to), Alias::new("id"))
        .take()
}

fn index(columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("upload_{}", columns.join("_"))).table(Alias::new("upload")).take();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

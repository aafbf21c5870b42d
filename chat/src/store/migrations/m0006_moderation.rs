//! Moderation: how people may write in a room, who may not, what waits for approval, and the
//! trail of what hosts and administrators did.
//!
//! Rooms made before are as they were: everybody writes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, boolean, string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0006_moderation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("room", string("posting").default("everyone").take()),
            ("room", big_integer("slow").default(0).take()),
            ("room", boolean("holds").default(false).take()),
            ("room", big_integer("recall").default(120).take()),
            ("room", boolean("restricted").default(false).take()),
            ("member", big_integer("said_at").default(0).take()),
        ];
        for (table, column) in columns {
            // One at a time: SQLite does not take several.
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column).take()).await?;
        }
        for table in [audit(), restriction(), held(), word_list()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn audit() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("audit"))
        .col(big_pk_auto("id"))
        .col(big_integer("at"))
        .col(big_integer_null("by_id"))
        .col(string("act"))
        .col(big_integer_null("room_id"))
        .col(big_integer_null("person_id"))
        .col(big_integer_null("thing"))
        .col(text("detail"))
        .foreign_key(&mut refers("audit", "by_id", "person"))
        .foreign_key(&mut refers("audit", "room_id", "room"))
        .foreign_key(&mut refers("audit", "person_id", "person"))
        .take()
}

fn restriction() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("restriction"))
        .col(big_integer("room_id"))
        .col(big_integer("person_id"))
        .col(big_integer_null("muted_until"))
        .col(boolean("banned"))
        .col(text("reason"))
        .col(big_integer("by_id"))
        .col(big_integer("at"))
        // Whether somebody is restricted in a room; who is.
        .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("person_id")))
        .foreign_key(&mut refers("restriction", "room_id", "room"))
        .foreign_key(&mut refers("restriction", "person_id", "person"))
        .foreign_key(&mut refers("restriction", "by_id", "person"))
        .take()
}

fn held() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("held"))
        .col(big_pk_auto("id"))
        .col(big_integer("room_id"))
        .col(big_integer("author_id"))
        .col(string("client_id"))
        .col(text("text"))
        .col(big_integer("at"))
        .col(boolean("declined"))
        .foreign_key(&mut refers("held", "room_id", "room"))
        .foreign_key(&mut refers("held", "author_id", "person"))
        .take()
}

/// Of room 0: the site's.
fn word_list() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("word_list"))
        .col(big_integer("room_id").primary_key())
        .col(text("words"))
        .col(boolean("holds"))
        .take()
}

fn refers(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{from}_{column}_fk"))
        .from(Alias::new(from), Alias::new(column))
        .to(Alias::new(to), Alias::new("id"))
        .take()
}

/// Pages of the trail, whatever it is filtered by; the queue of a room; whether a resent
/// message waits already.
fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("audit", &["room_id", "id"]),
        index("audit", &["by_id", "id"]),
        index("audit", &["person_id", "id"]),
        index("audit", &["act", "id"]),
        index("held", &["room_id", "declined", "id"]),
        index("held", &["author_id", "client_id"]).unique().take(),
    ]
}

fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table)).take();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

//! Private chat: who has one with whom and how far it has come, who has blocked whom, what was
//! reported, and what people let others know. A private chat is a room whose visibility is
//! `direct`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, boolean, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0011_private"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [contact(), block(), report(), privacy(), first_contact()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// One side of a private chat: a chat has two.
fn contact() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("contact"))
        .col(big_integer("room_id"))
        .col(big_integer("person_id"))
        .col(big_integer("other_id"))
        .col(boolean("accepted"))
        .col(big_integer("sent"))
        .col(big_integer("until"))
        .col(big_integer("delivered"))
        .col(big_integer("delivered_at"))
        .col(big_integer("seen"))
        .col(big_integer("seen_at"))
        .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("person_id")))
        .foreign_key(&mut refers("contact", "room_id", "room"))
        .foreign_key(&mut refers("contact", "person_id", "person"))
        .foreign_key(&mut refers("contact", "other_id", "person"))
        .take()
}

fn block() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("block"))
        .col(big_integer("person_id"))
        .col(big_integer("blocked_id"))
        .col(big_integer("at"))
        .primary_key(Index::create().col(Alias::new("person_id")).col(Alias::new("blocked_id")))
        .foreign_key(&mut refers("block", "person_id", "person"))
        .foreign_key(&mut refers("block", "blocked_id", "person"))
        .take()
}

/// It outlives the message and the room.
fn report() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("report"))
        .col(big_pk_auto("id"))
        .col(big_integer("message_id"))
        .col(big_integer("room_id"))
        .col(big_integer("about_id"))
        .col(big_integer("by_id"))
        .col(text("text"))
        .col(text("reason"))
        .col(big_integer("at"))
        .col(big_integer_null("resolved_by"))
        .col(big_integer_null("resolved_at"))
        .foreign_key(&mut refers("report", "about_id", "person"))
        .foreign_key(&mut refers("report", "by_id", "person"))
        .foreign_key(&mut refers("report", "resolved_by", "person"))
        .take()
}

/// Of those who have changed something.
fn privacy() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("privacy"))
        .col(big_integer("person_id").primary_key())
        .col(boolean("presence"))
        .col(boolean("receipts"))
        .col(boolean("listed"))
        .foreign_key(&mut refers("privacy", "person_id", "person"))
        .take()
}

/// At most one row.
fn first_contact() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("first_contact"))
        .col(big_integer("id").primary_key())
        .col(big_integer("most"))
        .col(big_integer("hours"))
        .take()
}

fn refers(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{from}_{column}_fk"))
        .from(Alias::new(from), Alias::new(column))
        .to(Alias::new(to), Alias::new("id"))
        .take()
}

/// One chat for each two people; one report of a message by each; pages of reports.
fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("contact", &["person_id", "other_id"]).unique().take(),
        index("report", &["by_id", "message_id"]).unique().take(),
        index("report", &["resolved_at", "id"]),
    ]
}

fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table)).take();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

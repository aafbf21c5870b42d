//! What is done with messages: answered, forwarded, changed, reacted to, hidden from oneself; and who
//! is mentioned in them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, boolean, string, text_null};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0012_messages"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("message", big_integer_null("reply_to")),
            ("message", big_integer_null("origin")),
            ("message", big_integer_null("edited_at")),
            ("message", text_null("reactions")),
            ("held", big_integer_null("reply_to")),
            ("held", big_integer_null("origin")),
            ("held", big_integer_null("edits")),
            ("room", big_integer("edit").default(900).take()),
            ("room", boolean("hides").default(false).take()),
        ];
        for (table, column) in columns {
            // One at a time: SQLite does not take several.
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column).take()).await?;
        }
        for table in [reaction(), mention(), hidden()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn reaction() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("reaction"))
        .col(big_pk_auto("id"))
        .col(big_integer("message_id"))
        .col(big_integer("person_id"))
        .col(string("emoji"))
        .col(big_integer("at"))
        .foreign_key(&mut refers("reaction", "message_id", "message"))
        .foreign_key(&mut refers("reaction", "person_id", "person"))
        .take()
}

fn mention() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("mention"))
        .col(big_integer("room_id"))
        .col(big_integer("seq"))
        .col(big_integer("person_id"))
        .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("seq")).col(Alias::new("person_id")))
        .foreign_key(&mut refers("mention", "room_id", "room"))
        .foreign_key(&mut refers("mention", "person_id", "person"))
        .take()
}

fn hidden() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("hidden"))
        .col(big_integer("person_id"))
        .col(big_integer("message_id"))
        .col(big_integer("room_id"))
        .col(big_integer("at"))
        .primary_key(Index::create().col(Alias::new("person_id")).col(Alias::new("message_id")))
        .foreign_key(&mut refers("hidden", "person_id", "person"))
        .foreign_key(&mut refers("hidden", "message_id", "message"))
        .foreign_key(&mut refers("hidden", "room_id", "room"))
        .take()
}

fn refers(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{from}_{column}_fk"))
        .from(Alias::new(from), Alias::new(column))
        .to(Alias::new(to), Alias::new("id"))
        .take()
}

/// One row per message, person and emoji; what somebody is mentioned in; the last that somebody hid in
/// a room; what refers to a message that is removed.
fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("reaction", &["message_id", "person_id", "emoji"]).unique().take(),
        index("reaction", &["person_id"]),
        index("mention", &["person_id", "room_id", "seq"]),
        index("hidden", &["person_id", "room_id", "at"]),
        index("hidden", &["message_id"]),
    ]
}

fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table)).take();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

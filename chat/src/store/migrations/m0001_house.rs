//! People, sessions, invitations, rooms, members, messages, events and pictures.
//!
//! Unique indexes are named after their table and columns: see `store::fault::OnUnique`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, boolean, integer, string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0001_house"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [person(), session(), invite(), room(), member(), message(), event(), picture()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn table<const N: usize>(name: &'static str, columns: [ColumnDef; N]) -> TableCreateStatement {
    let mut table = Table::create().table(Alias::new(name)).take();
    for column in columns {
        table.col(column);
    }
    table
}

/// A reference to another table's `id`. Rows that are referred to are never deleted, so
/// nothing cascades.
fn refers(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{from}_{column}_fk"))
        .from(Alias::new(from), Alias::new(column))
        .to(Alias::new(to), Alias::new("id"))
        .take()
}

fn person() -> TableCreateStatement {
    table(
        "person",
        [
            big_pk_auto("id"),
            string("name"),
            string("name_key"),
            string("look"),
            string("display"),
            string("role"),
            string("password_hash"),
            boolean("disabled"),
            big_integer("created_at"),
        ],
    )
}

fn session() -> TableCreateStatement {
    table(
        "session",
        [
            big_pk_auto("id"),
            big_integer("person_id"),
            string("token_hash"),
            string("device"),
            string("address"),
            big_integer("created_at"),
            big_integer("seen_at"),
            big_integer("expires_at"),
        ],
    )
    .foreign_key(&mut refers("session", "person_id", "person"))
    .take()
}

fn invite() -> TableCreateStatement {
    table(
        "invite",
        [
            big_pk_auto("id"),
            string("token_hash"),
            string("role"),
            big_integer("uses_left"),
            big_integer_null("created_by"),
            big_integer("created_at"),
            big_integer("expires_at"),
        ],
    )
    .foreign_key(&mut refers("invite", "created_by", "person"))
    .take()
}

fn room() -> TableCreateStatement {
    table(
        "room",
        [
            big_pk_auto("id"),
            string("slug"),
            string("title"),
            string("about"),
            string("visibility"),
            boolean("archived"),
            big_integer("epoch"),
            big_integer("last_seq"),
            big_integer("last_at"),
            big_integer("wall_rev"),
            big_integer("created_at"),
        ],
    )
}

fn member() -> TableCreateStatement {
    table(
        "member",
        [
            big_integer("room_id"),
            big_integer("person_id"),
            string("role"),
            big_integer("joined_at"),
            big_integer("last_read_seq"),
        ],
    )
    // Reads of a room's roster and of one membership.
    .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("person_id")))
    .foreign_key(&mut refers("member", "room_id", "room"))
    .foreign_key(&mut refers("member", "person_id", "person"))
    .take()
}

fn message() -> TableCreateStatement {
    table(
        "message",
        [
            big_pk_auto("id"),
            big_integer("room_id"),
            big_integer("seq"),
            big_integer("author_id"),
            string("client_id"),
            text("text"),
            text("spans"),
            big_integer("at"),
        ],
    )
    .foreign_key(&mut refers("message", "room_id", "room"))
    .foreign_key(&mut refers("message", "author_id", "person"))
    .take()
}

fn event() -> TableCreateStatement {
    table("event", [big_integer("room_id"), big_integer("seq"), big_integer("at"), text("body")])
        // What a page missed, in order.
        .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("seq")))
        .foreign_key(&mut refers("event", "room_id", "room"))
        .take()
}

fn picture() -> TableCreateStatement {
    table(
        "picture",
        [
            big_pk_auto("id"),
            big_integer("room_id"),
            string("blob"),
            string("media_type"),
            big_integer("order_no"),
            integer("width"),
            integer("height"),
            string("caption"),
            string("alt"),
            big_integer("by_id"),
            big_integer("at"),
            big_integer_null("removed_at"),
        ],
    )
    .foreign_key(&mut refers("picture", "room_id", "room"))
    .foreign_key(&mut refers("picture", "by_id", "person"))
    .take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        // Signing in; mentions.
        unique("person", &["name_key"]),
        // Whether a new name looks like one in use.
        unique("person", &["look"]),
        // The person behind a cookie, on every request.
        unique("session", &["token_hash"]),
        // A person's devices; ending them all.
        plain("session", &["person_id"]),
        // The hourly removal of what expired.
        plain("session", &["expires_at"]),
        // The invitation behind a link.
        unique("invite", &["token_hash"]),
        // The room behind an address.
        unique("room", &["slug"]),
        // A person's rooms, for the room list.
        plain("member", &["person_id"]),
        // Whether a resent message is known.
        unique("message", &["author_id", "client_id"]),
        // Pages of history, missed messages, unread counts.
        unique("message", &["room_id", "seq"]),
        // A room's wall.
        plain("picture", &["room_id", "removed_at"]),
        // The picture behind a file's address.
        unique("picture", &["blob"]),
    ]
}

fn unique(table: &str, columns: &[&str]) -> IndexCreateStatement {
    index(table, columns).unique().take()
}

fn plain(table: &str, columns: &[&str]) -> IndexCreateStatement {
    index(table, columns)
}

fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table)).take();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

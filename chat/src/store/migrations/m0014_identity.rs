//! What only matters to an account: its address, what it tells of itself, its picture; and people
//! on their way in, who have a code to type or a question to answer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, boolean, string, string_null, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0014_identity"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(account()).await?;
        manager.create_table(attempt()).await?;
        manager.create_table(portrait()).await?;
        // Signing in by an address; that nobody else has it.
        manager.create_index(index("account", "email_key").unique().take()).await?;
        // The attempt behind a cookie.
        manager.create_index(index("attempt", "token_hash").unique().take()).await?;
        // Removing what ran out.
        manager.create_index(index("attempt", "expires_at")).await
    }
}

fn account() -> TableCreateStatement {
    let mut table = Table::create().table(Alias::new("account")).take();
    let id = big_integer("person_id").primary_key().take();
    for column in [
        id,
        string_null("email"),
        string_null("email_key"),
        boolean("email_verified"),
        text("about"),
        string("portrait"),
        big_integer_null("closed_at"),
    ] {
        table.col(column);
    }
    table.foreign_key(&mut of_person("account")).take()
}

fn attempt() -> TableCreateStatement {
    let mut table = Table::create().table(Alias::new("attempt")).take();
    for column in [
        big_pk_auto("id"),
        string("token_hash"),
        string("purpose"),
        big_integer_null("person_id"),
        string("email"),
        text("body"),
        string("code_hash"),
        big_integer("tries_left"),
        big_integer("asked_at"),
        big_integer("expires_at"),
    ] {
        table.col(column);
    }
    table.foreign_key(&mut of_person("attempt")).take()
}

fn portrait() -> TableCreateStatement {
    let mut table = Table::create().table(Alias::new("portrait")).take();
    let id = big_integer("person_id").primary_key().take();
    for column in [id, string("media_type"), text("bytes")] {
        table.col(column);
    }
    table.foreign_key(&mut of_person("portrait")).take()
}

fn of_person(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_person_id_fk"))
        .from(Alias::new(table), Alias::new("person_id"))
        .to(Alias::new("person"), Alias::new("id"))
        .take()
}

fn index(table: &str, column: &str) -> IndexCreateStatement {
    let name = format!("{table}_{column}");
    Index::create().name(name).table(Alias::new(table)).col(Alias::new(column)).take()
}

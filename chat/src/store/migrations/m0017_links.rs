//! Pictures that other systems name by an address, where they hang here, and the texts and videos
//! that such a system puts beside its rooms.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, string, text, text_null};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0017_links"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let link = [
            string("system"),
            string("name"),
            big_integer_null("room_id"),
            text("url"),
            big_integer("order_no"),
            big_integer("created_at"),
            big_integer("updated_at"),
        ];
        create(manager, "link", link).await?;
        let panel = [
            string("system"),
            string("kind"),
            string("name"),
            big_integer_null("room_id"),
            text("title"),
            text("content"),
            text("url"),
            text_null("taken"),
            big_integer("created_at"),
            big_integer("updated_at"),
        ];
        create(manager, "panel", panel).await?;
        let hung = Table::create()
            .table(Alias::new("link_picture"))
            .col(big_integer("link_id"))
            .col(big_integer("room_id"))
            .col(big_integer("picture_id"))
            .col(text("url"))
            .primary_key(Index::create().col(Alias::new("link_id")).col(Alias::new("room_id")))
            .foreign_key(&mut of_room("link_picture"))
            .take();
        manager.create_table(hung).await?;
        // Which of them a system means.
        index(manager, "link", &["system", "name"]).await?;
        index(manager, "panel", &["system", "kind", "name"]).await?;
        // Whose a picture of a wall is.
        index(manager, "link_picture", &["room_id"]).await
    }
}

async fn create(
    manager: &SchemaManager<'_>,
    name: &str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> Result<(), DbErr> {
    let mut table = Table::create().table(Alias::new(name)).col(big_pk_auto("id")).take();
    for column in columns {
        table.col(column);
    }
    manager.create_table(table.foreign_key(&mut of_room(name)).take()).await
}

fn of_room(table: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_room_id_fk"))
        .from(Alias::new(table), Alias::new("room_id"))
        .to(Alias::new("room"), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

async fn index(manager: &SchemaManager<'_>, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table)).take();
    for column in columns {
        index.col(Alias::new(*column));
    }
    manager.create_index(index).await
}

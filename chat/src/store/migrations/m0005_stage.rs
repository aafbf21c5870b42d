//! Rooms have a stage: what everybody is shown; and a video that can be shown on it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, string, text};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0005_stage"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(stage()).await?;
        manager.create_table(video()).await
    }
}

/// No row: nobody has shown anything yet.
fn stage() -> TableCreateStatement {
    let columns = [
        string("show"),
        big_integer_null("picture_id"),
        big_integer("position"),
        boolean("playing"),
        big_integer("by_id"),
        big_integer("at"),
    ];
    let mut by = ForeignKey::create();
    by.name("stage_by_id_fk").from(Alias::new("stage"), Alias::new("by_id"));
    by.to(Alias::new("person"), Alias::new("id"));
    of_room("stage", columns).foreign_key(&mut by).take()
}

/// No row: the room has none.
fn video() -> TableCreateStatement {
    let columns = [
        string("kind"),
        text("src"),
        string("media_type"),
        string("digest"),
        string("title"),
        big_integer_null("poster_id"),
        string("captions"),
        string("captions_digest"),
        string("language"),
    ];
    of_room("video", columns)
}

/// A table of which a room has one row at most.
fn of_room<const N: usize>(name: &'static str, columns: [ColumnDef; N]) -> TableCreateStatement {
    let mut table = Table::create().table(Alias::new(name)).take();
    table.col(ColumnDef::new(Alias::new("room_id")).big_integer().not_null().primary_key());
    for column in columns {
        table.col(column);
    }
    let mut room = ForeignKey::create();
    room.name(format!("{name}_room_id_fk")).from(Alias::new(name), Alias::new("room_id"));
    room.to(Alias::new("room"), Alias::new("id"));
    table.foreign_key(&mut room).take()
}

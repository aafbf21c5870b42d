//! Links for projectors that show a room's wall.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, boolean, string};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0009_kiosk"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut kiosk = Table::create().table(Alias::new("kiosk")).take();
        for column in [
            big_pk_auto("id"),
            big_integer("room_id"),
            string("token_hash"),
            string("name"),
            string("sequence"),
            big_integer("seconds"),
            string("fit"),
            boolean("code"),
            big_integer("created_at"),
        ] {
            kiosk.col(column);
        }
        let mut room = ForeignKey::create();
        room.name("kiosk_room_id_fk")
            .from(Alias::new("kiosk"), Alias::new("room_id"))
            .to(Alias::new("room"), Alias::new("id"));
        manager.create_table(kiosk.foreign_key(&mut room).take()).await?;
        let mut token = Index::create().name("kiosk_token_hash").table(Alias::new("kiosk")).take();
        manager.create_index(token.col(Alias::new("token_hash")).unique().take()).await
    }
}

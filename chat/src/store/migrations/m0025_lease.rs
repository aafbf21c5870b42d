//! What the servers of one house say of their rooms to each other, as long as they renew it.
//!
//! It belongs to no room: what is said of one that has gone is forgotten like everything that is
//! not renewed, and keeps nobody from saying the rest.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0025_lease"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut lease = Table::create().table(Alias::new("lease")).take();
        for column in [
            big_integer("server"),
            big_integer("room_id"),
            big_integer("beat"),
            boolean("hosted"),
            big_integer("waiting"),
        ] {
            lease.col(column);
        }
        let key = Index::create().col(Alias::new("server")).col(Alias::new("room_id")).take();
        manager.create_table(lease.primary_key(&mut key.clone()).take()).await
    }
}

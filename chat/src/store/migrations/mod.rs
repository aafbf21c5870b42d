//! The steps from an empty store to the present one. A released step is not edited any more.

mod m0001_house;
mod m0002_picture_digest;
mod m0003_counters;
mod m0004_gate;
mod m0005_stage;
mod m0006_moderation;
mod m0007_people;
mod m0008_wall;
mod m0009_kiosk;
mod m0010_search;
mod m0011_private;
mod m0012_messages;
mod m0013_unread;
mod m0014_identity;
mod m0015_files;
mod m0016_outside;
mod m0017_links;
mod m0019_tallies;
mod m0020_once;
mod m0021_webhooks;
mod m0022_embed;
mod m0024_deed;
mod m0025_lease;
mod m0026_pins;
mod m0027_portrait;
mod m0028_makers;
mod m0029_usual_gate;
mod m0032_sort_key;
mod m0033_join_request;
mod m0034_found;
mod m0035_second_device;
mod m0036_tint;
mod m0037_merging;

pub use m0003_counters::COUNT;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_house::Migration),
            Box::new(m0002_picture_digest::Migration),
            Box::new(m0003_counters::Migration),
            Box::new(m0004_gate::Migration),
            Box::new(m0005_stage::Migration),
            Box::new(m0006_moderation::Migration),
            Box::new(m0007_people::Migration),
            Box::new(m0008_wall::Migration),
            Box::new(m0009_kiosk::Migration),
            Box::new(m0010_search::Migration),
            Box::new(m0011_private::Migration),
            Box::new(m0012_messages::Migration),
            Box::new(m0013_unread::Migration),
            Box::new(m0014_identity::Migration),
            Box::new(m0015_files::Migration),
            Box::new(m0016_outside::Migration),
            Box::new(m0017_links::Migration),
            Box::new(m0019_tallies::Migration),
            Box::new(m0020_once::Migration),
            Box::new(m0021_webhooks::Migration),
            Box::new(m0022_embed::Migration),
            Box::new(m0024_deed::Migration),
            Box::new(m0025_lease::Migration),
            Box::new(m0026_pins::Migration),
            Box::new(m0027_portrait::Migration),
            Box::new(m0028_makers::Migration),
            Box::new(m0029_usual_gate::Migration),
            Box::new(m0032_sort_key::Migration),
            Box::new(m0033_join_request::Migration),
            Box::new(m0034_found::Migration),
            Box::new(m0035_second_device::Migration),
            Box::new(m0036_tint::Migration),
            Box::new(m0037_merging::Migration),
        ]
    }
}

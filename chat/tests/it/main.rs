//! The house, tested against real stores: SQLite files, or PostgreSQL where
//! `TEST_DATABASE_URL` names a server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod audit;
mod backup;
mod doctor;
mod files;
mod forged;
mod gate;
mod live;
mod members;
mod messages;
mod people;
mod rooms;
mod scenes;
mod sessions;
mod stage;
mod store;
mod town;
mod unread;
mod wall;

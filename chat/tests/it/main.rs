//! The house, tested against real stores: SQLite files, or PostgreSQL where
//! `TEST_DATABASE_URL` names a server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod accounts;
mod attachments;
mod audit;
mod backup;
mod contacts;
mod doctor;
mod drafts;
mod edit;
mod files;
mod forged;
mod forwards;
mod gate;
mod groups;
mod hidden;
mod identity;
mod kiosk;
mod live;
mod mail_codes;
mod members;
mod mentions;
mod messages;
mod moderation;
mod paced;
mod people;
mod private;
mod push;
mod reactions;
mod recall;
mod replies;
mod rights;
mod room_invites;
mod room_list;
mod rooms;
mod scenes;
mod search;
mod sessions;
mod shelf;
mod stage;
mod store;
mod system;
mod town;
mod unread;
mod video;
mod wall;

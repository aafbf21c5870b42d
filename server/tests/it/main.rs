//! The doors, from outside: real HTTP, real sockets, the real program.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on stops")]

mod album;
mod api;
mod attachments;
mod bad_input;
mod calls;
mod compat;
mod conversation;
mod copies;
mod csrf;
mod downloads;
mod exports;
mod frames;
mod guests;
mod headers;
mod identity;
mod kiosk;
mod mail;
mod messages;
mod moderation;
mod people;
mod pictures;
mod private;
mod program;
mod public;
mod push;
mod raw;
mod requests;
mod routes;
mod sign_in;
mod slow;
mod sockets;
mod town;
mod unread;
mod video;
mod wall;

//! Private chat: two people, one room, and what each of them knows of the other.
//!
//! A private chat is a room like any other, so everything that rooms can do works in it. What
//! is particular is here: how it begins, how much a stranger may say, who has blocked whom,
//! what was delivered and read, and what was reported.

mod blocks;
mod directory;
mod ears;
mod news;
mod reports;
mod start;
mod strangers;
mod ticks;
mod view;
mod vouched;

pub use directory::PersonPage;
pub(crate) use news::start;
pub use reports::{MutedFor, ReportAct};
pub(crate) use start::room_for;
pub(crate) use strangers::let_through;

//! One file per address.

pub mod admin;
pub mod close;
pub mod forgot;
pub mod join;
pub mod kiosks;
pub mod me;
pub mod message;
pub mod not_found;
pub mod notices;
pub mod people;
pub mod pictures;
pub mod privacy;
pub mod profile;
pub mod refusal;
pub mod register;
pub mod report;
pub mod reset;
pub mod room;
pub mod rooms;
pub mod search;
pub mod setup;
pub mod share;
pub mod sign_in;
pub mod step;
pub mod video;

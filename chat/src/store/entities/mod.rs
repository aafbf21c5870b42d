//! The tables, one file each. No rules here.

pub mod account;
pub mod alias;
pub mod api_key;
pub mod attempt;
pub mod audit;
pub mod block;
pub mod contact;
pub mod deed;
pub mod delivery;
pub mod draft;
pub mod embed;
pub mod embed_ticket;
pub mod event;
pub mod first_contact;
pub mod held;
pub mod hidden;
pub mod identity;
pub mod invite;
pub mod join_request;
pub mod kiosk;
pub mod lease;
pub mod link;
pub mod link_picture;
pub mod member;
pub mod mention;
pub mod message;
pub mod notice_rule;
pub mod once;
pub mod original;
pub mod panel;
pub mod person;
pub mod picture;
pub mod portrait;
pub mod privacy;
pub mod push_key;
pub mod reaction;
pub mod report;
pub mod restriction;
pub mod room;
pub mod session;
pub mod stage;
pub mod subscription;
pub mod upload;
pub mod video;
pub mod webhook;
pub mod word_list;

use super::DbErr;

/// A word in the store that this version does not know.
pub(super) fn unknown(column: &str, word: &str) -> DbErr {
    DbErr::Type(format!("{column} is {word:?}"))
}

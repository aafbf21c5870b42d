//! What pages are made of.

pub mod attachments;
pub mod avatar;
pub mod banner;
pub mod button;
pub mod composer;
pub mod confirm;
pub mod contact;
pub mod device;
pub mod dialog;
mod extras;
pub mod field;
pub mod form;
pub mod frame;
pub mod gate;
mod grip;
pub mod icon;
mod ime;
pub mod join_request;
pub mod lightbox;
pub mod list;
pub mod lost;
mod marquee;
pub mod message;
#[cfg(feature = "ssr")]
pub mod meta;
pub mod page;
pub mod player;
pub mod presenter;
pub mod problem;
pub mod room_card;
pub mod room_menu;
pub mod roster;
#[cfg(feature = "hydrate")]
mod scroll;
pub mod selection;
pub mod shelf;
pub mod shelf_card;
pub mod shelf_edit;
pub mod spans;
pub mod stage;
pub mod tile;
pub mod time;
pub mod transcript;
pub mod undo;
#[cfg(feature = "hydrate")]
mod uploading;
pub mod uploads;
pub mod wall;
#[cfg(feature = "ssr")]
mod written;

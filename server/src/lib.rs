//! The doors of Salon: HTTP, the live socket and the command line.
//!
//! Everything here translates between the outside and `chat`, where the rules are. A door
//! checks what only a door can see (headers, sizes, speed, origin) and nothing else.

pub mod accept;
pub mod album;
pub mod answer;
pub mod api;
pub mod calls;
mod code;
pub mod commands;
pub mod compat;
mod conversation;
pub mod echo;
pub mod embed;
mod feed;
mod file_name;
mod files;
pub mod gate;
pub mod house;
mod html;
pub mod kiosk;
pub mod live;
mod luggage;
pub mod media;
pub mod memory;
pub mod observe;
pub mod pages;
mod portrait;
mod range;
pub mod router;
mod sent;
pub mod settings;
pub mod upload;
pub mod video;
pub mod worker;

//! The old protocols: each documented exchange as a file, replayed, and what no file can show.

mod doors;
mod ginchat;
mod gindemo;
mod haste;
mod lengths;
mod mounts;
mod opening;
mod ports;
mod proxy;
mod simple;
mod sockets;
mod transcript;
mod tyut;
mod webim;

pub use transcript::{png, replay};

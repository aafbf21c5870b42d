//! The old protocols: each documented exchange as a file, replayed, and what no file can show.

mod ginchat;
mod gindemo;
mod mounts;
mod simple;
mod transcript;
mod tyut;
mod webim;

pub use transcript::{png, replay};

//! The old protocols: each documented exchange as a file, replayed, and what no file can show.

mod gindemo;
mod mounts;
mod simple;
mod transcript;

pub use transcript::{png, replay};

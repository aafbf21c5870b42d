//! The loader: many connections from one thread, as lean as they can be.

pub mod browser;
pub mod crowd;
pub mod frame;
pub mod http;
pub mod speaker;
pub mod times;
pub mod wire;

//! People at the other end: each listens to a room, says something now and then, comes back
//! after every cut with what it knew, and sends again what it does not know the fate of.

mod crowd;
mod role;
mod talker;
mod wire;

pub use crowd::{Crowd, Plan, wait_until};
pub use role::Role;
pub use wire::{Route, Wire};

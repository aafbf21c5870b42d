//! What every request passes before a door opens: where it comes from, who sends it, how
//! much and how fast, and the headers of the answer.

pub mod headers;
pub mod limits;
pub mod origin;
pub mod rest;
pub mod session;
pub mod shape;

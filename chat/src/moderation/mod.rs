//! Keeping a live room civil: how people may write in it, who may not, what waits for approval,
//! and what is taken back.
//!
//! Whether somebody may say something is decided in one place for all the ways that lead there:
//! `Chat::writer` asks [`may_write`], and `Chat::post` asks `Chat::verdict`.

mod asking;
mod decline;
mod people;
mod policy;
mod queue;
mod recall;
mod undo;
mod words;

pub(crate) use policy::{Verdict, may_write, refuse_banned};
pub(crate) use queue::Tellings;
pub(crate) use queue::{keep_pause, pause_of};
pub(crate) use recall::take_back;
pub(crate) use undo::{Stood, Treated};
pub(crate) use words::Filters;

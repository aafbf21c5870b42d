//! Judges a history: did Salon keep its promises? The letters are those of docs/testing.md.

mod figures;
mod heard;
mod log;
mod senders;
#[cfg(test)]
mod tests;

use crate::history::Line;
pub use figures::Figures;

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Which check found it.
    pub check: Check,
    pub words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// C1: acknowledged and not in the final log.
    Lost,
    /// C2: in the final log and never sent, or refused for good.
    Phantom,
    /// C3: one message at two places.
    Double,
    /// C4: two bodies at one place.
    Divergence,
    /// C5: somebody missed an event and was not told.
    Gap,
    /// C6: somebody saw the places go down, or the same one again.
    Order,
    /// C7: two messages of one sender the wrong way round.
    SenderOrder,
    /// C8: somebody heard what was said after they were removed.
    Leak,
    /// C10: somebody did not get to the end within a minute after the faults.
    Convergence,
}

impl Check {
    pub fn letter(self) -> &'static str {
        match self {
            Self::Lost => "C1 lost",
            Self::Phantom => "C2 phantom",
            Self::Double => "C3 double",
            Self::Divergence => "C4 divergence",
            Self::Gap => "C5 gap",
            Self::Order => "C6 order",
            Self::SenderOrder => "C7 sender order",
            Self::Leak => "C8 leak",
            Self::Convergence => "C10 convergence",
        }
    }
}

/// All breaches in a history, C1 to C8 and C10; C9 is [`Figures`].
pub fn breaches(lines: &[Line]) -> Vec<Breach> {
    let mut found = log::breaches(lines);
    found.extend(heard::breaches(lines));
    found.extend(senders::breaches(lines));
    found.sort_by_key(|breach| breach.check);
    found
}

fn breach(check: Check, words: String) -> Breach {
    Breach { check, words }
}

/// A line's place, or nothing if it has none.
fn place(line: &Line) -> Option<(i64, i64, i64)> {
    Some((line.room, line.epoch?, line.seq?))
}

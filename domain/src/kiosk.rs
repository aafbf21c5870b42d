//! A projector: a link that shows a room's wall by itself, and how.

use crate::person::Person;
use crate::problem::{Problem, Rule};
use crate::{KioskId, text};
use serde::{Deserialize, Serialize};

/// Shortest and longest time that a picture stays, in seconds.
pub const SECONDS: std::ops::RangeInclusive<u32> = 2..=3_600;
/// Most links of one room.
pub const MAX: usize = 50;

/// How a projector shows the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskRule {
    /// What its host calls it, for telling links apart; may be empty.
    pub name: String,
    pub sequence: Sequence,
    /// How long each picture stays; see [`SECONDS`].
    pub seconds: u32,
    pub fit: Fit,
    /// Whether the room's address is shown as a QR code.
    pub code: bool,
}

/// A link as hosts see it. Its token was shown once and is not known any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kiosk {
    pub id: KioskId,
    pub rule: KioskRule,
    pub created_at: i64,
    /// Who made it; when they run the room no more, it goes. `None` for old ones of which nobody knows.
    pub by: Option<Person>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sequence {
    /// As it hangs.
    #[default]
    Wall,
    /// Every picture once, then in another sequence.
    Shuffle,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// All of the picture is seen.
    #[default]
    Whole,
    /// The screen is filled; what sticks out is cut.
    Fill,
}

impl Sequence {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Shuffle => "shuffle",
        }
    }

    pub fn parse(word: &str) -> Result<Self, Problem> {
        match word {
            "wall" => Ok(Self::Wall),
            "shuffle" => Ok(Self::Shuffle),
            _ => Err(Problem::invalid("sequence", Rule::Shape)),
        }
    }
}

impl Fit {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Fill => "fill",
        }
    }

    pub fn parse(word: &str) -> Result<Self, Problem> {
        match word {
            "whole" => Ok(Self::Whole),
            "fill" => Ok(Self::Fill),
            _ => Err(Problem::invalid("fit", Rule::Shape)),
        }
    }
}

impl KioskRule {
    /// # Errors
    /// `Invalid` for a name of more than 60 characters, and a time outside of [`SECONDS`].
    pub fn checked(self) -> Result<Self, Problem> {
        if !SECONDS.contains(&self.seconds) {
            return Err(Problem::invalid("seconds", Rule::Shape));
        }
        Ok(Self { name: text::line("name", &self.name, 0, 60)?, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projector_neither_flickers_nor_stands_still() {
        let rule = |seconds| KioskRule {
            name: " Hall ".into(),
            sequence: Sequence::Wall,
            seconds,
            fit: Fit::Whole,
            code: true,
        };
        assert_eq!(rule(2).checked().unwrap().name, "Hall");
        for seconds in [0, 1, 3_601, u32::MAX] {
            assert_eq!(rule(seconds).checked(), Err(Problem::invalid("seconds", Rule::Shape)));
        }
    }

    #[test]
    fn words_are_read_back() {
        for sequence in [Sequence::Wall, Sequence::Shuffle] {
            assert_eq!(Sequence::parse(sequence.as_str()), Ok(sequence));
        }
        for fit in [Fit::Whole, Fit::Fill] {
            assert_eq!(Fit::parse(fit.as_str()), Ok(fit));
        }
        assert!(Sequence::parse("").is_err() && Fit::parse("x").is_err());
    }
}

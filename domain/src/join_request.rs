//! Asking to join a room in which only members write.

use crate::person::Person;
use crate::problem::Problem;
use crate::text;
use serde::{Deserialize, Serialize};

/// Longest line that goes with a request, in characters.
pub const MAX_WORDS: usize = 200;

/// So long after a host declined somebody may ask again, in milliseconds.
pub const AGAIN_AFTER_MS: i64 = 86_400_000;

/// Somebody who wants to belong to a room, as its hosts see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRequest {
    pub person: Person,
    /// What they say to it; may be empty.
    pub words: String,
    pub at: i64,
}

/// How it stands with one's own request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// There is none, or it was declined long ago.
    #[default]
    Not,
    /// No host has decided yet.
    Waiting,
    /// One may ask again after so many milliseconds.
    Declined { wait_ms: u64 },
}

impl Asked {
    /// That of a request which a host declined at `at`, at `now`. Nobody waits longer than they were
    /// told, also if the clock was set back since.
    pub fn declined(at: i64, now: i64) -> Self {
        match (at + AGAIN_AFTER_MS - now).min(AGAIN_AFTER_MS) {
            left if left > 0 => Self::Declined { wait_ms: left.unsigned_abs() },
            _ => Self::Not,
        }
    }
}

/// The line that goes with a request: at most 200 characters, may be empty.
///
/// # Errors
/// [`crate::Rule::TooLong`] and [`crate::Rule::Characters`] of the field `words`.
pub fn parse_words(words: &str) -> Result<String, Problem> {
    text::line("words", words, 0, MAX_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_declined_waits_a_day_and_never_longer() {
        let wait = |wait_ms| Asked::Declined { wait_ms };
        assert_eq!(Asked::declined(1_000, 1_000), wait(86_400_000));
        assert_eq!(Asked::declined(1_000, 86_400_999), wait(1));
        assert_eq!(Asked::declined(1_000, 86_401_000), Asked::Not);
        assert_eq!(Asked::declined(1_000, -86_400_000), wait(86_400_000), "the clock was set back");
    }

    #[test]
    fn the_line_is_short_and_may_be_missing() {
        assert_eq!(parse_words("  ").as_deref(), Ok(""));
        assert_eq!(parse_words(&"字".repeat(200)).map(|words| words.chars().count()), Ok(200));
        assert!(parse_words(&"字".repeat(201)).is_err());
    }
}

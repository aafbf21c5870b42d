//! Moderation: how people may write in a room, and what is done about those who should not.

use crate::attachment::Attachment;
use crate::person::Person;
use crate::problem::{Problem, Rule};
use crate::room::Room;
use crate::sign_in::SecondSignIn;
use crate::text;
use serde::{Deserialize, Serialize};

/// Longest pause between two messages of a member, in seconds.
pub const MAX_SLOW: u32 = 3_600;
/// Longest time in which one may recall or change one's own message, in seconds.
pub const MAX_RECALL: u32 = 86_400;
/// Longest stretch of the past that is cleared at once, in minutes.
pub const MAX_CLEAR: u32 = 24 * 60;
/// Most messages that one event recalls; more take several.
pub const MAX_RECALLED: usize = 500;
/// Most words in a list, and most characters in a word.
pub const MAX_WORDS: usize = 300;
pub const MAX_WORD: usize = 40;
/// Most messages of one person that wait for approval in a room.
pub const MAX_HELD: u64 = 20;

/// When a mute for good ends: at the end of the year 9999.
pub const FOR_GOOD: i64 = 253_402_300_799_000;

/// Who may write in a room. Hosts always may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// Whoever may read it and is signed in; they become members by it.
    #[default]
    Everyone,
    /// Those who are members already. Nobody becomes one by themselves.
    Members,
    Hosts,
}

impl Posting {
    pub const ALL: [Self; 3] = [Self::Everyone, Self::Members, Self::Hosts];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Members => "members",
            Self::Hosts => "hosts",
        }
    }

    pub fn parse(word: &str) -> Result<Self, Problem> {
        Self::ALL
            .into_iter()
            .find(|posting| posting.as_str() == word)
            .ok_or_else(|| Problem::invalid("posting", Rule::Shape))
    }
}

/// How people may write in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub posting: Posting,
    /// Seconds between two messages of a member; 0 for none.
    pub slow: u32,
    /// Whether what members say waits for a host's approval.
    pub holds: bool,
    /// For so many seconds one may recall one's own message.
    pub recall: u32,
    /// Whether whoever may write may send files too; hosts always may.
    pub files: bool,
    /// For so many seconds one may change one's own message.
    pub edit: u32,
    /// What happens when somebody comes in who is here on another device already; `Allow`: no more than
    /// the site says when they sign in.
    pub second: SecondSignIn,
}

impl Default for Policy {
    fn default() -> Self {
        let second = SecondSignIn::Allow;
        Self { posting: Posting::Everyone, slow: 0, holds: false, recall: 120, edit: 900, files: true, second }
    }
}

impl Policy {
    /// # Errors
    /// [`Rule::Shape`] for a pause of more than an hour, or more than a day in which to recall or change.
    pub fn parse(self) -> Result<Self, Problem> {
        let seconds =
            [("slow", self.slow, MAX_SLOW), ("recall", self.recall, MAX_RECALL), ("edit", self.edit, MAX_RECALL)];
        for (field, value, max) in seconds {
            if value > max {
                return Err(Problem::invalid(field, Rule::Shape));
            }
        }
        Ok(self)
    }

    /// How long somebody who said something at `said_at` has to wait at `now`, in milliseconds.
    /// A clock that was set back makes nobody wait.
    pub fn wait(&self, said_at: i64, now: i64) -> Option<u64> {
        let left = said_at + i64::from(self.slow) * 1_000 - now;
        (said_at > 0 && said_at <= now && left > 0).then_some(left as u64)
    }
}

/// How long somebody may not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MuteFor {
    TenMinutes,
    Hour,
    Good,
}

impl MuteFor {
    pub const ALL: [Self; 3] = [Self::TenMinutes, Self::Hour, Self::Good];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::TenMinutes => "10m",
            Self::Hour => "1h",
            Self::Good => "good",
        }
    }

    pub fn parse(word: &str) -> Result<Self, Problem> {
        Self::ALL
            .into_iter()
            .find(|length| length.as_str() == word)
            .ok_or_else(|| Problem::invalid("length", Rule::Shape))
    }

    /// When a mute ends that begins at `now`.
    pub fn until(self, now: i64) -> i64 {
        match self {
            Self::TenMinutes => now + 600_000,
            Self::Hour => now + 3_600_000,
            Self::Good => FOR_GOOD,
        }
    }
}

/// How much longer a mute from `at` to `until` lasts at `now`, in milliseconds; `None`: for
/// good. Never longer than it was meant, also if the clock was set back since.
pub fn mute_left(at: i64, until: i64, now: i64) -> Option<Option<u64>> {
    if until >= FOR_GOOD {
        return Some(None);
    }
    let left = (until - now).min(until - at);
    (left > 0).then_some(Some(left as u64))
}

/// A host's reason, as those read it whom it concerns: at most 200 characters, may be empty.
pub fn parse_reason(reason: &str) -> Result<String, Problem> {
    text::line("reason", reason, 0, crate::audit::MAX_DETAIL)
}

/// Somebody who may not write in a room, or not be in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    pub person: Person,
    /// When a mute ends; [`FOR_GOOD`] for never.
    pub muted_until: Option<i64>,
    pub banned: bool,
    pub reason: String,
    pub by: Person,
    pub at: i64,
}

/// A room that restricts somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictedIn {
    pub room: Room,
    /// When a mute ends; [`FOR_GOOD`] for never.
    pub muted_until: Option<i64>,
    pub banned: bool,
    pub reason: String,
}

/// A message that waits for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldMessage {
    pub id: i64,
    pub author: Person,
    /// As typed.
    pub text: String,
    pub files: Vec<Attachment>,
    pub at: i64,
    /// Whether it is to stand in the place of something that was said.
    pub is_edit: bool,
}

/// Words that are not let through, one on a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordList {
    pub words: String,
    /// Whether a message with one of them waits for approval; else it is refused.
    pub holds: bool,
}

impl WordList {
    /// Without empty lines.
    ///
    /// # Errors
    /// `Invalid { field: "words", .. }` for a word of more than 40 characters or without a
    /// letter or digit, and for more than 300 words.
    pub fn parse(words: &str, holds: bool) -> Result<Self, Problem> {
        let words: Vec<&str> = words.lines().map(str::trim).filter(|word| !word.is_empty()).collect();
        if words.len() > MAX_WORDS {
            return Err(Problem::invalid("words", Rule::Shape));
        }
        for word in &words {
            if word.chars().count() > MAX_WORD {
                return Err(Problem::invalid("words", Rule::TooLong { max: MAX_WORD as u32 }));
            }
            if !word.chars().any(char::is_alphanumeric) || word.contains('\0') {
                return Err(Problem::invalid("words", Rule::Characters));
            }
        }
        Ok(Self { words: words.join("\n"), holds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_counted_from_what_was_said() {
        let policy = Policy { slow: 10, ..Policy::default() };
        assert_eq!(policy.wait(0, 5_000), None, "nothing was said yet");
        assert_eq!(policy.wait(100_000, 100_000), Some(10_000));
        assert_eq!(policy.wait(100_000, 109_999), Some(1));
        assert_eq!(policy.wait(100_000, 110_000), None);
        assert_eq!(policy.wait(100_000, 40_000), None, "the clock was set back");
        assert_eq!(Policy::default().wait(100_000, 100_000), None);
    }

    #[test]
    fn a_mute_never_lasts_longer_than_it_was_meant() {
        let until = MuteFor::TenMinutes.until(1_000_000);
        assert_eq!(mute_left(1_000_000, until, 1_000_000), Some(Some(600_000)));
        assert_eq!(mute_left(1_000_000, until, 1_599_999), Some(Some(1)));
        assert_eq!(mute_left(1_000_000, until, 1_600_000), None);
        assert_eq!(mute_left(1_000_000, until, 0), Some(Some(600_000)), "the clock was set back");
        assert_eq!(mute_left(1_000_000, FOR_GOOD, i64::MAX), Some(None));
    }

    #[test]
    fn limits() {
        assert!(Policy { slow: MAX_SLOW, ..Policy::default() }.parse().is_ok());
        assert!(Policy { slow: MAX_SLOW + 1, ..Policy::default() }.parse().is_err());
        assert!(Policy { recall: MAX_RECALL + 1, ..Policy::default() }.parse().is_err());
        assert_eq!(WordList::parse(" a \n\n 傻瓜\r\n", false).unwrap().words, "a\n傻瓜");
        for bad in ["...", &"x".repeat(41), &"x\n".repeat(301), "a\0"] {
            assert!(WordList::parse(bad, false).is_err(), "{bad:?}");
        }
        assert!(Posting::parse("nobody").is_err() && MuteFor::parse("2h").is_err());
    }
}

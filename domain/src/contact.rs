//! Private chat: what two people are to each other, and who hears what of whom.

use crate::person::Person;
use crate::problem::{Problem, Rule};
use crate::room::{Room, Visibility};
use crate::{address, text};
use serde::{Deserialize, Serialize};

/// Most messages that a stranger may be allowed.
pub const MAX_FIRST: u32 = 100;
/// Longest time after which they may try again, in hours.
pub const MAX_HOURS: u32 = 24 * 365;
/// Longest reason of a report, in characters.
pub const MAX_REASON: usize = 500;

/// How much somebody may say to a person who has not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstContact {
    /// So many messages.
    pub most: u32,
    /// So many hours after the last of them they may say as much again.
    pub hours: u32,
}

impl Default for FirstContact {
    fn default() -> Self {
        Self { most: 5, hours: 72 }
    }
}

impl FirstContact {
    /// # Errors
    /// [`Rule::Shape`] unless 1 to 100 messages, and 1 hour to a year.
    pub fn parse(self) -> Result<Self, Problem> {
        for (field, value, max) in [("most", self.most, MAX_FIRST), ("hours", self.hours, MAX_HOURS)] {
            if !(1..=max).contains(&value) {
                return Err(Problem::invalid(field, Rule::Shape));
            }
        }
        Ok(self)
    }

    /// What is counted of messages that were counted up to `until`: nothing once that has passed.
    /// A clock that was set back keeps nobody waiting longer than was meant.
    pub fn counted(&self, sent: u32, until: i64, now: i64) -> u32 {
        if now < until && until <= self.until(now) { sent } else { 0 }
    }

    /// Until when a message that is let through at `now` is counted.
    pub fn until(&self, now: i64) -> i64 {
        now + i64::from(self.hours) * 3_600_000
    }

    /// How many more may be sent.
    pub fn left(&self, sent: u32, until: i64, now: i64) -> u32 {
        self.most.saturating_sub(self.counted(sent, until, now))
    }
}

/// How much may be said to somebody who does not answer, where an answer counts for a while only
/// (the interception of seed document 003): each of the two has a [`Tally`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many messages.
    pub most: u32,
    /// How long the first one is counted, in milliseconds.
    pub first_ms: i64,
    /// How long all are counted from each later one on.
    pub later_ms: i64,
}

/// What one of the two has said, and until when it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: u32,
    pub until: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { most: 5, first_ms: 3 * 3_600_000, later_ms: 72 * 3_600_000 }
    }
}

impl Pace {
    /// Whether a tally still counts. A clock that was set back keeps nobody waiting longer than
    /// was meant.
    pub fn counts(&self, tally: Tally, now: i64) -> bool {
        tally.count > 0 && now < tally.until && tally.until <= now + self.later_ms
    }

    /// Whether somebody has to wait for an answer. `back`: the other one's tally.
    pub fn stops(&self, own: Tally, back: Tally, now: i64) -> bool {
        !self.counts(back, now) && self.counts(own, now) && own.count >= self.most
    }

    /// The tally with one message more.
    pub fn next(&self, own: Tally, now: i64) -> Tally {
        match self.counts(own, now) {
            true => Tally { count: own.count.saturating_add(1), until: now + self.later_ms },
            false => Tally { count: 1, until: now + self.first_ms },
        }
    }
}

/// Whether somebody is here, as far as another person may know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// One of the two keeps it to themselves.
    #[default]
    Hidden,
    Online,
    /// When they were here last, up to a minute late.
    Seen(i64),
}

/// How far the other one has come, and when that was noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// A place in the room; 0 for nowhere, or for what is kept to themselves.
    pub seq: i64,
    pub at: i64,
}

/// A private chat as one of the two sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The other one.
    pub person: Person,
    pub presence: Presence,
    /// What has reached a device of theirs.
    pub delivered: Reached,
    /// What they have looked at.
    pub read: Reached,
    /// How many more messages until they answer, once something was said; `None`: as many as one likes.
    pub left: Option<u32>,
    /// A stranger who waits to be accepted, blocked or reported.
    pub asks: bool,
    /// Whether one has blocked them.
    pub blocked: bool,
}

impl Contact {
    /// Why one could not write now, as far as one may know.
    pub fn quiet(&self) -> Option<Problem> {
        match self.left {
            _ if self.blocked => Some(Problem::Blocked),
            Some(0) => Some(Problem::Unanswered),
            _ => None,
        }
    }
}

/// Somebody as others find them: in the list of people, and on a page of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    pub person: Person,
    pub presence: Presence,
}

/// What a person lets others know. Whoever keeps something to themselves does not learn it of
/// others either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    /// Whether one is here, and when one was here last.
    pub presence: bool,
    /// What one has read.
    pub receipts: bool,
    /// Whether one stands in the list of people.
    pub listed: bool,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { presence: true, receipts: true, listed: true }
    }
}

/// A message that somebody did not put up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub id: i64,
    pub about: Person,
    pub by: Person,
    /// As it was said; of a private chat also what they said before it.
    pub text: String,
    /// Where, unless it was said in private.
    pub room: Option<Room>,
    pub reason: String,
    pub at: i64,
    /// By whom it was dealt with, and when.
    pub resolved: Option<(Person, i64)>,
}

/// What somebody says about a message that they report: at most 500 characters, may be empty.
pub fn parse_reason(reason: &str) -> Result<String, Problem> {
    text::line("reason", reason, 0, MAX_REASON)
}

/// The address of the chat with somebody, as a room's: `@` and their name, ready for a path.
pub fn slug_with(name: &str) -> String {
    format!("@{}", address::encode(name))
}

/// Whose chat an address leads to; `None` for other rooms.
pub fn name_in(slug: &str) -> Option<String> {
    slug.strip_prefix('@').map(address::decode).filter(|name| !name.is_empty())
}

impl Room {
    /// Whether it is a private chat of two people.
    pub fn is_direct(&self) -> bool {
        self.visibility == Visibility::Direct
    }

    /// A private chat as it is for somebody who has it with `other`.
    pub fn with(self, other: &Person) -> Self {
        Self { slug: slug_with(&other.name), title: other.display.clone(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_ends_with_its_time() {
        let rule = FirstContact { most: 5, hours: 1 };
        let now = 1_000_000_000;
        let until = rule.until(now);
        assert_eq!(rule.left(0, 0, now), 5);
        assert_eq!(rule.left(3, until, now), 2);
        assert_eq!(rule.left(9, until, now), 0, "the rule was made stricter");
        assert_eq!(rule.left(5, until, until - 1), 0);
        assert_eq!(rule.left(5, until, until), 5);
        assert_eq!(rule.left(5, until, 0), 5, "the clock was set back");
    }

    #[test]
    fn five_pass_and_an_answer_counts_for_a_while() {
        const HOUR: i64 = 3_600_000;
        let (pace, now) = (Pace::default(), 1_000_000_000_000);
        let (mut own, none) = (Tally::default(), Tally::default());
        for _ in 0..5 {
            assert!(!pace.stops(own, none, now));
            own = pace.next(own, now);
        }
        assert!(pace.stops(own, none, now));
        assert!(pace.stops(Tally { count: 10, ..own }, none, now), "numbers, not texts");
        let answer = pace.next(none, now);
        assert!(!pace.stops(own, answer, now) && !pace.stops(own, answer, now + 3 * HOUR - 1));
        assert!(pace.stops(own, answer, now + 3 * HOUR), "a first answer counts for three hours");
        assert!(!pace.stops(own, none, now + 72 * HOUR), "what was said last counts for three days");
        assert_eq!(pace.next(own, now + 72 * HOUR), Tally { count: 1, until: now + 75 * HOUR });
        assert!(!pace.stops(own, none, 0), "the clock was set back");
    }

    #[test]
    fn limits() {
        assert!(FirstContact::default().parse().is_ok());
        for (most, hours) in [(0, 1), (101, 1), (1, 0), (1, MAX_HOURS + 1)] {
            assert!(FirstContact { most, hours }.parse().is_err(), "{most} {hours}");
        }
        assert!(parse_reason(&"字".repeat(500)).is_ok() && parse_reason(&"字".repeat(501)).is_err());
    }

    #[test]
    fn an_address_names_the_other_one() {
        for name in ["bo", "小明", "li.wei-2"] {
            assert_eq!(name_in(&slug_with(name)).as_deref(), Some(name));
            assert!(slug_with(name).is_ascii() && crate::room::parse_slug(&slug_with(name)).is_err());
        }
        assert_eq!(name_in("@小明").as_deref(), Some("小明"));
        assert_eq!((name_in("hall"), name_in("@"), name_in("@%zz")), (None, None, None));
    }
}

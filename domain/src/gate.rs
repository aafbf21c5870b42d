//! When a room may be entered: the rule that its hosts set, and what follows from it now.

use crate::problem::{Problem, Rule};
use serde::{Deserialize, Serialize};

/// What opens a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// It always is.
    #[default]
    Always,
    /// One of its hosts is there.
    Host,
    /// Its time has come.
    Schedule,
    /// Nothing, until a host decides otherwise.
    Never,
}

/// Where a room is between closed and live. Hosts and administrators get in at any time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nobody else gets in, and nothing is about to change.
    Closed,
    /// It will begin soon. People wait outside.
    Doors,
    #[default]
    Live,
    /// The last host is away; it stays open for a while, in case they come back.
    Grace,
}

/// Whether the room's hosts are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosting {
    /// None has been there for as long as anybody remembers.
    Away,
    Here,
    /// The last one left so many milliseconds ago.
    Left(i64),
}

/// Times in milliseconds since 1970 UTC, lengths in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateRule {
    pub opening: Opening,
    /// Nobody gets in before. `Schedule` has one; `Host` may.
    pub opens_at: Option<i64>,
    /// Nobody gets in from then on.
    pub closes_at: Option<i64>,
    /// How long before `opens_at` people are told that it is about to begin.
    pub doors: u32,
    /// How long the room stays open without its hosts.
    pub grace: u32,
}

/// How a gate stands, for those in front of it and for the room's hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateView {
    pub opening: Opening,
    pub phase: Phase,
    pub opens_at: Option<i64>,
    pub closes_at: Option<i64>,
    /// How many wait.
    pub waiting: u32,
}

impl GateView {
    /// Whether the room's time has passed.
    pub fn is_over(&self, now: i64) -> bool {
        self.phase == Phase::Closed && self.closes_at.is_some_and(|end| end <= now)
    }
}

/// A day.
pub const MAX_SECONDS: u32 = 86_400;

impl Default for GateRule {
    fn default() -> Self {
        Self { opening: Opening::Always, opens_at: None, closes_at: None, doors: 900, grace: 300 }
    }
}

impl GateRule {
    /// Checks a rule that somebody sets at `now`. What the way of opening does not use is dropped.
    ///
    /// # Errors
    /// `Invalid` for `opens_at` (a schedule without one), `closes_at` (not after `opens_at`, or past),
    /// `doors` and `grace` (more than a day).
    pub fn parse(self, now: i64) -> Result<Self, Problem> {
        let Self { opening, doors, grace, .. } = self;
        let (opens_at, closes_at) = match opening {
            Opening::Always | Opening::Never => (None, None),
            Opening::Host | Opening::Schedule => (self.opens_at, self.closes_at),
        };
        if opening == Opening::Schedule && opens_at.is_none() {
            return Err(Problem::invalid("opens_at", Rule::Empty));
        }
        if closes_at.is_some_and(|end| end <= now) {
            return Err(Problem::invalid("closes_at", Rule::Past));
        }
        if let (Some(start), Some(end)) = (opens_at, closes_at)
            && end <= start
        {
            return Err(Problem::invalid("closes_at", Rule::NotAfter));
        }
        for (field, seconds) in [("doors", doors), ("grace", grace)] {
            if seconds > MAX_SECONDS {
                return Err(Problem::invalid(field, Rule::TooLong { max: MAX_SECONDS }));
            }
        }
        Ok(Self { opening, opens_at, closes_at, doors, grace })
    }

    /// The room's phase at `now`.
    pub fn phase(&self, now: i64, hosting: Hosting) -> Phase {
        match self.opening {
            Opening::Always => return Phase::Live,
            Opening::Never => return Phase::Closed,
            Opening::Host | Opening::Schedule => {}
        }
        if self.closes_at.is_some_and(|end| now >= end) {
            return Phase::Closed;
        }
        if let Some(start) = self.opens_at.filter(|start| now < *start) {
            let soon = now >= start.saturating_sub(self.doors_ms()) || hosting == Hosting::Here;
            return if soon { Phase::Doors } else { Phase::Closed };
        }
        match hosting {
            _ if self.opening == Opening::Schedule => Phase::Live,
            Hosting::Here => Phase::Live,
            Hosting::Left(ago) if ago < self.grace_ms() => Phase::Grace,
            // Its time has come, so the host will.
            Hosting::Left(_) | Hosting::Away if self.opens_at.is_some() => Phase::Doors,
            Hosting::Left(_) | Hosting::Away => Phase::Closed,
        }
    }

    fn doors_ms(&self) -> i64 {
        i64::from(self.doors) * 1_000
    }

    fn grace_ms(&self) -> i64 {
        i64::from(self.grace) * 1_000
    }
}

impl Phase {
    /// Whether everybody who may read the room gets in.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Live | Self::Grace)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Doors => "doors",
            Self::Live => "live",
            Self::Grace => "grace",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Closed, Self::Doors, Self::Live, Self::Grace].into_iter().find(|phase| phase.as_str() == word)
    }
}

impl Opening {
    pub const ALL: [Self; 4] = [Self::Always, Self::Host, Self::Schedule, Self::Never];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Host => "host",
            Self::Schedule => "schedule",
            Self::Never => "never",
        }
    }

    pub fn parse(word: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|o| o.as_str() == word).ok_or_else(|| Problem::invalid("opening", Rule::Shape))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Hosting::{Away, Here, Left};
    use Phase::{Closed, Doors, Grace, Live};

    const MINUTE: i64 = 60_000;

    fn rule(opening: Opening, opens_at: Option<i64>, closes_at: Option<i64>) -> GateRule {
        GateRule { opening, opens_at, closes_at, ..GateRule::default() }
    }

    #[test]
    fn without_a_schedule_the_host_decides() {
        let rule = rule(Opening::Host, None, None);
        for (hosting, phase) in
            [(Away, Closed), (Here, Live), (Left(0), Grace), (Left(299_999), Grace), (Left(300_000), Closed)]
        {
            assert_eq!(rule.phase(0, hosting), phase, "{hosting:?}");
        }
    }

    #[test]
    fn a_schedule_needs_nobody() {
        let rule = rule(Opening::Schedule, Some(60 * MINUTE), Some(90 * MINUTE));
        for (minute, phase) in
            [(0, Closed), (44, Closed), (45, Doors), (59, Doors), (60, Live), (89, Live), (90, Closed)]
        {
            assert_eq!(rule.phase(minute * MINUTE, Away), phase, "{minute}");
        }
    }

    #[test]
    fn with_both_it_takes_the_time_and_the_host() {
        let rule = rule(Opening::Host, Some(60 * MINUTE), Some(90 * MINUTE));
        assert_eq!(rule.phase(0, Here), Doors, "who prepares early is not followed in");
        assert_eq!(rule.phase(60 * MINUTE, Away), Doors, "it is time, so the host will come");
        assert_eq!(rule.phase(60 * MINUTE, Here), Live);
        assert_eq!(rule.phase(61 * MINUTE, Left(MINUTE)), Grace);
        assert_eq!(rule.phase(80 * MINUTE, Left(6 * MINUTE)), Doors);
        assert_eq!(rule.phase(90 * MINUTE, Here), Closed);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let refused = |rule: GateRule| match rule.parse(10) {
            Err(Problem::Invalid { field, rule }) => (field, rule),
            other => panic!("{other:?}"),
        };
        let schedule = |opens_at, closes_at| rule(Opening::Schedule, opens_at, closes_at);
        assert_eq!(refused(schedule(None, Some(50))), ("opens_at".to_owned(), Rule::Empty));
        assert_eq!(refused(schedule(Some(50), Some(50))), ("closes_at".to_owned(), Rule::NotAfter));
        assert_eq!(refused(schedule(Some(1), Some(10))), ("closes_at".to_owned(), Rule::Past));
        let long = GateRule { grace: MAX_SECONDS + 1, ..GateRule::default() };
        assert_eq!(refused(long), ("grace".to_owned(), Rule::TooLong { max: MAX_SECONDS }));
        assert!(schedule(Some(1), None).parse(10).is_ok(), "it has begun already");
        let unused = rule(Opening::Never, Some(50), Some(20)).parse(10).unwrap();
        assert_eq!((unused.opens_at, unused.closes_at), (None, None));
    }
}

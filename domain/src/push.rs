//! Notices on somebody's devices: when they are wanted, what they may say, and where they go.

use crate::SubscriptionId;
use crate::problem::{Problem, Rule};
use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Longest address of a push service.
const ENDPOINT: usize = 2_048;

/// When somebody wants no notices, and how much these may say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRule {
    /// From and to, in minutes after midnight where the person lives; it may go over midnight.
    pub quiet: Option<(u16, u16)>,
    /// Minutes east of UTC.
    pub tz: i32,
    /// Neither who said something nor what.
    pub hides: bool,
}

impl NoticeRule {
    /// Reads times as `<input type="time">` sends them; both empty for none.
    ///
    /// # Errors
    /// [`Problem::Invalid`] of `quiet_from` or `quiet_to`.
    pub fn parse(from: &str, to: &str, tz: i32, hides: bool) -> Result<Self, Problem> {
        let quiet = match (from.trim(), to.trim()) {
            ("", "") => None,
            (from, to) => Some((minute("quiet_from", from)?, minute("quiet_to", to)?)),
        };
        let tz = tz.clamp(-14 * 60, 14 * 60);
        Ok(Self { quiet, tz, hides })
    }

    /// Whether a moment, in milliseconds UTC, is in the quiet hours.
    pub fn is_quiet(&self, now: i64) -> bool {
        let Some((from, to)) = self.quiet else { return false };
        let (from, to) = (i64::from(from), i64::from(to));
        let minute = (now.div_euclid(60_000) + i64::from(self.tz)).rem_euclid(DAY);
        if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }
}

/// `07:30` as minutes after midnight.
fn minute(field: &str, text: &str) -> Result<u16, Problem> {
    let malformed = || Problem::invalid(field, Rule::Shape);
    let (hour, minute) = text.split_once(':').ok_or_else(malformed)?;
    let number = |text: &str, below: u16| {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u16>().ok().filter(|n| digits && *n < below)
    };
    // Browsers may add seconds.
    let minute = minute.get(..2).filter(|_| minute.len() == 2 || minute.get(2..3) == Some(":"));
    match (number(hour, 24), minute.and_then(|minute| number(minute, 60))) {
        (Some(hour), Some(minute)) => Ok(hour * 60 + minute),
        _ => Err(malformed()),
    }
}

/// Minutes after midnight as `07:30`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A device that notices are pushed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub id: SubscriptionId,
    /// As in the list of devices.
    pub device: String,
    pub created_at: i64,
    /// Whether this is the device that asked.
    pub is_this: bool,
}

/// What a browser tells of its subscription (W3C Push API), in base64url as it writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
    /// `zh` or `en`.
    pub lang: String,
}

impl NewSubscription {
    /// What can be said without looking into it.
    ///
    /// # Errors
    /// [`Problem::Invalid`] of `endpoint`, `p256dh` or `auth`.
    pub fn check(&self) -> Result<(), Problem> {
        if self.endpoint.len() > ENDPOINT {
            return Err(Problem::invalid("endpoint", Rule::TooLong { max: ENDPOINT as u32 }));
        }
        let fits = |text: &str| {
            (1..=128).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='))
        };
        for (field, text) in [("p256dh", &self.p256dh), ("auth", &self.auth)] {
            if !fits(text) {
                return Err(Problem::invalid(field, Rule::Shape));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let at = |hour: i64, minute: i64| (hour * 60 + minute) * 60_000 + 86_400_000 * 20_000;
        let night = NoticeRule::parse("22:30", "07:00", 60, false).unwrap();
        for (hour, minute, quiet) in [(21, 29, false), (21, 30, true), (23, 0, true), (5, 59, true), (6, 0, false)] {
            assert_eq!(night.is_quiet(at(hour, minute)), quiet, "{hour}:{minute} UTC");
        }
        let noon = NoticeRule::parse("12:00:00", "13:00", 0, false).unwrap();
        assert!(noon.is_quiet(at(12, 0)) && !noon.is_quiet(at(13, 0)) && !noon.is_quiet(at(0, 0)));
        let never = NoticeRule::parse("", " ", 0, true).unwrap();
        assert!(!never.is_quiet(at(3, 0)) && never.quiet.is_none());
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        for (text, minutes) in [("00:00", 0), ("07:30", 450), ("23:59", 1_439), ("07:30:59", 450)] {
            assert_eq!(minute("f", text), Ok(minutes));
        }
        assert_eq!(clock(450), "07:30");
        for bad in ["", "7:30", "24:00", "12:60", "12", "12:3", "-1:00", "12:300", "12:30x", "१२:३०"] {
            assert!(minute("f", bad).is_err(), "{bad}");
        }
        assert!(NoticeRule::parse("08:00", "", 0, false).is_err());
    }
}

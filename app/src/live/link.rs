//! The connection as the reader meets it: when to try again, and what to say meanwhile.

use domain::Problem;

/// Nothing is said about a gap shorter than this.
const QUIET_MS: i64 = 5_000;
/// After this long, when the next try comes is said as well.
const LONG_MS: i64 = 30_000;
/// How long "back online" stands.
const RESTORED_MS: i64 = 3_000;
/// Bad news have to be read.
const DECLINED_MS: i64 = 15_000;

/// The state of the connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Link {
    /// Not tried yet: the page as the server sent it.
    #[default]
    Fresh,
    On,
    /// Lost at `since`; the next try at `next`, if one is waited for.
    Off {
        since: i64,
        next: Option<i64>,
        cause: Cause,
    },
    Ended(Ended),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Lost,
    /// The device says that it has no network.
    Offline,
    /// The server said that it is being replaced.
    Restart,
}

/// Why there will be no connection any more.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    SignedOut,
    /// Signed in on this device instead.
    Replaced(String),
    /// The server no longer speaks this page's version.
    Outdated,
    /// Removed from the room, or the room is no longer for this visitor.
    Gone(Problem),
}

/// The line above the composer.
#[derive(Clone, Debug, PartialEq)]
pub enum Banner {
    Nothing,
    Reconnecting {
        cause: Cause,
    },
    /// Seconds until the next try.
    Waiting {
        cause: Cause,
        seconds: i64,
    },
    /// So many messages were caught up.
    Restored {
        messages: u32,
    },
    Reloaded,
    /// A host did not let the visitor's change of a message through.
    EditDeclined,
    /// A host let the visitor in, who had asked.
    LetIn,
    NewVersion,
    Ended(Ended),
}

/// News that stand for a moment, and since when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum News {
    Restored { messages: u32, at: i64 },
    Reloaded { at: i64 },
    EditDeclined { at: i64 },
    LetIn { at: i64 },
}

/// What to say at `now`.
pub fn banner(link: &Link, news: Option<News>, new_version: bool, now: i64) -> Banner {
    match link {
        Link::Ended(why) => return Banner::Ended(why.clone()),
        Link::Off { since, next, cause } if now - since >= QUIET_MS => {
            let seconds = next.map_or(0, |next| (next - now + 999).div_euclid(1_000));
            return match seconds > 0 && now - since >= LONG_MS {
                true => Banner::Waiting { cause: *cause, seconds },
                false => Banner::Reconnecting { cause: *cause },
            };
        }
        Link::Fresh | Link::On | Link::Off { .. } => {}
    }
    match news {
        Some(News::Restored { messages, at }) if now - at < RESTORED_MS => Banner::Restored { messages },
        Some(News::Reloaded { at }) if now - at < RESTORED_MS => Banner::Reloaded,
        Some(News::EditDeclined { at }) if now - at < DECLINED_MS => Banner::EditDeclined,
        Some(News::LetIn { at }) if now - at < DECLINED_MS => Banner::LetIn,
        _ if new_version => Banner::NewVersion,
        _ => Banner::Nothing,
    }
}

/// Whether a gap was long enough to be noticed, so that its end is worth a word.
pub fn was_noticed(since: i64, now: i64) -> bool {
    now - since >= QUIET_MS
}

/// Milliseconds before try number `attempt` (from 0): 0.5, 1, 2, 4 … at most 30 s, ± 30 % by
/// `dice` in 0..1, so that many pages do not come back in the same moment.
pub fn back_off(attempt: u32, dice: f64) -> i64 {
    let base = (500i64 << attempt.min(6)).min(30_000);
    (base as f64 * (0.7 + 0.6 * dice)) as i64
}

/// How often the page makes itself heard, so that nothing in between takes the connection
/// for idle.
const PING_MS: i64 = 25_000;
/// Two pings without an answer.
const DEAD_MS: i64 = 55_000;
/// A connection under suspicion has this long to prove itself.
const PROVE_MS: i64 = 5_000;

/// Whether the other end is still there. All times by the device's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pulse {
    heard: i64,
    pinged: i64,
    prove_until: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    Fine,
    /// Send a ping.
    Ping,
    /// Nobody there: drop the connection.
    Dead,
}

impl Pulse {
    pub fn new(now: i64) -> Self {
        Self { heard: now, pinged: now, prove_until: None }
    }

    /// Something came.
    pub fn heard(&mut self, now: i64) {
        self.heard = now;
        self.prove_until = None;
    }

    /// After sleep or a long time hidden: ask at once, and do not wait long.
    pub fn suspect(&mut self, now: i64) {
        self.pinged = now - PING_MS;
        self.prove_until = Some(now + PROVE_MS);
    }

    /// To be asked every second or so.
    pub fn beat(&mut self, now: i64) -> Beat {
        let unproven = self.prove_until.is_some_and(|until| now >= until);
        if unproven || now - self.heard >= DEAD_MS {
            return Beat::Dead;
        }
        if now - self.pinged >= PING_MS {
            self.pinged = now;
            return Beat::Ping;
        }
        Beat::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(since: i64, next: Option<i64>) -> Link {
        Link::Off { since, next, cause: Cause::Lost }
    }

    #[test]
    fn tries_come_less_and_less_often() {
        let middle: Vec<i64> = (0..9).map(|n| back_off(n, 0.5)).collect();
        assert_eq!(middle, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(back_off(1, 0.0), 700);
        assert!(back_off(40, 0.999) <= 39_000);
    }

    #[test]
    fn a_short_gap_is_not_mentioned() {
        let say = |link: &Link, now| banner(link, None, false, now);
        assert_eq!(say(&off(0, None), 4_999), Banner::Nothing);
        assert_eq!(say(&off(0, None), 5_000), Banner::Reconnecting { cause: Cause::Lost });
        assert_eq!(say(&off(0, Some(20_000)), 10_000), Banner::Reconnecting { cause: Cause::Lost });
        assert_eq!(say(&off(0, Some(47_500)), 40_000), Banner::Waiting { cause: Cause::Lost, seconds: 8 });
        assert_eq!(say(&off(0, Some(39_000)), 40_000), Banner::Reconnecting { cause: Cause::Lost });
    }

    #[test]
    fn good_news_goes_by_itself() {
        let news = Some(News::Restored { messages: 14, at: 100 });
        assert_eq!(banner(&Link::On, news, false, 200), Banner::Restored { messages: 14 });
        assert_eq!(banner(&Link::On, news, false, 3_100), Banner::Nothing);
        assert_eq!(banner(&Link::On, news, true, 3_100), Banner::NewVersion);
        let ended = Link::Ended(Ended::SignedOut);
        assert_eq!(banner(&ended, news, true, 200), Banner::Ended(Ended::SignedOut));
    }

    #[test]
    fn two_unanswered_pings_are_the_end() {
        let mut pulse = Pulse::new(0);
        assert_eq!(pulse.beat(24_999), Beat::Fine);
        assert_eq!(pulse.beat(25_000), Beat::Ping);
        assert_eq!(pulse.beat(26_000), Beat::Fine);
        assert_eq!(pulse.beat(50_000), Beat::Ping);
        assert_eq!(pulse.beat(55_000), Beat::Dead);
        pulse.heard(55_000);
        assert_eq!(pulse.beat(56_000), Beat::Fine);
        pulse.suspect(57_000);
        assert_eq!(pulse.beat(57_001), Beat::Ping);
        assert_eq!(pulse.beat(62_000), Beat::Dead);
    }
}

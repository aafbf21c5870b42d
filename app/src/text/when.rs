//! Times in words. Every function takes the present moment and the visitor's zone, so that
//! server and browser say the same.

use super::{Lang, Text};
use domain::time::{DAY_MS, Millis, civil, day_of};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS_ZH: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl Text {
    /// `刚刚`, `3 分钟前`, `2 小时前`; a date from 24 hours on. A clock that is ahead says `刚刚`.
    pub fn ago(&self, at: Millis, now: Millis, tz: i32) -> String {
        let age = now - at;
        if age < MINUTE_MS {
            return self.pick("刚刚", "just now").to_owned();
        }
        if age < HOUR_MS {
            let n = age / MINUTE_MS;
            return self.pick(format!("{n} 分钟前"), format!("{n} min ago"));
        }
        if age < DAY_MS {
            let n = age / HOUR_MS;
            return self.pick(format!("{n} 小时前"), format!("{n} {} ago", self.plural(n, "hour", "hours")));
        }
        self.date(at, now, tz)
    }

    /// `14:05`
    pub fn clock(&self, at: Millis, tz: i32) -> String {
        let c = civil(at, tz);
        format!("{:02}:{:02}", c.hour, c.minute)
    }

    /// `11 月 3 日`, with the year unless it is this one.
    pub fn date(&self, at: Millis, now: Millis, tz: i32) -> String {
        let c = civil(at, tz);
        let month = MONTHS.get(usize::from(c.month) - 1).copied().unwrap_or_default();
        // Not `pick`: a page says a hundred times when something was, and needs one language.
        match (self.lang, c.year == civil(now, tz).year) {
            (Lang::Zh, true) => format!("{} 月 {} 日", c.month, c.day),
            (Lang::Zh, false) => format!("{} 年 {} 月 {} 日", c.year, c.month, c.day),
            (Lang::En, true) => format!("{} {month}", c.day),
            (Lang::En, false) => format!("{} {month} {}", c.day, c.year),
        }
    }

    /// Heading of a day in a conversation: `今天`, `昨天`, a weekday within a week, else the date.
    pub fn day(&self, at: Millis, now: Millis, tz: i32) -> String {
        let days = day_of(now, tz) - day_of(at, tz);
        let weekday = usize::from(civil(at, tz).weekday);
        match days {
            0 => self.pick("今天", "Today").to_owned(),
            1 => self.pick("昨天", "Yesterday").to_owned(),
            2..7 => self.pick(DAYS_ZH[weekday], DAYS_EN[weekday]).to_owned(),
            _ => self.date(at, now, tz),
        }
    }

    /// The whole of it, for tooltips: `2026 年 11 月 20 日 14:05（UTC+8）`.
    pub fn moment(&self, at: Millis, tz: i32) -> String {
        // Of another year, so that the year is always said.
        let date = self.date(at, at + 400 * DAY_MS, tz);
        let (clock, zone) = (self.clock(at, tz), zone(tz));
        match self.lang {
            Lang::Zh => format!("{date} {clock}（{zone}）"),
            Lang::En => format!("{date}, {clock} ({zone})"),
        }
    }

    /// A waiting time, rounded up: `8 秒`, `2 分钟`.
    pub fn wait(&self, ms: u64) -> String {
        let seconds = ms.div_ceil(1_000).max(1);
        if seconds < 60 {
            let word = self.plural(seconds as i64, "second", "seconds");
            return self.pick(format!("{seconds} 秒"), format!("{seconds} {word}"));
        }
        let minutes = seconds.div_ceil(60);
        if minutes > 120 {
            let hours = minutes.div_ceil(60);
            return self.pick(format!("{hours} 小时"), format!("{hours} hours"));
        }
        let word = self.plural(minutes as i64, "minute", "minutes");
        self.pick(format!("{minutes} 分钟"), format!("{minutes} {word}"))
    }
}

/// `UTC`, `UTC+8`, `UTC−3:30`.
fn zone(tz: i32) -> String {
    let (hours, minutes) = (tz.abs() / 60, tz.abs() % 60);
    let sign = if tz < 0 { '−' } else { '+' };
    match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

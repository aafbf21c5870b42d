//! Times of day from milliseconds, the same on the server and in the browser, so that the
//! first render agrees. Time zones are minutes east of UTC, as the visitor's browser says.

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = i64;

pub const DAY_MS: i64 = 86_400_000;

/// A date and time on the wall clock of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 = Monday … 6 = Sunday.
    pub weekday: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

/// Which day it is for somebody `offset` minutes east of UTC: days since 1970-01-01.
pub fn day_of(at: Millis, offset: i32) -> i64 {
    (at + i64::from(offset) * 60_000).div_euclid(DAY_MS)
}

/// The wall clock `offset` minutes east of UTC (Hinnant's `civil_from_days`).
pub fn civil(at: Millis, offset: i32) -> Civil {
    let local = at + i64::from(offset) * 60_000;
    let days = local.div_euclid(DAY_MS);
    let ms = local.rem_euclid(DAY_MS);
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    Civil {
        year: yoe + era * 400 + i64::from(month <= 2),
        month: month as u8,
        day: (doy - (153 * mp + 2) / 5 + 1) as u8,
        weekday: (days + 3).rem_euclid(7) as u8,
        hour: (ms / 3_600_000) as u8,
        minute: (ms / 60_000 % 60) as u8,
        second: (ms / 1_000 % 60) as u8,
    }
}

/// The reverse of [`civil`] for a local date and time as `<input type="datetime-local">` has it
/// (`2026-11-20T18:26`, seconds allowed): milliseconds as if it were UTC.
pub fn parse_local(text: &str) -> Option<Millis> {
    let (date, time) = text.trim().split_once('T')?;
    let date: Vec<i64> = date.split('-').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let time: Vec<i64> = time.split(':').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let [year, month, day] = date[..] else { return None };
    let ([hour, minute] | [hour, minute, _]) = time[..] else { return None };
    let second = time.get(2).copied().unwrap_or_default();
    let fits = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    if !fits {
        return None;
    }
    // Hinnant's `days_from_civil`.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let yoe = y.rem_euclid(400);
    let days = era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468;
    let at = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000;
    // The 31st of a month with 30 days is none.
    (i64::from(civil(at, 0).day) == day).then_some(at)
}

/// `2026-11-20T18:26` on the wall clock of a zone, for `<input type="datetime-local">`.
pub fn local(at: Millis, offset: i32) -> String {
    let c = civil(at, offset);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute)
}

/// `2026-11-20T18:26:20Z`, for `<time datetime>`.
pub fn iso(at: Millis) -> String {
    let c = civil(at, 0);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(1_795_199_180_000), "2026-11-20T18:26:20Z");
        assert_eq!(iso(-1_000), "1969-12-31T23:59:59Z");
        assert_eq!(civil(1_795_199_180_000, 0).weekday, 4, "a Friday");
    }

    #[test]
    fn local_times_are_read_as_they_are_written() {
        for at in [0, 951_782_400_000, 1_795_199_160_000, 253_402_300_740_000] {
            assert_eq!(parse_local(&local(at, 0)), Some(at));
        }
        assert_eq!(parse_local("2026-11-20T18:26:20"), Some(1_795_199_180_000));
        for bad in [
            "",
            "2026-11-20",
            "2026-02-30T10:00",
            "2026-13-01T10:00",
            "2026-11-20T24:00",
            "soonT10:00",
            "2026-11-20T1e3:0",
        ] {
            assert_eq!(parse_local(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_zone_moves_the_day() {
        let late = 1_795_199_180_000; // 18:26 UTC is the next morning in Shanghai
        assert_eq!(day_of(late, 480), day_of(late, 0) + 1);
        assert_eq!(civil(late, 480).hour, 2);
    }
}

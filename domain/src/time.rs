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
    fn a_zone_moves_the_day() {
        let late = 1_795_199_180_000; // 18:26 UTC is the next morning in Shanghai
        assert_eq!(day_of(late, 480), day_of(late, 0) + 1);
        assert_eq!(civil(late, 480).hour, 2);
    }
}

//! When something is sent again.

use domain::webhook::{DeliveryState, Outcome, SendFault};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// The pauses after the first attempt, the second one, and so on, in milliseconds.
const PAUSES: [i64; 7] = [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 24 * HOUR];
/// Up to a tenth more, so that what failed together does not come back together.
const SPREAD: f64 = 0.1;
/// Who answers so wants no more of anything.
pub const GONE: u16 = 410;

/// What becomes of a delivery after this attempt, counted from 1, and when it is tried next. `spread`:
/// from 0 to 1.
pub fn judge(outcome: &Outcome, attempt: i64, now: i64, spread: f64) -> (DeliveryState, i64) {
    match outcome.answer {
        Ok(200..=299) => return (DeliveryState::Done, now),
        Ok(GONE) | Err(SendFault::NoEvent) => return (DeliveryState::Failed, now),
        Ok(_) | Err(_) => {}
    }
    match usize::try_from(attempt - 1).ok().and_then(|at| PAUSES.get(at)) {
        Some(pause) => (DeliveryState::Waiting, now + pause + (*pause as f64 * SPREAD * spread) as i64),
        None => (DeliveryState::Failed, now),
    }
}

/// For how long nothing is sent to a webhook at all after so many attempts in a row that failed, in
/// milliseconds: who does not answer is not asked for everything that waits.
pub fn rest(failures: u32) -> i64 {
    (SECOND << failures.saturating_sub(1).min(6)).min(MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(answer: Result<u16, SendFault>, attempt: i64, spread: f64) -> (DeliveryState, i64) {
        judge(&Outcome { answer, ms: 1, text: String::new() }, attempt, 1_000_000, spread)
    }

    #[test]
    fn it_is_tried_seven_times_more_and_ever_later() {
        for (attempt, pause) in (1..).zip([10, 60, 300, 1_800, 7_200, 21_600, 86_400]) {
            let wait = |spread| judged(Ok(500), attempt, spread);
            assert_eq!(wait(0.0), (DeliveryState::Waiting, 1_000_000 + pause * 1_000));
            assert_eq!(wait(1.0), (DeliveryState::Waiting, 1_000_000 + pause * 1_100));
        }
        assert_eq!(judged(Err(SendFault::NoAnswer), 8, 0.0).0, DeliveryState::Failed);
    }

    #[test]
    fn what_was_taken_or_wanted_never_again_is_over() {
        for status in [200, 204, 299] {
            assert_eq!(judged(Ok(status), 1, 0.5).0, DeliveryState::Done);
        }
        assert_eq!(judged(Ok(410), 1, 0.5).0, DeliveryState::Failed);
        assert_eq!(judged(Err(SendFault::NoEvent), 1, 0.5).0, DeliveryState::Failed);
        for odd in [100, 199, 301, 302, 400, 404, 429, 500] {
            assert_eq!(judged(Ok(odd), 1, 0.5).0, DeliveryState::Waiting, "{odd}");
        }
    }

    #[test]
    fn nobody_rests_for_longer_than_a_minute() {
        let rests: Vec<i64> = (1..=8).map(rest).collect();
        assert_eq!(rests, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
        assert_eq!(rest(u32::MAX), 60_000);
    }
}

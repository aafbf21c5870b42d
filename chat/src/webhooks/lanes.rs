//! To whom something is being sent, and who rests because sending failed.

use super::patience::rest;
use domain::WebhookId;
use std::collections::{HashMap, HashSet};

/// To how many webhooks something is sent at the same time.
pub const AT_ONCE: usize = 8;

/// The lanes of all webhooks.
#[derive(Default)]
pub struct Lanes {
    busy: HashSet<WebhookId>,
    /// After how many failures in a row, and until when, by the steady clock.
    resting: HashMap<WebhookId, (u32, i64)>,
    /// Who had a turn last: the next ones come first.
    last: Option<WebhookId>,
}

impl Lanes {
    /// Takes a webhook's lane, if nobody has it and it does not rest.
    pub fn enter(&mut self, id: WebhookId, steady: i64) -> bool {
        let rests = self.resting.get(&id).is_some_and(|(_, until)| *until > steady);
        let is_free = !rests && self.busy.insert(id);
        if is_free {
            self.last = Some(id);
        }
        is_free
    }

    pub fn leave(&mut self, id: WebhookId) {
        self.busy.remove(&id);
    }

    /// `failed_at`: by the steady clock, if it failed.
    pub fn note(&mut self, id: WebhookId, failed_at: Option<i64>) {
        if let Some(at) = failed_at {
            let failures = self.resting.get(&id).map_or(0, |(failures, _)| *failures).saturating_add(1);
            self.resting.insert(id, (failures, at + rest(failures)));
        } else {
            self.resting.remove(&id);
        }
    }

    /// Those after the last one come first.
    pub fn in_turn(&self, mut ids: Vec<WebhookId>) -> Vec<WebhookId> {
        ids.sort_unstable();
        let first = ids.partition_point(|id| Some(*id) <= self.last);
        ids.rotate_left(first);
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: WebhookId = WebhookId(1);

    #[test]
    fn a_lane_is_one_senders_at_a_time() {
        let mut lanes = Lanes::default();
        assert!(lanes.enter(ONE, 0) && !lanes.enter(ONE, 0));
        assert!(lanes.enter(WebhookId(2), 0));
        lanes.leave(ONE);
        assert!(lanes.enter(ONE, 0));
    }

    #[test]
    fn who_fails_rests_longer_each_time() {
        let mut lanes = Lanes::default();
        lanes.note(ONE, Some(0));
        assert!(!lanes.enter(ONE, 999) && lanes.enter(ONE, 1_000));
        lanes.leave(ONE);
        lanes.note(ONE, Some(1_000));
        assert!(!lanes.enter(ONE, 2_999) && lanes.enter(ONE, 3_000));
        lanes.leave(ONE);
        lanes.note(ONE, None);
        assert!(lanes.enter(ONE, 3_000));
    }

    #[test]
    fn everybody_has_a_turn() {
        let ids = |ids: [i64; 4]| ids.map(WebhookId).to_vec();
        let mut lanes = Lanes::default();
        assert_eq!(lanes.in_turn(ids([4, 2, 3, 1])), ids([1, 2, 3, 4]));
        lanes.enter(WebhookId(2), 0);
        assert_eq!(lanes.in_turn(ids([4, 2, 3, 1])), ids([3, 4, 1, 2]));
        lanes.enter(WebhookId(9), 0);
        assert_eq!(lanes.in_turn(ids([4, 2, 3, 1])), ids([1, 2, 3, 4]));
        assert_eq!(lanes.in_turn(Vec::new()), []);
    }
}

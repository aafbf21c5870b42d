//! Whom the admins of a room have let in, or not: a convention between the original's pages. What
//! was said last of somebody is kept here, so that a page that is loaded anew does not wait again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many are kept.
const MOST: usize = 1_000;

#[derive(Debug, Default)]
pub struct Approvals(Mutex<VecDeque<Approval>>);

/// An admin's word about somebody in a room.
#[derive(Clone, Debug)]
pub struct Approval {
    pub room: i64,
    /// Whom it is about.
    pub user: String,
    /// Who has said it.
    pub admin: Arc<str>,
    /// Byte for byte.
    pub text: String,
}

impl Approvals {
    pub fn note(&self, approval: Approval) {
        let mut approvals = self.lock();
        approvals.retain(|old| (old.room, &old.user) != (approval.room, &approval.user));
        approvals.push_back(approval);
        if approvals.len() > MOST {
            approvals.pop_front();
        }
    }

    /// What was said of somebody last.
    pub fn about(&self, room: i64, user: &str) -> Option<Approval> {
        self.lock().iter().find(|approval| approval.room == room && approval.user == user).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Approval>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts_and_old_ones_go() {
        let approvals = Approvals::default();
        let say = |n: usize, text: &str| {
            approvals.note(Approval { room: 1, user: n.to_string(), admin: "root".into(), text: text.into() });
        };
        say(0, "no");
        say(0, "yes");
        assert_eq!(approvals.about(1, "0").map(|approval| approval.text).as_deref(), Some("yes"));
        assert!(approvals.about(2, "0").is_none());
        (1..=MOST).for_each(|n| say(n, "yes"));
        assert!(approvals.about(1, "0").is_none());
    }
}

//! What moderation changes on the page: why the visitor cannot write, and what waits for hosts.

use super::board::{Board, Effects};
use domain::Problem;

impl Board {
    pub(super) fn told_quiet(&mut self, problem: Option<Problem>, now: i64) -> Effects {
        self.quiet = problem.map(|problem| until(problem, now));
        Effects { quiet: true, ..Effects::default() }
    }

    pub(super) fn told_held(&mut self, count: u32) -> Effects {
        self.held = count;
        Effects { quiet: true, ..Effects::default() }
    }
}

/// A problem that passes, with the moment at which it does.
pub(super) fn until(problem: Problem, now: i64) -> (Problem, i64) {
    let wait = problem.wait_ms();
    (problem, wait.map_or(i64::MAX, |wait| now.saturating_add_unsigned(wait)))
}

//! What moderation changes on the page: why the visitor cannot write, what waits for hosts, and what
//! was taken back.

use super::board::{Board, Effects};
use domain::span::Span;
use domain::{MessageId, Problem};
use std::sync::Arc;

impl Board {
    pub(super) fn told_quiet(&mut self, problem: Option<Problem>, now: i64) -> Effects {
        self.quiet = problem.map(|problem| until(problem, now));
        Effects { quiet: true, ..Effects::default() }
    }

    pub(super) fn told_held(&mut self, count: u32) -> Effects {
        self.held = count;
        Effects { quiet: true, ..Effects::default() }
    }

    pub(super) fn recalled(&mut self, messages: &[MessageId], name: &str) -> Effects {
        for message in self.messages.iter_mut().filter(|m| messages.contains(&m.id)) {
            Arc::make_mut(message).spans = vec![Span::Recalled { name: name.to_owned() }];
        }
        Effects { talk: true, ..Effects::default() }
    }
}

/// A problem that passes, with the moment at which it does.
pub(super) fn until(problem: Problem, now: i64) -> (Problem, i64) {
    let wait = problem.wait_ms();
    (problem, wait.map_or(i64::MAX, |wait| now.saturating_add_unsigned(wait)))
}

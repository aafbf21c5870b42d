//! What moderation changes on the page: why the visitor cannot write, what they asked, and what waits
//! for hosts.

use super::Live;
use super::board::{Board, Effects};
use domain::join_request::Asked;
use domain::member::Role;
use domain::{PersonId, Problem};
use leptos::prelude::*;

/// So long after the page is back in the room the server has said whether one may write there.
const SAID_AGAIN_MS: i64 = 2_000;

impl Board {
    pub(super) fn told_quiet(&mut self, problem: Option<Problem>, now: i64) -> Effects {
        self.quiet = problem.map(|problem| until(problem, now));
        Effects { quiet: true, ..Effects::default() }
    }

    /// In the room again: what kept the visitor from writing is said again if it still does, else it ends
    /// by itself. Not at once, so that what is there stays as it is. A pause ends by itself anyway.
    pub(super) fn doubt_quiet(&mut self, now: i64) -> bool {
        let told = self.quiet.as_mut().filter(|(problem, _)| !matches!(problem, Problem::Slow { .. }));
        let Some((_, until)) = told else { return false };
        *until = (*until).min(now + SAID_AGAIN_MS);
        true
    }

    pub(super) fn told_held(&mut self, count: u32, asking: u32) -> Effects {
        (self.held, self.asking) = (count, asking);
        Effects { quiet: true, ..Effects::default() }
    }

    pub(super) fn told_asked(&mut self, asked: Asked) -> Effects {
        self.asked = asked;
        Effects { quiet: true, ..Effects::default() }
    }

    /// Somebody has another role. Whoever is a member may write where only members may.
    pub(super) fn changed_role(&mut self, person: PersonId, role: Option<Role>) -> Effects {
        let mine = self.me.as_ref().is_some_and(|me| me.id == person);
        if !mine {
            return Effects { people: true, ..Effects::default() };
        }
        self.role = role;
        let quiet = role.is_some() && self.quiet.take_if(|(problem, _)| *problem == Problem::MembersOnly).is_some();
        let let_in = quiet && self.asked == Asked::Waiting;
        if let_in {
            self.asked = Asked::Not;
        }
        Effects { people: true, room: true, quiet, let_in, ..Effects::default() }
    }
}

impl Live {
    /// The server took the visitor's request to join.
    pub fn has_asked(self) {
        self.board.update_value(|board| board.asked = Asked::Waiting);
        self.draw_quiet();
    }
}

/// A problem that passes, with the moment at which it does.
pub(super) fn until(problem: Problem, now: i64) -> (Problem, i64) {
    let wait = problem.wait_ms();
    (problem, wait.map_or(i64::MAX, |wait| now.saturating_add_unsigned(wait)))
}

//! Loading other parts of the history into the board, and the whole anew.

use super::board::{Board, KEEP, arcs};
use crate::calls::rooms::RoomPageData;
use domain::live::Position;
use domain::message::History;
use domain::wall::Wall;

impl Board {
    pub fn first_seq(&self) -> Option<i64> {
        self.messages.first().map(|m| m.seq)
    }

    pub fn last_seq(&self) -> i64 {
        self.messages.last().map_or(0, |m| m.seq)
    }

    /// The reader went to the end, or left it.
    pub fn follow(&mut self, following: bool) {
        self.following = following && !self.cut;
        if self.following {
            self.fresh = 0;
        }
    }

    /// Puts an earlier page in front; what becomes too much is dropped at the end.
    pub fn add_older(&mut self, page: History) {
        let first = self.first_seq().unwrap_or(i64::MAX);
        let mut messages = arcs(page.messages);
        messages.retain(|m| m.seq < first);
        messages.append(&mut self.messages);
        self.messages = messages;
        self.has_more = page.has_more;
        if self.messages.len() > KEEP {
            self.messages.truncate(KEEP);
            self.cut = true;
            self.following = false;
        }
    }

    /// Appends a later page, which holds everything said before `before`. `asked_at` is the
    /// position when it was asked for: whatever happened since may be missing from it.
    pub fn add_later(&mut self, page: History, before: i64, asked_at: Position) {
        let last = self.last_seq();
        self.messages.extend(arcs(page.messages).into_iter().filter(|m| m.seq > last));
        if before > self.position.seq && asked_at == self.position {
            self.cut = false;
        }
        if self.messages.len() > KEEP {
            self.messages.drain(..self.messages.len() - KEEP);
            self.has_more = true;
        }
    }

    /// Shows the latest page instead of an earlier one. `false`: something happened since it
    /// was asked for, ask again.
    pub fn show_latest(&mut self, page: History, asked_at: Position) -> bool {
        if asked_at != self.position {
            return false;
        }
        self.messages = arcs(page.messages);
        self.has_more = page.has_more;
        self.cut = false;
        self.follow(true);
        true
    }

    /// The wall as the server has it, unless newer changes are known already.
    pub fn take_wall(&mut self, wall: Wall) {
        if wall.rev >= self.wall.rev {
            self.wall = wall;
        }
    }

    /// Everything anew, but for what was not sent yet.
    pub fn reload(&mut self, data: RoomPageData, now: i64) {
        let mut pending = std::mem::take(&mut self.pending);
        pending
            .retain(|p| !data.history.messages.iter().any(|m| m.client_id == p.client_id && self.is_mine(&m.author)));
        let line = (self.line_after, self.line_until);
        *self = Self { pending, ..Self::new(data, self.me.take(), now) };
        (self.line_after, self.line_until) = line;
        self.follow(true);
    }
}

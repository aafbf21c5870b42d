//! What the reader has seen: where the new-messages line stands, and how far they have read since.

use super::board::Board;
use domain::message::Message;
use std::sync::Arc;

impl Board {
    /// The message before which the new-messages line stands: the first by somebody else
    /// behind what the reader had seen. `None` also while earlier ones are not loaded yet.
    pub fn first_unread(&self) -> Option<i64> {
        let line = self.line_after?;
        let begins_before = self.messages.first().is_some_and(|m| m.seq <= line);
        if self.has_more && !begins_before {
            return None;
        }
        let unread = |m: &&Arc<Message>| m.seq > line && m.seq <= self.line_until && !self.is_mine(&m.author);
        self.messages.iter().find(unread).map(|m| m.seq)
    }

    /// The reader has done with the new-messages line: it goes, and everything counts as seen.
    /// `false` if there is none.
    pub fn clear_line(&mut self) -> bool {
        let had_one = self.line_after.take().is_some();
        if had_one {
            self.seen = self.position.seq.max(self.seen);
            self.fresh = 0;
        }
        had_one
    }

    /// The message at `seq` was in view. Everything before it was seen as well, unless the page begins
    /// behind what had been seen, as around the hit of a search. Whether that is news.
    pub fn saw(&mut self, seq: i64) -> bool {
        let joins = !self.has_more || self.first_seq().is_some_and(|first| first <= self.seen + 1);
        if self.role.is_none() || seq <= self.seen || !(joins || self.following) {
            return false;
        }
        let is_news = |m: &&Arc<Message>| m.seq > self.seen && m.seq <= seq && !self.is_mine(&m.author);
        let read = self.messages.iter().filter(is_news).count();
        self.fresh = self.fresh.saturating_sub(u32::try_from(read).unwrap_or(u32::MAX));
        self.seen = seq;
        true
    }
}

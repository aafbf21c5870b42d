//! What the reader does.

use super::link::Link;
use super::{Live, Loading, pending};
use crate::browser;
use crate::calls::Json;
use crate::calls::messages::history;
use domain::attachment::Attachment;
use domain::live::Command;
use domain::message::PAGE;
use domain::{ClientId, MessageId};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Others are told about typing at most this often.
const TYPING_EVERY_MS: i64 = 3_000;

/// How far somebody has read is told at most this often.
const TELL_SEEN_EVERY_MS: u64 = 500;

impl Live {
    /// Says something: it stands there at once, is kept until the server has it, and goes
    /// out as soon as there is a connection.
    pub fn say(self, client_id: ClientId, text: String, files: Vec<Attachment>, reply: Option<MessageId>) {
        let Some(me) = self.me() else { return };
        self.board.update_value(|board| board.write(client_id, (text, files), reply, browser::now()));
        let written = self.board.with_value(|board| board.pending.last().cloned());
        if let Some(written) = written {
            let room = self.id;
            spawn_local(async move { pending::keep(me.id, room, &written).await });
        }
        self.state.update_value(|state| state.typed_at = 0);
        self.draw_talk();
        self.pump();
    }

    /// Tries a failed message again; all of them without a name.
    pub fn retry(self, which: Option<ClientId>) {
        self.board.update_value(|board| board.retry(which.as_ref()));
        self.draw_talk();
        self.pump();
    }

    /// Gives failed messages up.
    pub fn give_up(self, which: Option<ClientId>) {
        let which = which.map_or_else(|| self.board.with_value(|board| board.failed()), |id| vec![id]);
        self.board.update_value(|board| which.iter().for_each(|id| board.give_up(id)));
        self.draw_talk();
        if let Some(me) = self.me() {
            let room = self.id;
            spawn_local(async move {
                for client_id in which {
                    pending::forget(me.id, room, &client_id).await;
                }
            });
        }
    }

    /// The visitor is writing.
    pub fn typing(self) {
        let now = browser::now();
        let due = self.state.with_value(|s| s.link == Link::On && now - s.typed_at >= TYPING_EVERY_MS);
        if due {
            self.state.update_value(|state| state.typed_at = now);
            self.send(Command::Typing { room: self.id });
        }
    }

    /// The reader is at the end and follows, or went away from it.
    pub fn follow(self, following: bool) {
        let changed = self.board.with_value(|board| board.following != (following && !board.cut));
        if changed {
            self.board.update_value(|board| board.follow(following));
            self.draw_around();
        }
    }

    pub fn is_following(self) -> bool {
        self.board.with_value(|board| board.following)
    }

    /// The reader looks at the conversation, and the message at `last` is the last one in view; at its
    /// end everything is.
    pub fn saw(self, last: Option<i64>) {
        let end = self.board.with_value(|board| board.following.then(|| board.last_seq()));
        let Some(seq) = end.or(last) else { return };
        if self.board.try_update_value(|board| board.saw(seq)) == Some(true) {
            self.draw_around();
            self.tell_seen();
        }
    }

    /// Tells the server how far the reader is, soon if it was told a moment ago.
    pub(super) fn tell_seen(self) {
        if self.state.with_value(|state| state.telling) || !self.tell_seen_now() {
            return;
        }
        self.state.update_value(|state| state.telling = true);
        let again = move || {
            if !self.is_over() {
                self.state.update_value(|state| state.telling = false);
                self.tell_seen();
            }
        };
        set_timeout(again, std::time::Duration::from_millis(TELL_SEEN_EVERY_MS));
    }

    /// The same at once: a page that goes away has no later. Whether there was something to tell.
    pub fn tell_seen_now(self) -> bool {
        let seq = self.board.with_value(|board| board.seen);
        let is_news = self.state.with_value(|state| state.link == Link::On && seq > state.told_seen);
        if !is_news || self.board.with_value(|board| board.role.is_none()) {
            return false;
        }
        self.state.update_value(|state| state.told_seen = seq);
        self.send(Command::Seen { room: self.id, seq });
        true
    }

    /// The reader has done with the new-messages line: it goes, and everything counts as seen.
    pub fn clear_line(self) {
        if self.board.try_update_value(super::board::Board::clear_line) == Some(true) {
            self.draw_talk();
            self.tell_seen_now();
        }
    }

    /// Where the oldest unread message is, if it is not loaded: its address.
    pub fn unread_elsewhere(self) -> Option<String> {
        let line = self.board.with_value(|board| board.line_after.filter(|_| board.first_unread().is_none()))?;
        Some(crate::paths::message(&self.room.with_untracked(|room| room.slug.clone()), line + 1))
    }

    /// What is on the stage is on the screen: the server is told if it came just now.
    pub fn painted(self) {
        if let Some(seq) = self.state.try_update_value(|state| state.staged.take()).flatten() {
            self.send(Command::Painted { room: self.id, seq });
        }
    }

    /// Loads the page of history before the first message shown.
    pub fn load_earlier(self) {
        let first = self.board.with_value(|board| board.first_seq().filter(|_| board.has_more));
        let Some(first) = first.filter(|_| self.begin_loading(Loading::Earlier)) else { return };
        spawn_local(async move {
            let answer = history(self.id, Some(first)).await.and_then(Json::read);
            if self.is_over() {
                return;
            }
            self.loaded(answer.is_ok());
            if let Ok(page) = answer {
                self.board.update_value(|board| board.add_older(page));
                self.draw_talk();
            }
        });
    }

    /// Loads what follows the last message shown, while the end is not shown.
    pub fn load_later(self) {
        let (cut, last, position) = self.board.with_value(|board| (board.cut, board.last_seq(), board.position));
        if !cut || !self.begin_loading(Loading::Later) {
            return;
        }
        // Messages are some of the room's events, so that a page before this place reaches
        // back to the last message without a gap.
        let before = last + PAGE as i64 + 1;
        spawn_local(async move {
            let answer = history(self.id, Some(before)).await.and_then(Json::read);
            if self.is_over() {
                return;
            }
            self.loaded(answer.is_ok());
            if let Ok(page) = answer {
                self.board.update_value(|board| board.add_later(page, before, position));
                self.draw_talk();
            }
        });
    }

    /// Shows the end of the conversation. Calls `then` when it is there.
    pub fn show_latest(self, then: impl Fn() + 'static) {
        if !self.board.with_value(|board| board.cut) {
            then();
            return;
        }
        if !self.begin_loading(Loading::Later) {
            return;
        }
        spawn_local(async move {
            loop {
                let asked_at = self.board.with_value(|board| board.position);
                let answer = history(self.id, None).await.and_then(Json::read);
                if self.is_over() {
                    return;
                }
                let Ok(page) = answer else { return self.loaded(false) };
                let shown = self.board.try_update_value(|board| board.show_latest(page, asked_at));
                if shown == Some(true) {
                    break;
                }
            }
            self.loaded(true);
            self.draw_talk();
            then();
        });
    }

    fn begin_loading(self, what: Loading) -> bool {
        let free = self.talk.with_untracked(|talk| matches!(talk.loading, Loading::No | Loading::Failed));
        if free {
            self.talk.update(|talk| talk.loading = what);
        }
        free
    }

    fn loaded(self, fine: bool) {
        self.talk.update(|talk| talk.loading = if fine { Loading::No } else { Loading::Failed });
    }

    /// Tries to connect now.
    pub fn wake(self) {
        #[cfg(feature = "hydrate")]
        self.out.with_value(|out| {
            if let Some(out) = out {
                let _ = out.unbounded_send(super::socket::Out::Wake);
            }
        });
    }
}

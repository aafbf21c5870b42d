//! What the page does with each frame.

use super::Live;
use super::board::Effects;
use super::link::{Ended, Link, News, was_noticed};
use super::pending::{self, Pending};
use crate::browser;
use crate::calls::Json;
use crate::calls::rooms::open_room;
use crate::calls::wall::wall;
use crate::routes::Group;
use domain::event::{Event, What};
use domain::live::{Command, Frame, Position};
use domain::{ClientId, PictureId, Problem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How long a new picture is marked.
const MARK_MS: u64 = 5_000;

impl Live {
    /// Takes over a frame and does what follows from it.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "frames come in the browser only"))]
    pub(super) fn take(self, frame: Frame) {
        let now = browser::now();
        self.state.update_value(|state| state.pulse.heard(now));
        match &frame {
            Frame::Welcome { now: theirs, build, .. } => self.welcome(*theirs, build),
            Frame::Entered { room, position, .. } if *room == self.id => self.entered(*position),
            // Listening as well; what was missed comes with the reload.
            Frame::Reset { room, position } if *room == self.id => self.entered(*position),
            Frame::Waiting { room, .. } if *room == self.id => self.is_on(),
            Frame::Event(event) => self.count_caught(&event.what),
            Frame::Followers { count, p95, .. } if browser::MEMBER => {
                self.followers.set(Some((*count, *p95)));
            }
            Frame::Contact { room, contact } if browser::MEMBER && *room == self.id => {
                self.contact.set(Some((**contact).clone()));
            }
            _ => {}
        }
        let is_entered = matches!(&frame, Frame::Entered { room, .. } if *room == self.id);
        let theirs = now + self.state.with_value(|state| state.offset);
        let deed = deed_in(&frame);
        let effects = self.board.try_update_value(|board| board.apply(frame, theirs)).unwrap_or_default();
        self.follow_up(effects);
        if deed.is_some() {
            self.deed.set(deed);
        }
        self.check_caught();
        if is_entered {
            self.pump();
            // What was seen before the page listened was not told yet.
            if browser::MEMBER {
                self.tell_seen();
            }
        }
    }

    fn welcome(self, theirs: i64, build: &str) {
        self.state.update_value(|state| {
            state.offset = theirs - browser::now();
            match &state.build {
                None => state.build = Some(build.to_owned()),
                Some(known) => state.new_version |= known != build,
            }
        });
        self.now.set(theirs);
        self.board.with_value(|board| {
            self.send(Command::Enter { room: self.id, place: Some(board.position) });
        });
    }

    /// The room is listened to again; what was missed follows up to `position`.
    fn entered(self, position: Position) {
        let known = self.board.with_value(|board| board.position.seq);
        let now = browser::now();
        self.state.update_value(|state| {
            state.resuming = false;
            if let Link::Off { since, .. } = state.link
                && was_noticed(since, now)
            {
                state.catching = Some((position.seq.max(known), 0));
            }
            state.link = Link::On;
        });
        self.draw_banner();
    }

    fn count_caught(self, what: &What) {
        if matches!(what, What::Said { .. }) {
            self.state.update_value(|state| {
                if let Some((_, count)) = &mut state.catching {
                    *count += 1;
                }
            });
        }
    }

    fn check_caught(self) {
        let seq = self.board.with_value(|board| board.position.seq);
        let Some((until, messages)) = self.state.with_value(|state| state.catching) else { return };
        if seq < until {
            return;
        }
        self.state.update_value(|state| {
            state.catching = None;
            state.news = Some(News::Restored { messages, at: browser::now() });
        });
        self.draw_banner();
    }

    fn follow_up(self, effects: Effects) {
        if effects.talk {
            self.draw_talk();
        }
        if effects.wall {
            self.draw_wall();
        }
        if let Some(seq) = effects.staged {
            self.state.update_value(|state| state.staged = Some(seq));
            self.draw_stage();
        }
        if effects.people {
            self.draw_people();
        }
        if effects.room {
            self.draw_room();
        }
        if effects.typing {
            self.draw_typing();
        }
        if effects.gate {
            self.draw_gate();
        }
        if effects.quiet {
            self.draw_quiet();
        }
        if effects.fetch_wall {
            self.fetch_wall();
        }
        if effects.reload {
            self.reload();
        }
        if let Some(among) = effects.reload_among {
            // So many others go in at the same moment.
            let most = f64::from(among.min(10_000)) / 4.0;
            after((most * browser::dice()) as u64, move || self.reload());
        }
        if effects.resume {
            self.resume();
        }
        if let Some(client_id) = effects.settled {
            self.settled(client_id);
        }
        if let Some(wait_ms) = effects.again {
            self.state.update_value(|state| state.in_flight = None);
            after(wait_ms, move || self.pump());
        }
        if let Some(picture) = effects.hung {
            self.mark(picture);
        }
        if let Some(problem) = effects.gone {
            self.gone(problem);
        }
        if browser::MEMBER && effects.edit_declined {
            self.state.update_value(|state| state.news = Some(News::EditDeclined { at: browser::now() }));
            self.draw_banner();
        }
        if browser::MEMBER && effects.let_in {
            self.state.update_value(|state| state.news = Some(News::LetIn { at: browser::now() }));
            self.draw_banner();
        }
    }

    fn resume(self) {
        let busy = self.state.with_value(|state| state.resuming || state.reloading);
        if busy {
            return;
        }
        self.state.update_value(|state| state.resuming = true);
        let place = self.board.with_value(|board| board.position);
        self.send(Command::Enter { room: self.id, place: Some(place) });
    }

    fn fetch_wall(self) {
        spawn_local(self.refresh_wall());
    }

    /// Fetches the wall after a change was missed, or refused because it was.
    pub async fn refresh_wall(self) {
        let Ok(fresh) = wall(self.id).await.and_then(Json::read) else { return };
        if !self.is_over() {
            self.board.update_value(|board| board.take_wall(fresh));
            self.draw_wall();
        }
    }

    /// In front of a shut room.
    fn is_on(self) {
        self.state.update_value(|state| {
            state.resuming = false;
            state.link = Link::On;
        });
        self.draw_banner();
    }

    /// Fetches the room anew, then listens from there. When the server cannot be reached,
    /// the next connection tries again.
    fn reload(self) {
        if self.is_over() || self.state.with_value(|state| state.reloading) {
            return;
        }
        self.state.update_value(|state| state.reloading = true);
        let slug = self.board.with_value(|board| board.room.slug.clone());
        spawn_local(async move {
            let answer = open_room(slug, None, true).await.and_then(Json::read);
            if self.is_over() {
                return;
            }
            self.state.update_value(|state| state.reloading = false);
            let Ok(loaded) = answer else { return };
            match loaded.body {
                Ok(data) => {
                    let now = loaded.frame.now;
                    self.board.update_value(|board| board.reload(data, now));
                    self.state.update_value(|state| {
                        state.catching = None;
                        state.news = Some(News::Reloaded { at: browser::now() });
                    });
                    self.draw_all();
                    self.draw_banner();
                    self.resume();
                }
                Err(problem) => self.gone(problem),
            }
        });
    }

    fn settled(self, client_id: ClientId) {
        let answered = self.state.with_value(|state| state.in_flight.as_ref().is_some_and(|(id, _)| *id == client_id));
        if answered {
            self.state.update_value(|state| state.in_flight = None);
        }
        if let Some(me) = self.me() {
            let room = self.id;
            spawn_local(async move { pending::forget(me.id, room, &client_id).await });
        }
        self.pump();
    }

    /// Sends the next waiting message, unless one is under way.
    pub(super) fn pump(self) {
        if !browser::MEMBER || self.is_over() {
            return;
        }
        let free = self.state.with_value(|state| state.link == Link::On && state.in_flight.is_none())
            && !self.shut.get_untracked();
        let next = self.board.with_value(|board| board.next_to_send().cloned());
        let Some(Pending { client_id, text, files, reply, .. }) = next.filter(|_| free) else { return };
        let (files, mut alts): (Vec<_>, Vec<_>) = files.into_iter().map(|file| (file.blob, file.alt)).unzip();
        if alts.iter().all(String::is_empty) {
            alts.clear();
        }
        self.state.update_value(|state| state.in_flight = Some((client_id.clone(), browser::now())));
        self.send(Command::Post { room: self.id, client_id, text, files, alts, reply });
    }

    fn mark(self, picture: PictureId) {
        self.hung.update(|hung| hung.push(picture));
        after(MARK_MS, move || {
            if !self.is_over() {
                self.hung.update(|hung| hung.retain(|id| *id != picture));
            }
        });
    }

    /// The room is closed to this visitor: what was read here is dropped, what they were
    /// writing stays.
    fn gone(self, problem: Problem) {
        self.board.update_value(|board| {
            board.messages.clear();
            board.wall.pictures.clear();
            board.stage = Default::default();
            board.has_more = false;
        });
        self.draw_all();
        if problem == Problem::Shut {
            // The page becomes the one of those who wait.
            return self.reload();
        }
        self.end(Ended::Gone(problem));
    }

    pub(super) fn end(self, why: Ended) {
        self.state.update_value(|state| state.link = Link::Ended(why));
        // Dropping the way out stops the socket.
        self.out.set_value(None);
        self.draw_banner();
    }
}

/// A change of the wall, for those who manage it: compiled away for all others.
fn deed_in(frame: &Frame) -> Option<Event> {
    if !Group::Member.is_here() {
        return None;
    }
    let Frame::Event(event) = frame else { return None };
    let is_deed = event.what.wall_rev().is_some() || event.what == What::HeldChanged;
    is_deed.then(|| event.clone())
}

fn after(ms: u64, then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::from_millis(ms));
}

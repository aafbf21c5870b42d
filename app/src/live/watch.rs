//! The page's life in the browser: it connects when it comes alive, looks after the
//! connection, notices when it is hidden, and closes everything when it is left.

use super::link::{Beat, Cause, Link, Pulse};
use super::{Live, pending, socket};
use crate::browser;
use domain::live::Command;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// A post without an answer is sent again after this long.
const ANSWER_MS: i64 = 15_000;
/// Hidden for longer than this, the connection has to prove itself.
const HIDDEN_MS: i64 = 60_000;

/// Begins once the page is alive; ends with the owner of `live`.
pub fn begin(live: Live) {
    Effect::new(move || {
        live.state.update_value(|state| state.pulse = Pulse::new(browser::now()));
        live.out.set_value(Some(socket::open(live)));
        bring_back(live);
        keep_time(live);
        listen(live);
    });
}

/// What was not sent before the page was left is sent now.
fn bring_back(live: Live) {
    let Some(me) = live.me() else { return };
    spawn_local(async move {
        let kept = pending::recall(me.id, live.id).await;
        if live.is_over() || kept.is_empty() {
            return;
        }
        live.board.update_value(|board| board.recall(kept));
        live.draw_talk();
        live.pump();
    });
}

fn keep_time(live: Live) {
    let Ok(ticking) = set_interval_with_handle(move || live.tick(), Duration::from_secs(1)) else { return };
    on_cleanup(move || ticking.clear());
}

fn listen(live: Live) {
    let attention = move || {
        let looks = document().has_focus().unwrap_or(true) && !is_hidden();
        if live.attention.get_untracked() != looks {
            live.attention.set(looks);
        }
    };
    attention();
    let listeners = [
        on("focus", attention),
        on("blur", attention),
        on("visibilitychange", move || {
            attention();
            live.shown(!is_hidden());
        }),
        on("online", move || live.wake()),
        // A page that the browser keeps for "back" must not hold a socket.
        on("pagehide", move || live.out.set_value(None)),
        on("pageshow", move || {
            if live.out.with_value(Option::is_none) && !live.is_ended() {
                live.out.set_value(Some(socket::open(live)));
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
}

fn on(event: &str, act: impl Fn() + 'static) -> WindowListenerHandle {
    window_event_listener_untyped(event, move |_| act())
}

/// Through `Reflect`, which saves the binding of one more type.
fn is_hidden() -> bool {
    let hidden = js_sys::Reflect::get(&document(), &"hidden".into());
    hidden.is_ok_and(|hidden| hidden.is_truthy())
}

impl Live {
    fn is_ended(self) -> bool {
        self.state.with_value(|state| matches!(state.link, Link::Ended(_)))
    }

    /// The connection was lost.
    pub(super) fn lost(self, cause: Cause, next: Option<i64>) {
        let now = browser::now();
        self.state.update_value(|state| {
            let since = if let Link::Off { since, .. } = state.link { since } else { now };
            state.link = Link::Off { since, next, cause };
            state.in_flight = None;
            state.resuming = false;
            state.catching = None;
        });
        self.draw_banner();
    }

    fn shown(self, visible: bool) {
        let now = browser::now();
        if !visible {
            self.state.update_value(|state| state.hidden_at = Some(now));
            return;
        }
        self.wake();
        self.state.update_value(|state| {
            if state.hidden_at.take().is_some_and(|since| now - since > HIDDEN_MS) {
                state.pulse.suspect(now);
            }
        });
        self.tick();
    }

    /// Once a second.
    fn tick(self) {
        if self.is_over() {
            return;
        }
        let now = browser::now();
        if self.state.with_value(|state| state.link == Link::On) {
            self.beat(now);
            self.send_again(now);
        }
        let offset = self.state.with_value(|state| state.offset);
        if self.board.try_update_value(|board| board.expire_typing(now + offset)) == Some(true) {
            self.draw_typing();
        }
        self.tell_time(now + offset);
        self.draw_banner();
    }

    fn beat(self, now: i64) {
        match self.state.try_update_value(|state| state.pulse.beat(now)) {
            Some(Beat::Ping) => self.send(Command::Ping),
            Some(Beat::Dead) => {
                self.state.update_value(|state| state.pulse = Pulse::new(now));
                self.out.with_value(|out| {
                    if let Some(out) = out {
                        let _ = out.unbounded_send(socket::Out::Drop);
                    }
                });
            }
            Some(Beat::Fine) | None => {}
        }
    }

    fn send_again(self, now: i64) {
        let late = self.state.with_value(|s| s.in_flight.as_ref().is_some_and(|(_, at)| now - at > ANSWER_MS));
        if late {
            self.state.update_value(|state| state.in_flight = None);
            self.pump();
        }
    }

    /// Only a message under way and whoever may not write need the second; day names need the minute.
    fn tell_time(self, now: i64) {
        let waiting = self.board.with_value(|board| !board.pending.is_empty() || board.quiet.is_some());
        let shown = self.now.get_untracked();
        if waiting || now.div_euclid(60_000) != shown.div_euclid(60_000) {
            self.now.set(now);
        }
    }
}

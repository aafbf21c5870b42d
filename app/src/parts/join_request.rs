//! Asking to join a room in which only members write.

use super::avatar::Avatar;
use super::button::{Submit, Tone};
use super::field::Field;
use super::form::{CallForm, Done};
use crate::live::Live;
use crate::paths;
use crate::visitor::{prefs, words};
use domain::RoomId;
use domain::join_request::{Asked, JoinRequest, MAX_WORDS};
use domain::time::iso;
use leptos::prelude::*;
use std::sync::Arc;

/// In the composer's place, for those who may only read: why, and what they can do about it.
#[component]
pub fn AskToJoin(live: Live, slug: String) -> impl IntoView {
    let t = words();
    // Not drawn anew by what leaves it as it is: somebody may be typing.
    let may_ask = Memo::new(move |_| live.asked.get() == Asked::Not);
    let form = move || {
        let done: Done = Arc::new(move || live.has_asked());
        view! {
            <CallForm call="ask-to-join" from=paths::room(&slug) fields=&["words"] class="form form-line" done>
                <input type="hidden" name="room" value=live.id.to_string() />
                <Field name="words" label=t.room.ask_words max={MAX_WORDS as u32} />
                <Submit label=t.room.ask_to_join />
            </CallForm>
        }
    };
    view! {
        <section class="composer-note ask-to-join" aria-label=t.room.ask_to_join>
            <p role="status">{move || t.asked(live.asked.get())}</p>
            {move || may_ask.get().then(&form)}
        </section>
    }
}

/// Somebody who asks, for hosts. The buttons carry the keys that press them (`public/pkg/queue.js`).
pub fn join_request(room: RoomId, request: JoinRequest, from: String, again: Done) -> impl IntoView {
    let t = words();
    let JoinRequest { person, words, at } = request;
    let (id, display) = (person.id, person.display.clone());
    let decide = |call: &'static str, key: &'static str, label: &'static str, tone: Tone| {
        let described = format!("{label}: {display}");
        view! {
            <CallForm call from=from.clone() class="row-form" done=again.clone()>
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="person" value=id.to_string() />
                <span data-key=key><Submit label tone describe=described /></span>
            </CallForm>
        }
    };
    view! {
        <li class="row-line" tabindex="0">
            <Avatar person=person.clone() />
            <div class="row-words">
                <p class="row-name">
                    <bdi title=format!("@{}", person.name)>{person.display.clone()}</bdi>
                    " " <time class="row-note" datetime=iso(at)>{t.clock(at, prefs().tz)}</time>
                </p>
                <p class="queue-text" dir="auto">{words}</p>
            </div>
            {decide("approve-join-request", "a", t.moderation.let_in, Tone::Primary)}
            {decide("decline-join-request", "d", t.moderation.decline, Tone::Plain)}
        </li>
    }
}

//! What was sent to a webhook, on the page of the webhooks.

use crate::calls::webhooks::WebhookLog;
use crate::parts::button::{Submit, Tone};
use crate::parts::form::CallForm;
use crate::place::use_query_map;
use crate::visitor::{prefs, words};
use domain::time::iso;
use domain::webhook::{Delivery, DeliveryState};
use domain::{DeliveryId, RoomId, WebhookId};
use leptos::prelude::*;

/// The last deliveries, or with `is_one` a page of all of them; `alone` is where all of them are.
pub fn log(room: RoomId, one: WebhookLog, alone: &str, is_one: bool, now: i64) -> impl IntoView + use<> {
    let w = words().webhook();
    let WebhookLog { webhook, log } = one;
    let none = log.deliveries.is_empty();
    let last = log.deliveries.last().filter(|_| log.has_more).map(|last| last.id);
    let further = match is_one {
        true => pages(alone, last).into_any(),
        false => {
            let describe = format!("{}: {}", w.more, webhook.target.url);
            view! { <p><a class="button" href=alone.to_owned() aria-label=describe>{w.more}</a></p> }.into_any()
        }
    };
    let here = alone.to_owned();
    let lines = log.deliveries.into_iter().map(|one| line(room, webhook.id, one, here.clone(), now)).collect_view();
    view! {
        <h3 class="webhook-part">{w.log}</h3>
        {none.then(|| view! { <p class="field-hint">{w.no_log}</p> })}
        {(!none).then(|| view! { <ul class="rows">{lines}</ul> })}
        {further}
    }
}

/// Further back from the last one on this page, and the beginning.
fn pages(alone: &str, last: Option<DeliveryId>) -> impl IntoView + use<> {
    let w = words().webhook();
    let is_further = use_query_map().read_untracked().get("before").is_some();
    let newest = is_further.then(|| view! { <a class="button button-quiet" href=alone.to_owned()>{w.newest}</a> });
    let older = last.map(|last| {
        view! { <a class="button" rel="next" href=format!("{alone}&before={last}")>{w.older}</a> }
    });
    view! {
        <nav class="row" aria-label=w.pages>
            {newest} {older}
        </nav>
    }
}

fn line(room: RoomId, webhook: WebhookId, delivery: Delivery, from: String, now: i64) -> impl IntoView {
    let (t, w) = (words(), words().webhook());
    let tz = prefs().tz;
    let Delivery { id, seq, kind, state, attempts, next_at, made_at, outcome, .. } = delivery;
    let class = if state == DeliveryState::Done { "chip chip-accent" } else { "chip" };
    let seq = seq.map(|seq| format!(" #{seq}"));
    let said = outcome.as_ref().map(|outcome| outcome.text.clone()).filter(|text| !text.is_empty());
    let came = outcome.map(|outcome| format!("{} · ", t.outcome(&outcome)));
    let next = next_at.filter(|next| *next > now).map(|next| {
        let day = (t.day(next, now, tz) != t.day(now, now, tz)).then(|| t.date(next, now, tz) + " ");
        format!(" · {} {}{}", w.next, day.unwrap_or_default(), t.clock(next, tz))
    });
    let describe = format!("{}: {id}", w.replay);
    view! {
        <li class="row-line">
            <div class="row-words">
                <p class="row-name">{t.event_kind(&kind)} {seq} " " <span class=class>{t.delivery_state(state)}</span></p>
                <p class="row-note">
                    {came} {t.attempts(attempts)} " · "
                    <time datetime=iso(made_at) title=t.moment(made_at, tz)>{t.ago(made_at, now, tz)}</time> {next}
                </p>
                {said.map(|text| view! { <p class="row-note delivery-answer" dir="auto">{text}</p> })}
            </div>
            <CallForm call="replay-delivery" from class="row-form">
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="webhook" value=webhook.to_string() />
                <input type="hidden" name="delivery" value=id.to_string() />
                <Submit label=w.replay tone=Tone::Quiet describe />
            </CallForm>
        </li>
    }
}

//! `/admin/rooms/<slug>/webhooks`: the room's webhooks and what was sent to them; with `?webhook=`
//! one of them, with all of it. Links and forms alone.

use super::deliveries::log;
use super::tabs;
use crate::calls::Frame;
use crate::calls::webhooks::{WebhookLog, WebhooksPage as Data, load_webhooks};
use crate::parts::button::{Submit, Tone};
use crate::parts::confirm::ask;
use crate::parts::field::Field;
use crate::parts::form::CallForm;
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::place::{use_params_map, use_query_map};
use crate::visitor::{prefs, words};
use domain::webhook::{KINDS, MAX, MAX_URL, Target, Webhook};
use domain::{RoomId, WebhookId};
use leptos::prelude::*;
use leptos_meta::Title;

/// The small forms, which have no place of their own for a refusal.
const ACTS: &[&str] = &["pause-webhook", "rotate-webhook", "remove-webhook", "test-webhook", "replay-delivery"];

#[component]
pub fn WebhooksPage() -> impl IntoView {
    let (query, params) = (use_query_map(), use_params_map());
    let loaded = load(String::new, move |_| {
        let number = |name: &str| query.read_untracked().get(name)?.parse().ok();
        let slug = params.read_untracked().get("slug").unwrap_or_default();
        load_webhooks(slug, number("webhook").map(WebhookId), number("before").map(domain::DeliveryId))
    });
    page(Layout::Column, loaded, content)
}

fn content(data: Data, frame: Frame) -> AnyView {
    let (t, w) = (words(), words().webhook());
    let Data { room, webhooks, is_one, secret } = data;
    let all = paths::webhooks(&room.slug);
    let (none, is_full) = (webhooks.is_empty(), webhooks.len() >= MAX);
    let panels = webhooks.into_iter().map(|one| {
        let secret = secret.as_ref().filter(|(id, _)| *id == one.webhook.id).map(|(_, secret)| secret.clone());
        panel(room.id, one, secret, &all, is_one, frame.now)
    });
    let panels = panels.collect_view();
    view! {
        <Title text=t.title(&format!("{} · {}", w.title, room.title)) />
        {frame.is_admin().then(|| tabs("/admin/rooms"))}
        <div class="page-head">
            <h1 dir="auto">{room.title.clone()} " · " {w.title}</h1>
            {is_one.then(|| view! { <a class="button" href=all.clone()>{w.all_webhooks}</a> })}
            <a class="button" href=paths::integration(&room.slug)>{words().embed().title}</a>
            <a class="button" href=paths::room_admin(&room.slug)>{icon::settings()} {t.room.settings}</a>
        </div>
        <p class="lead">{w.lead}</p>
        <ReturnedProblem calls=ACTS />
        {none.then(|| view! { <div class="empty"><p>{w.none}</p></div> })}
        {panels}
        {(!is_one && !is_full).then(|| view! { <section class="panel">{new_webhook(room.id, &all)}</section> })}
    }
    .into_any()
}

fn panel(
    room: RoomId,
    one: WebhookLog,
    secret: Option<String>,
    all: &str,
    is_one: bool,
    now: i64,
) -> impl IntoView + use<> {
    let (t, w, webhook) = (words(), words().webhook(), one.webhook.clone());
    let (state, hint) = t.paused_webhook(webhook.paused);
    let alone = format!("{all}?webhook={}", webhook.id);
    let here = if is_one { alone.clone() } else { all.to_owned() };
    let class = if webhook.paused.is_none() { "chip chip-accent" } else { "chip" };
    let kinds: Vec<&str> = webhook.target.events.iter().map(|kind| t.event_kind(kind)).collect();
    let kinds = if kinds.is_empty() { w.all_events.to_owned() } else { kinds.join(" · ") };
    let old = webhook.old_until.map(|until| {
        view! { <p class="row-note">{w.old_secret} " " {t.moment(until, prefs().tz)}</p> }
    });
    view! {
        <section class="panel">
            <div>
                <h2 class="webhook-url"><bdi dir="ltr">{webhook.target.url.clone()}</bdi> " " <span class=class>{state}</span></h2>
                <p class="row-note">{kinds}</p>
                <p class="row-note">
                    {w.added_by} " " <bdi>{webhook.by.display.clone()}</bdi> " · " {t.date(webhook.made_at, now, prefs().tz)}
                </p>
                {old}
                {hint.map(|hint| view! { <p>{hint}</p> })}
            </div>
            {secret.map(made)}
            {acts(room, &webhook, &here)}
            {log(room, one, &alone, is_one, now)}
            {is_one.then(|| change(room, &webhook, &here))}
        </section>
    }
}

/// The secret, this once.
fn made(secret: String) -> impl IntoView {
    let w = words().webhook();
    view! {
        <div class="made" role="status">
            <p>{w.made}</p>
            <input type="text" readonly value=secret aria-label=w.secret dir="ltr" />
        </div>
    }
}

fn acts(room: RoomId, webhook: &Webhook, here: &str) -> impl IntoView + use<> {
    let w = words().webhook();
    let (id, url, paused) = (webhook.id, webhook.target.url.clone(), webhook.paused.is_some());
    let act = |call: &'static str, label: &'static str, tone: Tone| {
        let describe = format!("{label}: {url}");
        let pauses = (call == "pause-webhook")
            .then(|| view! { <input type="hidden" name="paused" value=(!paused).to_string() /> });
        view! {
            <CallForm call from=here.to_owned() class="row-form">
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="webhook" value=id.to_string() />
                {pauses}
                <Submit label tone describe />
            </CallForm>
        }
    };
    let fields = [("room", room.to_string()), ("webhook", id.to_string())];
    let sentence = words().removes_webhook(&url);
    view! {
        <div class="row">
            {(!paused).then(|| act("test-webhook", w.test, Tone::Plain))}
            {act("pause-webhook", if paused { w.resume } else { w.pause }, Tone::Plain)}
            {act("rotate-webhook", w.rotate, Tone::Plain)}
            {ask("remove-webhook", here, &fields, (w.remove, Tone::Danger), &url, sentence)}
        </div>
    }
}

fn change(room: RoomId, webhook: &Webhook, here: &str) -> impl IntoView + use<> {
    let (t, w) = (words(), words().webhook());
    let (id, target) = (webhook.id, webhook.target.clone());
    view! {
        <h3 class="webhook-part">{w.change}</h3>
        <CallForm call="change-webhook" from=here.to_owned() fields=&["url"] class="form">
            <input type="hidden" name="room" value=room.to_string() />
            <input type="hidden" name="webhook" value=id.to_string() />
            {fields(target)}
            <div class="row"><Submit label=t.common.save tone=Tone::Primary /></div>
        </CallForm>
    }
}

fn new_webhook(room: RoomId, here: &str) -> impl IntoView + use<> {
    let w = words().webhook();
    let target = Target { url: String::new(), events: Vec::new() };
    view! {
        <h2>{w.add}</h2>
        <CallForm call="create-webhook" from=here.to_owned() fields=&["url"] class="form">
            <input type="hidden" name="room" value=room.to_string() />
            {fields(target)}
            <div class="row"><Submit label=w.add tone=Tone::Primary /></div>
        </CallForm>
    }
}

fn fields(target: Target) -> impl IntoView {
    let (t, w) = (words(), words().webhook());
    let chosen = target.events;
    let boxes = KINDS.iter().enumerate().map(|(i, kind)| {
        let (name, checked) = (format!("events[{i}]"), chosen.iter().any(|event| event == kind));
        view! {
            <label class="webhook-event"><input type="checkbox" name=name value=*kind checked=checked /> {t.event_kind(kind)}</label>
        }
    });
    view! {
        <Field name="url" label=w.url hint=w.url_hint value=target.url required=true plain=true max=MAX_URL as u32 />
        <fieldset class="webhook-events">
            <legend>{w.events}</legend>
            <p class="field-hint">{w.events_hint}</p>
            {boxes.collect_view()}
        </fieldset>
    }
}

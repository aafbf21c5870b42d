//! `/me/notices`: on which devices one is notified, and when not. Links and forms; turning it on for
//! this device is a script's business (`public/pkg/push.js`).

use crate::calls::Frame;
use crate::calls::push::{NoticesPage as Data, load_notices};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Field;
use crate::parts::form::{CallForm, SavedNote};
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::visitor::{prefs, words};
use domain::push::{NoticeRule, Subscription, clock};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NoticesPage() -> impl IntoView {
    page(Layout::Column, load(String::new, |_| load_notices()), content)
}

fn content(data: Data, frame: Frame) -> AnyView {
    let (t, p) = (words(), words().push());
    let none = data.devices.is_empty();
    let devices = data.devices.into_iter().map(|line| device(line, frame.now)).collect_view();
    view! {
        <Title text=t.title(p.title) />
        <div class="page-head">
            <h1>{p.title}</h1>
            <a class="button" href="/me">{t.me.title}</a>
        </div>
        <p class="lead">{p.lead}</p>
        <section class="panel" data-push-key=data.key>
            <h2>{p.this_device}</h2>
            <p class="push-state" role="status">{p.needs_script}</p>
            <button type="button" class="button button-primary push-on" hidden>{p.turn_on}</button>
        </section>
        <section class="panel">
            <h2>{p.devices}</h2>
            <ReturnedProblem calls=&["end-subscription"] />
            {if none {
                view! { <p class="field-hint">{p.none}</p> }.into_any()
            } else {
                view! { <ul class="rows">{devices}</ul> }.into_any()
            }}
        </section>
        <section class="panel">
            <h2>{p.quiet}</h2>
            <p class="lead">{p.quiet_lead}</p>
            {rule(data.rule)}
        </section>
        <section class="panel push-app" hidden>
            <h2>{p.app}</h2>
            <p class="lead">{p.app_lead}</p>
            <button type="button" class="button push-install">{p.install}</button>
        </section>
    }
    .into_any()
}

fn device(line: Subscription, now: i64) -> impl IntoView {
    let (t, p) = (words(), words().push());
    let describe = format!("{}: {}", p.end, line.device);
    view! {
        <li class="row-line" data-this=line.is_this.to_string()>
            <div class="row-words">
                <p class="row-name">
                    {line.device.clone()}
                    {line.is_this.then(|| view! { " " <span class="chip chip-accent">{t.me.this_device}</span> })}
                </p>
                <p class="row-note">{p.since} " " {t.date(line.created_at, now, prefs().tz)}</p>
            </div>
            <CallForm call="end-subscription" from=paths::NOTICES class="row-form">
                <input type="hidden" name="subscription" value=line.id.to_string() />
                <Submit label=p.end tone=Tone::Quiet describe />
            </CallForm>
        </li>
    }
}

fn rule(rule: NoticeRule) -> impl IntoView {
    let (t, p) = (words(), words().push());
    let (from, to) = rule.quiet.map(|(from, to)| (clock(from), clock(to))).unwrap_or_default();
    view! {
        <CallForm call="change-notices" from=paths::NOTICES fields=&["quiet_from", "quiet_to"] class="form">
            <div class="form-line">
                <Field name="quiet_from" kind="time" label=p.from value=from plain=true />
                <Field name="quiet_to" kind="time" label=p.to value=to plain=true />
            </div>
            <label class="check">
                <input type="checkbox" name="hides" value="true" checked=rule.hides /> {p.hides} " · " {p.hides_hint}
            </label>
            <div class="row"><Submit label=t.common.save tone=Tone::Primary /> <SavedNote /></div>
        </CallForm>
    }
}

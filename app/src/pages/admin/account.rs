//! `/admin/people/<number>`: one account: role, devices, password, being kept out.

use super::people::chips;
use super::tabs;
use crate::calls::Frame;
use crate::calls::people::{Account, load_account};
use crate::parts::avatar::Avatar;
use crate::parts::button::Tone;
use crate::parts::confirm::ask;
use crate::parts::device::device_words;
use crate::parts::list::{act, made};
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::parts::time::When;
use crate::paths;
use crate::place::{use_params_map, use_query_map};
use crate::visitor::{prefs, words};
use domain::moderation::RestrictedIn;
use domain::person::{Session, SiteRole};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AccountPage() -> impl IntoView {
    let person = use_params_map().read_untracked().get("person").unwrap_or_default();
    let reset = use_query_map().read_untracked().get("reset").unwrap_or_default();
    let loaded = load(String::new, move |_| load_account(person.clone(), reset.clone()));
    page(Layout::Column, loaded, content)
}

fn content(account: Account, frame: Frame) -> AnyView {
    let t = words();
    let p = t.people();
    let (line, now) = (account.line.clone(), frame.now);
    let since = t.date(line.created_at, now, prefs().tz);
    view! {
        <Title text=t.title(&line.person.display) />
        {tabs("/admin/people")}
        <div class="page-head"><h1><bdi>{line.person.display.clone()}</bdi></h1></div>
        <section class="panel">
            <div class="me-line">
                <Avatar person=line.person.clone() />
                <div>
                    <p class="me-name"><bdi>"@" {line.person.name.clone()}</bdi> {chips(&line)}</p>
                    <p class="field-hint">
                        {p.last_seen} ": " <When at=line.seen_at now /> " · " {p.since} ": " {since}
                    </p>
                </div>
            </div>
            <ReturnedProblem calls=&["change-site-role", "disable-person", "end-session-of", "end-sessions-of", "create-reset"] />
            {account.is_me.then(|| view! { <p>{p.this_is_you}</p> })}
        </section>
        {(!account.restricted.is_empty()).then(|| restricted(&account.restricted, now))}
        {(!account.is_me).then(|| role(&account))}
        <section class="panel">{devices(&account, now)}</section>
        <section class="panel">{reset(&account)}</section>
        {(!account.is_me).then(|| keep_out(&account))}
    }
    .into_any()
}

/// Rooms that restrict them, each with the way to where that is lifted.
fn restricted(rooms: &[RestrictedIn], now: i64) -> AnyView {
    let t = words();
    let line = |RestrictedIn { room, muted_until, banned, reason }: &RestrictedIn| {
        let muted = muted_until.map(|until| t.muted_until(until, now, prefs().tz));
        let chip = |text: String| view! { <span class="chip">{text}</span> };
        let href = format!("{}/moderation#restricted", paths::room_admin(&room.slug));
        view! {
            <li class="row-line">
                <div class="row-words">
                    <p class="row-name">
                        <a href=href dir="auto">{room.title.clone()}</a> " " {banned.then(|| chip(t.moderation.banned.to_owned()))}
                        " " {muted.map(chip)}
                    </p>
                    <p class="row-note" dir="auto">{reason.clone()}</p>
                </div>
            </li>
        }
    };
    let lines = rooms.iter().map(line).collect_view();
    view! { <section class="panel"><h2>{t.people().restricted_in}</h2><ul class="rows">{lines}</ul></section> }
        .into_any()
}

/// What is done to somebody, with what it means.
fn panel(title: &'static str, lead: &'static str, form: AnyView) -> AnyView {
    view! {
        <section class="panel">
            <h2>{title}</h2>
            <p class="lead">{lead}</p>
            {form}
        </section>
    }
    .into_any()
}

fn here(account: &Account) -> String {
    format!("/admin/people/{}", account.line.person.id)
}

fn role(account: &Account) -> AnyView {
    let (t, p) = (words(), words().people());
    let (label, lead, role) = match account.line.role {
        SiteRole::Member => (p.make_admin, p.make_admin_lead, "admin"),
        SiteRole::Admin => (p.make_member, p.make_member_lead, "member"),
    };
    let fields = [("person", account.line.person.id.to_string()), ("role", role.to_owned())];
    let (here, button, whom) = (here(account), (label, Tone::Plain), &account.line.person.display);
    let form = match account.line.role {
        SiteRole::Member => act("change-site-role", &here, &fields, button, ""),
        SiteRole::Admin => ask("change-site-role", &here, &fields, button, whom, t.demotes_admin(whom)),
    };
    panel(p.role, lead, form)
}

fn keep_out(account: &Account) -> AnyView {
    let (t, p) = (words(), words().people());
    let (is_out, here, whom) = (account.line.disabled, here(account), &account.line.person.display);
    let fields = [("person", account.line.person.id.to_string()), ("disabled", (!is_out).to_string())];
    if is_out {
        return panel(p.account, p.enable_lead, act("disable-person", &here, &fields, (p.enable, Tone::Plain), ""));
    }
    let form = ask("disable-person", &here, &fields, (p.disable, Tone::Danger), whom, t.disables(whom));
    panel(p.account, p.disable_lead, form)
}

fn devices(account: &Account, now: i64) -> impl IntoView + use<> {
    let p = words().people();
    let (from, person) = (here(account), account.line.person.id);
    let none = account.sessions.is_empty();
    let many = account.sessions.len() > 1 && !account.is_me;
    let rows: Vec<AnyView> = account.sessions.iter().map(|session| device(session, person.0, &from, now)).collect();
    let all = act("end-sessions-of", &from, &[("person", person.to_string())], (p.end_all, Tone::Plain), "");
    view! {
        <h2>{p.devices}</h2>
        {none.then(|| view! { <p class="field-hint">{p.no_devices}</p> })}
        <ul class="rows">{rows}</ul>
        {many.then_some(all)}
    }
}

fn device(session: &Session, person: i64, from: &str, now: i64) -> AnyView {
    let t = words();
    let fields = [("person", person.to_string()), ("session", session.id.to_string())];
    let end = act("end-session-of", from, &fields, (t.me.end_session, Tone::Quiet), &session.device);
    view! {
        <li class="row-line">
            {device_words(session, now)}
            {(!session.is_this).then_some(end)}
        </li>
    }
    .into_any()
}

fn reset(account: &Account) -> impl IntoView + use<> {
    let p = words().people();
    let fields = [("person", account.line.person.id.to_string())];
    let form = act("create-reset", &here(account), &fields, (p.create_reset, Tone::Plain), "");
    view! {
        <h2>{p.reset}</h2>
        <p class="lead">{p.reset_lead}</p>
        {made(account.made.clone(), p.reset_made, p.reset_link)}
        {(!account.line.disabled).then_some(form)}
    }
}

//! `/admin/people?q=…`: who is here, and invitations.

use super::tabs;
use crate::browser;
use crate::calls::Frame;
use crate::calls::people::{InviteRow, PeoplePage as Data, PersonRow, load_people};
use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Field;
use crate::parts::form::{CallForm, Done};
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::visitor::{prefs, words};
use domain::person::{Registration, SiteRole};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::sync::Arc;

const HERE: &str = "/admin/people";

#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = use_query_map();
    let loaded = load(move || query.read().get("q").unwrap_or_default(), load_people);
    let again: Done = Arc::new(move || loaded.refetch());
    page(Layout::Column, loaded, move |data, frame| content(data, frame, again.clone()))
}

fn content(data: Data, frame: Frame, again: Done) -> AnyView {
    let t = words();
    let now = frame.now;
    let none = data.people.is_empty();
    let rows = data.people.into_iter().map(|row| person(row, now)).collect_view();
    view! {
        <Title text=t.title(t.admin.people_title) />
        {tabs(HERE)}
        <div class="page-head"><h1>{t.admin.people_title}</h1></div>
        <form class="search" role="search" method="get" action=HERE>
            <label class="sr" for="people-q">{t.admin.find_people}</label>
            <input id="people-q" type="search" name="q" value=data.query.clone() placeholder=t.admin.find_people />
            <button class="button">{icon::search()} {t.common.search}</button>
            {(!data.query.is_empty()).then(|| view! { <a class="button button-quiet" href=HERE>{t.common.clear}</a> })}
        </form>
        {if none {
            view! { <div class="empty"><p>{t.admin.nobody}</p></div> }.into_any()
        } else {
            view! { <ul class="rows panel">{rows}</ul> }.into_any()
        }}
        <section class="panel">{invites(data.invites, frame, again)}</section>
    }
    .into_any()
}

fn person(row: PersonRow, now: i64) -> impl IntoView {
    let t = words();
    view! {
        <li class="row-line">
            <Avatar person=row.person.clone() />
            <div class="row-words">
                <p class="row-name">
                    <bdi>{row.person.display.clone()}</bdi>
                    {(row.role == SiteRole::Admin).then(|| view! {
                        <span class="chip chip-accent">{t.me.role_admin}</span>
                    })}
                </p>
                <p class="row-note"><bdi>"@" {row.person.name.clone()}</bdi></p>
            </div>
            <p class="row-note">{t.admin.since} " " {t.date(row.created_at, now, prefs().tz)}</p>
        </li>
    }
}

fn invites(invites: Vec<InviteRow>, frame: Frame, again: Done) -> impl IntoView {
    let t = words();
    let now = frame.now;
    let state = match frame.registration {
        Registration::Open => t.admin.registration_open,
        Registration::Invited => t.admin.registration_invited,
        Registration::Closed => t.admin.registration_closed,
    };
    let none = invites.is_empty();
    let rows = invites.into_iter().map(|row| invite(row, now, again.clone())).collect_view();
    view! {
        <h2>{t.admin.invites}</h2>
        <p class="lead">{t.admin.invites_lead} " " {state}</p>
        {made_link()}
        <ReturnedProblem calls=&["remove-invite"] />
        {if none {
            view! { <p class="field-hint">{t.admin.no_invites}</p> }.into_any()
        } else {
            view! { <ul class="rows">{rows}</ul> }.into_any()
        }}
        <CallForm call="create-invite" from=HERE fields=&["uses", "days"] class="form form-line">
            <Field name="uses" kind="number" label=t.admin.invite_uses value="1" required=true />
            <Field name="days" kind="number" label=t.admin.invite_days value="7" required=true />
            <Submit label=t.admin.create_invite />
        </CallForm>
    }
}

fn invite(row: InviteRow, now: i64, again: Done) -> impl IntoView {
    let t = words();
    let until = t.valid_until(&t.date(row.expires_at, now, prefs().tz));
    let left = t.uses_left(row.uses_left);
    let describe = format!("{}: {left}", t.admin.revoke);
    view! {
        <li class="row-line">
            <div class="row-words">
                <p class="row-name">{left}</p>
                <p class="row-note">{until}</p>
            </div>
            <CallForm call="remove-invite" from=HERE class="row-form" done=again>
                <input type="hidden" name="invite" value=row.id.to_string() />
                <Submit label=t.admin.revoke tone=Tone::Quiet describe />
            </CallForm>
        </li>
    }
}

/// The new link, this once. Only its hash is kept.
fn made_link() -> Option<AnyView> {
    let t = words();
    let token = use_query_map().read_untracked().get("invite")?;
    // Nothing but what tokens are made of: the address could have been made by anybody.
    if token.is_empty() || !token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return None;
    }
    let path = format!("/register/{token}");
    let link = RwSignal::new(path.clone());
    // The origin is known to the browser only.
    Effect::new(move || link.set(format!("{}{path}", browser::origin())));
    let copied = RwSignal::new(false);
    let copy = move |_| {
        browser::copy(&link.get_untracked());
        copied.set(true);
    };
    let said = move || if copied.get() { t.common.copied } else { t.common.copy };
    let view = view! {
        <div class="made" role="status">
            <p>{t.admin.invite_made}</p>
            <div class="form-line">
                <input type="text" readonly prop:value=link value=move || link.get() aria-label=t.admin.invite_link dir="ltr" />
                <button type="button" class="button needs-script" on:click=copy>{icon::copy()} {said}</button>
            </div>
        </div>
    };
    Some(view.into_any())
}

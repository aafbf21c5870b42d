//! `/admin/people?q=…&role=…&state=…&sort=…`: who is here, and invitations to the site.

use super::tabs;
use crate::calls::Frame;
use crate::calls::people::{InviteRow, PeoplePage as Data, PersonRow, load_people};
use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::confirm::ask;
use crate::parts::field::Field;
use crate::parts::form::CallForm;
use crate::parts::list::{ListAddress, choice, head, made, pager, search_by, wide_head};
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::parts::time::When;
use crate::place::use_query_map;
use crate::visitor::{prefs, words};
use domain::person::{Registration, SiteRole};
use leptos::prelude::*;
use leptos_meta::Title;

const HERE: &str = "/admin/people";

#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let list = ListAddress::new(HERE, ["q", "role", "state", "sort", "after"].map(|key| (key, of(key))).into());
    let loaded = load(String::new, move |_| {
        load_people(of("q"), of("role"), of("state"), of("sort"), of("after"), of("invite"))
    });
    page(Layout::Column, loaded, move |data, frame| content(&list, data, frame))
}

fn content(list: &ListAddress, data: Data, frame: Frame) -> AnyView {
    let t = words();
    let p = t.people();
    let now = frame.now;
    let none = data.people.is_empty();
    let rows = data.people.into_iter().map(|row| person(row, now)).collect_view();
    let states = vec![
        ("", p.any_state),
        ("online", p.online),
        ("muted", p.muted),
        ("banned", t.moderation.banned),
        ("disabled", p.disabled),
    ];
    let filters = view! {
        {choice(list, "role", p.role, vec![("", p.everybody), ("admin", p.admins), ("member", p.members_only)])}
        {choice(list, "state", p.state, states)}
    };
    view! {
        <Title text=t.title(t.admin.people_title) />
        {tabs(HERE)}
        <div class="page-head"><h1>{t.admin.people_title}</h1></div>
        {search_by(list, t.admin.find_people, t.admin.find_people_hint, filters.into_any())}
        {if none {
            view! { <div class="empty"><p>{p.nobody_matches}</p></div> }.into_any()
        } else {
            view! {
                <table class="table panel">
                    <thead>
                        <tr>
                            {head(list, ("name", true), p.name)} {head(list, ("-seen", false), p.last_seen)}
                            {wide_head(list, "-since", p.since)}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        }}
        {pager(list, data.next)}
        <section class="panel">{invites(data.invites, data.made, &frame)}</section>
    }
    .into_any()
}

fn person(row: PersonRow, now: i64) -> impl IntoView {
    let t = words();
    let href = format!("{HERE}/{}", row.person.id);
    view! {
        <tr>
            <th scope="row">
                <span class="table-who">
                    <Avatar person=row.person.clone() />
                    <span>
                        <span class="row-name"><a href=href><bdi>{row.person.display.clone()}</bdi></a> {chips(&row)}</span>
                        <span class="row-note"><bdi>"@" {row.person.name.clone()}</bdi></span>
                    </span>
                </span>
            </th>
            <td><When at=row.seen_at now /></td>
            <td class="wide">{t.date(row.created_at, now, prefs().tz)}</td>
        </tr>
    }
}

/// What is particular about somebody.
pub(super) fn chips(row: &PersonRow) -> AnyView {
    let t = words();
    view! {
        {(row.role == SiteRole::Admin).then(|| view! { <span class="chip chip-accent">{t.me.role_admin}</span> })}
        {row.online.then(|| view! { <span class="chip">{t.people().online}</span> })}
        {row.disabled.then(|| view! { <span class="chip">{t.people().disabled}</span> })}
    }
    .into_any()
}

fn invites(invites: Vec<InviteRow>, link: Option<String>, frame: &Frame) -> impl IntoView + use<> {
    let t = words();
    let now = frame.now;
    let state = match frame.registration {
        Registration::Open => t.admin.registration_open,
        Registration::Invited => t.admin.registration_invited,
        Registration::Closed => t.admin.registration_closed,
    };
    let none = invites.is_empty();
    let rows = invites
        .into_iter()
        .map(|row| invite_line(&row, now, ("remove-invite", HERE), &[("invite", row.id.to_string())]));
    let rows = rows.collect_view();
    view! {
        <h2>{t.admin.invites}</h2>
        <p class="lead">{t.admin.invites_lead} " " {state}</p>
        {made(link, t.admin.invite_made, t.admin.invite_link)}
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

/// A link that still opens, and the call that revokes it from a page.
pub(super) fn invite_line(
    row: &InviteRow,
    now: i64,
    (call, from): (&'static str, &str),
    fields: &[(&'static str, String)],
) -> AnyView {
    let t = words();
    let until = match row.expires_at {
        Some(at) => t.valid_until(&t.date(at, now, prefs().tz)),
        None => t.people().never_ends.to_owned(),
    };
    let by = row.by.as_ref().map(|by| format!(" · {}", t.by(&by.display)));
    let uses = t.uses_left(row.uses_left);
    let sentence = t.revokes(&format!("{uses}, {until}"));
    view! {
        <li class="row-line">
            <div class="row-words">
                <p class="row-name">{uses}</p>
                <p class="row-note">{until} <bdi>{by}</bdi></p>
            </div>
            {ask(call, from, fields, (t.admin.revoke, Tone::Quiet), "", sentence)}
        </li>
    }
    .into_any()
}

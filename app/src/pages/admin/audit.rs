//! `/admin/audit` and `/admin/rooms/<slug>/audit`: who did what to whom, newest first.

use super::tabs;
use crate::calls::Frame;
use crate::calls::audit::{RoomAudit, load_audit, load_room_audit};
use crate::parts::icon;
use crate::parts::list::{ListAddress, choice, filter, head, pager};
use crate::parts::page::{Layout, load, page};
use crate::paths;
use crate::place::{Named, use_params_map, use_query_map};
use crate::visitor::{prefs, words};
use domain::audit::{Act, AuditLine, AuditPage as Trail};
use domain::person::Person;
use domain::time::iso;
use leptos::prelude::*;
use leptos_meta::Title;

const HERE: &str = "/admin/audit";

/// The list as the address says it; `with_room` if rooms can be told apart in it.
fn address(here: String, query: &Named, with_room: bool) -> ListAddress {
    let keys = [with_room.then_some("room"), Some("person"), Some("act"), Some("sort"), Some("after")];
    let pairs = keys.into_iter().flatten().map(|key| (key, query.get(key).unwrap_or_default()));
    ListAddress::new(here, pairs.collect())
}

#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let list = address(HERE.to_owned(), &query, true);
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let loaded = load(String::new, move |_| {
        load_audit(of("room"), of("person"), of("act"), of("sort"), of("after").parse().ok())
    });
    page(Layout::Column, loaded, move |trail, frame| site(&list, trail, &frame))
}

#[component]
pub fn RoomAuditPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    let list = address(format!("{}/audit", paths::room_admin(&slug)), &query, false);
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let loaded = load(String::new, move |_| {
        load_room_audit(slug.clone(), of("person"), of("act"), of("sort"), of("after").parse().ok())
    });
    page(Layout::Column, loaded, move |data, frame| of_room(&list, data, &frame))
}

fn site(list: &ListAddress, trail: Trail, frame: &Frame) -> AnyView {
    let t = words();
    view! {
        <Title text=t.title(t.audit.title) />
        {tabs(HERE)}
        <div class="page-head"><h1>{t.audit.title}</h1></div>
        <p class="lead">{t.audit.lead}</p>
        {form(list, true)}
        {lines(list, trail, frame.now, true)}
    }
    .into_any()
}

fn of_room(list: &ListAddress, RoomAudit { room, page }: RoomAudit, frame: &Frame) -> AnyView {
    let t = words();
    view! {
        <Title text=t.title(&format!("{} · {}", t.audit.title, room.title)) />
        {frame.is_admin().then(|| tabs("/admin/rooms"))}
        <div class="page-head">
            <h1 dir="auto">{room.title.clone()} " · " {t.audit.title}</h1>
            <a class="button" href=paths::room_admin(&room.slug)>{icon::settings()} {t.room.settings}</a>
        </div>
        <p class="lead">{t.audit.room_lead}</p>
        {form(list, false)}
        {lines(list, page, frame.now, false)}
    }
    .into_any()
}

fn form(list: &ListAddress, with_room: bool) -> impl IntoView + use<> {
    let t = words();
    let field = |name: &'static str, label: &'static str| {
        let value = list.value(name).to_owned();
        view! { <input type="search" name=name value=value placeholder=label aria-label=label autocomplete="off" /> }
    };
    let mut acts = vec![("", t.audit.every_act)];
    acts.extend(Act::ALL.iter().map(|act| (act.as_str(), t.act(*act))));
    let fields = view! {
        {with_room.then(|| field("room", t.audit.room))}
        {field("person", t.audit.person)}
        {choice(list, "act", t.audit.act, acts)}
    };
    filter(list, fields.into_any())
}

fn lines(list: &ListAddress, trail: Trail, now: i64, with_room: bool) -> AnyView {
    let t = words();
    if trail.lines.is_empty() {
        let nothing = if list.is_filtered() { t.audit.no_match } else { t.audit.nothing };
        return view! { <div class="empty"><p>{nothing}</p></div> }.into_any();
    }
    let next = trail.lines.last().filter(|_| trail.has_more).map(|last| last.id.to_string());
    let rows = trail.lines.into_iter().map(|line| row(line, now, with_room)).collect_view();
    view! {
        <table class="table panel audit">
            <thead>
                <tr>
                    <th scope="col">{t.audit.act}</th> {head(list, ("-at", true), t.audit.when)}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {pager(list, next)}
    }
    .into_any()
}

fn row(line: AuditLine, now: i64, with_room: bool) -> impl IntoView {
    let t = words();
    let tz = prefs().tz;
    let detail = t.audit_detail(&line, tz);
    let by = line.by.map(name).unwrap_or_else(|| t.audit.command_line.into_any());
    let room = line.room.filter(|_| with_room).map(|room| {
        view! { <a href=paths::room_admin(&room.slug) dir="auto">{room.title}</a> " " }
    });
    let thing = line.thing.map(|thing| format!("#{thing} "));
    view! {
        <tr>
            <th scope="row">
                <span class="row-name">{by} <span class="chip">{t.act(line.act)}</span> {line.person.map(name)}</span>
                <span class="row-note">{room} {thing} <bdi>{detail}</bdi></span>
            </th>
            <td>
                <time datetime=iso(line.at) title=t.moment(line.at, tz)>
                    {t.date(line.at, now, tz)} " " {t.clock(line.at, tz)}
                </time>
            </td>
        </tr>
    }
}

fn name(person: Person) -> AnyView {
    view! { <bdi title=format!("@{}", person.name)>{person.display}</bdi> " " }.into_any()
}

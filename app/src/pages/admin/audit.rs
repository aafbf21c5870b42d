//! `/admin/audit` and `/admin/rooms/<slug>/audit`: who did what to whom, newest first. Filters
//! are a form that asks for the same page, and so is every step further back.

use super::tabs;
use crate::calls::Frame;
use crate::calls::audit::{RoomAudit, load_audit, load_room_audit};
use crate::parts::icon;
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

/// What the form asks for.
#[derive(Clone, Default)]
struct Filter {
    room: String,
    person: String,
    act: String,
    before: Option<i64>,
}

impl Filter {
    fn of_address() -> Self {
        Self::of(&use_query_map().read_untracked())
    }

    fn of(query: &Named) -> Self {
        let field = |name: &str| query.get(name).unwrap_or_default();
        Self { room: field("room"), person: field("person"), act: field("act"), before: field("before").parse().ok() }
    }

    fn is_empty(&self) -> bool {
        self.room.is_empty() && self.person.is_empty() && self.act.is_empty()
    }

    fn further_back(&self, base: &str, before: i64) -> String {
        let [room, person, act] = [&self.room, &self.person, &self.act].map(|field| paths::encode(field));
        format!("{base}?room={room}&person={person}&act={act}&before={before}")
    }
}

#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let loaded = load(String::new, move |_| {
        let Filter { room, person, act, before } = Filter::of(&query.read_untracked());
        load_audit(room, person, act, before)
    });
    page(Layout::Column, loaded, site)
}

#[component]
pub fn RoomAuditPage() -> impl IntoView {
    let (query, params) = (use_query_map(), use_params_map());
    let loaded = load(String::new, move |_| {
        let Filter { person, act, before, .. } = Filter::of(&query.read_untracked());
        load_room_audit(params.read_untracked().get("slug").unwrap_or_default(), person, act, before)
    });
    page(Layout::Column, loaded, of_room)
}

fn site(trail: Trail, frame: Frame) -> AnyView {
    let t = words();
    let filter = Filter::of_address();
    view! {
        <Title text=t.title(t.audit.title) />
        {tabs(HERE)}
        <div class="page-head"><h1>{t.audit.title}</h1></div>
        <p class="lead">{t.audit.lead}</p>
        {form(HERE.to_owned(), &filter, true)}
        {list(trail, &filter, HERE, frame.now, true)}
    }
    .into_any()
}

fn of_room(RoomAudit { room, page }: RoomAudit, frame: Frame) -> AnyView {
    let t = words();
    let filter = Filter::of_address();
    let here = format!("{}/audit", paths::room_admin(&room.slug));
    view! {
        <Title text=t.title(&format!("{} · {}", t.audit.title, room.title)) />
        {frame.is_admin().then(|| tabs("/admin/rooms"))}
        <div class="page-head">
            <h1 dir="auto">{room.title.clone()} " · " {t.audit.title}</h1>
            <a class="button" href=paths::room_admin(&room.slug)>{icon::settings()} {t.room.settings}</a>
        </div>
        <p class="lead">{t.audit.room_lead}</p>
        {form(here.clone(), &filter, false)}
        {list(page, &filter, &here, frame.now, false)}
    }
    .into_any()
}

fn form(here: String, filter: &Filter, with_room: bool) -> impl IntoView + use<> {
    let t = words();
    let field = |name: &'static str, label: &'static str, value: String| {
        view! { <input type="search" name=name value=value placeholder=label aria-label=label autocomplete="off" /> }
    };
    let chosen = filter.act.clone();
    let acts = Act::ALL.iter().map(|act| {
        let word = act.as_str();
        view! { <option value=word selected=word == chosen>{t.act(*act)}</option> }
    });
    let clear = (!filter.is_empty()).then(|| {
        let href = here.clone();
        view! { <a class="button button-quiet" href=href>{t.common.clear}</a> }
    });
    view! {
        <form class="search" role="search" method="get" action=here>
            {with_room.then(|| field("room", t.audit.room, filter.room.clone()))}
            {field("person", t.audit.person, filter.person.clone())}
            <select name="act" aria-label=t.audit.act>
                <option value="">{t.audit.every_act}</option>
                {acts.collect_view()}
            </select>
            <button class="button">{icon::search()} {t.common.search}</button>
            {clear}
        </form>
    }
}

fn list(trail: Trail, filter: &Filter, here: &str, now: i64, with_room: bool) -> AnyView {
    let t = words();
    if trail.lines.is_empty() {
        let nothing = if filter.is_empty() { t.audit.nothing } else { t.audit.no_match };
        return view! { <div class="empty"><p>{nothing}</p></div> }.into_any();
    }
    let older = trail.lines.last().filter(|_| trail.has_more).map(|last| filter.further_back(here, last.id));
    let newest = filter.before.map(|_| Filter { before: None, ..filter.clone() });
    let newest = newest.map(|filter| filter.further_back(here, i64::MAX));
    let rows = trail.lines.into_iter().map(|line| row(line, now, with_room)).collect_view();
    view! {
        <ul class="rows panel audit">{rows}</ul>
        <nav class="row" aria-label=t.audit.pages>
            {newest.map(|href| view! { <a class="button button-quiet" href=href>{t.audit.newest}</a> })}
            {older.map(|href| view! { <a class="button" rel="next" href=href>{t.audit.older}</a> })}
        </nav>
    }
    .into_any()
}

fn row(line: AuditLine, now: i64, with_room: bool) -> impl IntoView {
    let t = words();
    let tz = prefs().tz;
    let by = line.by.map(name).unwrap_or_else(|| t.audit.command_line.into_any());
    let room = line.room.filter(|_| with_room).map(|room| {
        view! { <a href=paths::room_admin(&room.slug) dir="auto">{room.title}</a> " " }
    });
    let thing = line.thing.map(|thing| format!("#{thing} "));
    view! {
        <li class="row-line">
            <div class="row-words">
                <p class="row-name">
                    {by} <span class="chip">{t.act(line.act)}</span> {line.person.map(name)}
                </p>
                <p class="row-note">{room} {thing} <bdi>{line.detail}</bdi></p>
            </div>
            <p class="row-note">
                <time datetime=iso(line.at) title=t.moment(line.at, tz)>
                    {t.date(line.at, now, tz)} " " {t.clock(line.at, tz)}
                </time>
            </p>
        </li>
    }
}

fn name(person: Person) -> AnyView {
    view! { <bdi title=format!("@{}", person.name)>{person.display}</bdi> " " }.into_any()
}

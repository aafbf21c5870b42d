//! `/admin/settings?q=…&room=…`: every setting by what it is called and what follows from it, with the
//! way to its field. Links and forms alone.

use super::tabs;
use crate::calls::Frame;
use crate::calls::settings::{Part, Setting, SettingsPage as Data, load_settings};
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::paths;
use crate::place::use_query_map;
use crate::visitor::words;
use leptos::prelude::*;
use leptos_meta::Title;

const HERE: &str = "/admin/settings";

#[component]
pub fn SettingsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let asked = of("q");
    let loaded = load(String::new, move |_| load_settings(of("q"), of("room")));
    page(Layout::Column, loaded, move |data, frame| content(&asked, data, &frame))
}

fn content(asked: &str, data: Data, frame: &Frame) -> AnyView {
    let t = words();
    let s = t.settings();
    let part = |part: Part| data.found.iter().filter(|one| one.part == part).cloned().collect::<Vec<_>>();
    let room = data.rooms.iter().find(|(slug, _)| Some(slug) == data.room.as_ref()).map(|(_, title)| title.clone());
    let back = data.room.as_ref().filter(|_| !frame.is_admin()).map(|slug| {
        view! { <a class="button" href=paths::room_admin(slug)>{icon::settings()} {t.room.settings}</a> }
    });
    view! {
        <Title text=t.title(s.title) />
        {frame.is_admin().then(|| tabs(HERE))}
        <div class="page-head"><h1>{s.title}</h1> {back}</div>
        <p class="lead">{s.lead}</p>
        {form(asked, &data)}
        {data.found.is_empty().then(|| view! { <div class="empty"><p>{s.nothing}</p></div> })}
        {section(s.of_room, room, part(Part::Room))}
        {section(s.of_site, None, part(Part::Site))}
        {section(s.of_server, Some(s.server_lead.to_owned()), part(Part::Server))}
    }
    .into_any()
}

fn form(asked: &str, data: &Data) -> impl IntoView + use<> {
    let t = words();
    let s = t.settings();
    let (asked, chosen) = (asked.to_owned(), data.room.clone().unwrap_or_default());
    let clear = (!asked.is_empty()).then(|| format!("{HERE}?room={}", paths::encode(&chosen)));
    let options = data.rooms.iter().map(|(slug, title)| {
        let is_it = *slug == chosen;
        view! { <option value=slug.clone() selected=is_it>{title.clone()}</option> }
    });
    let options = options.collect_view();
    view! {
        <form class="search" role="search" method="get" action=HERE>
            <label class="sr" for="q">{s.find}</label>
            <input id="q" type="search" name="q" value=asked placeholder=s.find maxlength="80" autofocus autocomplete="off" />
            <select name="room" aria-label=s.room>{options}</select>
            <button class="button">{icon::search()} {t.common.search}</button>
            {clear.map(|href| view! { <a class="button button-quiet" href=href>{t.common.clear}</a> })}
        </form>
    }
}

fn section(title: &'static str, lead: Option<String>, found: Vec<Setting>) -> Option<AnyView> {
    if found.is_empty() {
        return None;
    }
    let rows = found.into_iter().map(row).collect_view();
    let view = view! {
        <section class="panel">
            <h2>{title}</h2>
            <p class="lead" dir="auto">{lead}</p>
            <ul class="rows">{rows}</ul>
        </section>
    };
    Some(view.into_any())
}

fn row(setting: Setting) -> impl IntoView {
    let t = words();
    let s = t.settings();
    let Setting { name, hint, value, is_usual, href, part } = setting;
    let mark = is_usual.map(|is_usual| match is_usual {
        true => view! { <span class="chip">{t.common.usual}</span> }.into_any(),
        false => view! { <span class="chip chip-accent">{s.changed}</span> }.into_any(),
    });
    let now = match value {
        None if part == Part::Server => Some(s.secret.to_owned()),
        value => value.filter(|value| !value.is_empty()),
    };
    let name = match href {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <bdi class="setting-flag" dir="ltr">{name}</bdi> }.into_any(),
    };
    view! {
        <li class="row-line">
            <div class="row-words">
                <p class="row-name">{name} " " {mark}</p>
                <p>{hint}</p>
                {now.map(|now| view! { <p class="row-note">{s.now} " " <bdi>{now}</bdi></p> })}
            </div>
        </li>
    }
}

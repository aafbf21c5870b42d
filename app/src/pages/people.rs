//! `/people?q=…`: who is here, for those who are signed in, and the way to a private chat with them.
//! Links and forms alone.

use crate::calls::Frame;
use crate::calls::contacts::{Directory, load_directory};
use crate::parts::avatar::Avatar;
use crate::parts::button::Tone;
use crate::parts::list::{ListAddress, act, pager, search};
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::place::use_query_map;
use crate::visitor::{prefs, words};
use domain::contact::{PersonCard, Presence, slug_with};
use domain::person::Person;
use leptos::prelude::*;
use leptos_meta::Title;

const HERE: &str = "/people";

#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let list = ListAddress::new(HERE, ["q", "after"].map(|key| (key, of(key))).into());
    let loaded = load(String::new, move |_| load_directory(of("q"), of("after")));
    page(Layout::Column, loaded, move |data, frame| content(&list, data, &frame))
}

fn content(list: &ListAddress, data: Directory, frame: &Frame) -> AnyView {
    let t = words();
    let p = t.private();
    let none = data.people.is_empty();
    let nobody = if list.is_filtered() { t.people().nobody_matches } else { p.nobody };
    let me = frame.me.as_ref().map(|me| me.person.id);
    let here = list.href();
    let rows = data.people.into_iter().map(|card| {
        let is_me = Some(card.person.id) == me;
        row(card, is_me, &here, frame.now)
    });
    let rows = rows.collect_view();
    view! {
        <Title text=t.title(p.title) />
        <div class="page-head">
            <h1>{p.title}</h1>
            <a class="button" href="/me/privacy">{p.privacy}</a>
        </div>
        <ReturnedProblem calls=&["start-private"] />
        {search(list, p.find, ().into_any())}
        {if none {
            view! { <div class="empty"><p>{nobody}</p></div> }.into_any()
        } else {
            view! { <ul class="rows panel">{rows}</ul> }.into_any()
        }}
        {pager(list, data.next)}
    }
    .into_any()
}

fn row(card: PersonCard, is_me: bool, here: &str, now: i64) -> AnyView {
    let t = words();
    let PersonCard { person, presence } = card;
    let chat = start(&person, here, Tone::Plain);
    view! {
        <li class="row-line">
            <Avatar person=person.clone() />
            <div class="row-words">
                <p class="row-name">
                    <a href=paths::person(&person.name)><bdi>{person.display.clone()}</bdi></a>
                    {is_me.then(|| view! { <span class="chip">{t.room.you}</span> })}
                </p>
                <p class="row-note"><bdi>"@" {person.name.clone()}</bdi> {state(presence, now)}</p>
            </div>
            {(!is_me).then_some(chat)}
        </li>
    }
    .into_any()
}

/// Whether they are here, as far as it is known.
fn state(presence: Presence, now: i64) -> Option<AnyView> {
    let shown = words().presence(presence, now, prefs().tz);
    let dot = (presence == Presence::Online).then(|| view! { <span class="dot" aria-hidden="true"></span> });
    (presence != Presence::Hidden).then(|| view! { " · " {dot} {shown} }.into_any())
}

fn start(person: &Person, from: &str, tone: Tone) -> AnyView {
    act("start-private", from, &[("name", person.name.clone())], (words().private().chat, tone), &person.display)
}

/// On somebody's page: whether they are here, and what one can do about it.
pub fn about(person: &Person, presence: Presence, blocked: bool, now: i64) -> AnyView {
    let t = words();
    let p = t.private();
    let here = paths::person(&person.name);
    let chat = start(person, &here, Tone::Primary);
    view! {
        <section class="panel">
            <p class="field-hint">
                {t.presence(presence, now, prefs().tz)} {blocked.then(|| view! { <span class="chip">{p.blocked}</span> })}
            </p>
            <ReturnedProblem calls=&["start-private", "block-person", "unblock-person"] />
            {(!blocked).then_some(chat)}
        </section>
        {keep_off(person, blocked, &here)}
    }
    .into_any()
}

fn keep_off(person: &Person, blocked: bool, here: &str) -> AnyView {
    let p = words().private();
    let (call, label, lead, tone) = match blocked {
        false => ("block-person", p.block, p.block_lead, Tone::Danger),
        true => ("unblock-person", p.unblock, p.unblock_lead, Tone::Plain),
    };
    let report = format!("/report/{}", slug_with(&person.name));
    view! {
        <section class="panel">
            <h2>{label}</h2>
            <p class="lead">{lead}</p>
            <div class="row">
                {act(call, here, &[("person", person.id.to_string())], (label, tone), "")}
                <a class="button button-quiet" href=report>{p.report}</a>
            </div>
        </section>
    }
    .into_any()
}

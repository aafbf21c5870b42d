//! `/people/<name>`: what somebody tells of themselves, and the way to a private chat with them.
//! Links and forms alone.

use crate::calls::Frame;
use crate::calls::identity::{ProfilePage as Data, load_profile};
use crate::parts::avatar::Avatar;
use crate::parts::page::{Layout, load, page};
use crate::place::use_params_map;
use crate::visitor::{prefs, words};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ProfilePage() -> impl IntoView {
    let params = use_params_map();
    let loaded = load(move || params.read().get("name").unwrap_or_default(), load_profile);
    page(Layout::Column, loaded, content)
}

fn content(data: Data, frame: Frame) -> AnyView {
    let (t, i) = (words(), words().identity());
    let Data { person, about, since, is_me, presence, blocked } = data;
    let contact = (!is_me).then(|| super::people::about(&person, presence, blocked, frame.now));
    let since = format!("{} {}", i.since, t.date(since, frame.now, prefs().tz));
    view! {
        <Title text=t.title(&person.display) />
        <section class="panel">
            <div class="me-line">
                <Avatar person=person.clone() />
                <div>
                    <h1 class="me-name">
                        <bdi>{person.display}</bdi> {is_me.then(|| view! { <span class="chip">{i.this_is_you}</span> })}
                    </h1>
                    <p class="field-hint"><bdi>"@" {person.name}</bdi> " · " {since}</p>
                </div>
            </div>
            {(!about.is_empty()).then(|| view! { <p dir="auto">{about}</p> })}
            {is_me.then(|| view! { <p><a class="button" href="/me">{i.edit}</a></p> })}
        </section>
        {contact}
    }
    .into_any()
}

//! `/r/<room>/kiosks`: links for projectors that show the wall by themselves. Links and forms
//! alone.

use crate::calls::Frame;
use crate::calls::kiosks::{KiosksPage as Data, load_kiosks};
use crate::parts::button::{Submit, Tone};
use crate::parts::confirm::ask;
use crate::parts::field::{Choice, Field};
use crate::parts::form::CallForm;
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::place::{use_params_map, use_query_map};
use crate::text::kiosk::Words;
use crate::visitor::{prefs, words};
use domain::RoomId;
use domain::kiosk::{Fit, Kiosk, Sequence};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn KiosksPage() -> impl IntoView {
    let params = use_params_map();
    let loaded = load(move || params.read().get("slug").unwrap_or_default(), load_kiosks);
    page(Layout::Column, loaded, content)
}

fn content(data: Data, frame: Frame) -> AnyView {
    let (t, k) = (words(), words().kiosk());
    let Data { room, kiosks, origin } = data;
    let from = paths::kiosks(&room.slug);
    let none = kiosks.is_empty();
    let lines = kiosks.into_iter().map(|kiosk| line(room.id, kiosk, &from, frame.now)).collect_view();
    view! {
        <Title text=t.title(k.title) />
        <div class="page-head">
            <h1>{k.title}</h1>
            <a class="button" href=paths::pictures(&room.slug)>{icon::picture()} {t.room.manage_pictures}</a>
        </div>
        <p class="lead"><bdi>{room.title.clone()}</bdi> " · " {k.lead}</p>
        <section class="panel">
            <h2>{k.links}</h2>
            {made(&origin)}
            <ReturnedProblem calls=&["remove-kiosk"] />
            {if none {
                view! { <p class="field-hint">{k.none}</p> }.into_any()
            } else {
                view! { <ul class="rows">{lines}</ul> }.into_any()
            }}
        </section>
        <section class="panel">
            <h2>{k.create}</h2>
            {new_link(room.id, &from)}
        </section>
    }
    .into_any()
}

fn line(room: RoomId, kiosk: Kiosk, from: &str, now: i64) -> impl IntoView + use<> {
    let (t, k) = (words(), words().kiosk());
    let Kiosk { id, rule, created_at, by } = kiosk;
    let by = by.map(|by| view! { " · " <bdi>{t.made_by(&by.display)}</bdi> });
    let name = if rule.name.is_empty() { k.unnamed.to_owned() } else { rule.name.clone() };
    let sequence = match rule.sequence {
        Sequence::Wall => k.wall,
        Sequence::Shuffle => k.shuffle,
    };
    let fit = match rule.fit {
        Fit::Whole => k.whole,
        Fit::Fill => k.fill,
    };
    let about = [t.every_seconds(rule.seconds), sequence.to_owned(), fit.to_owned()].join(" · ");
    let fields = [("room", room.to_string()), ("kiosk", id.to_string())];
    let revoke = ask("remove-kiosk", from, &fields, (t.admin.revoke, Tone::Quiet), &name, t.revokes(&name));
    view! {
        <li class="row-line">
            <div class="row-words">
                <p class="row-name" dir="auto">{name}</p>
                <p class="row-note">{about}</p>
                <p class="row-note">{k.created} " " {t.date(created_at, now, prefs().tz)} {by}</p>
            </div>
            {revoke}
        </li>
    }
}

fn new_link(room: RoomId, from: &str) -> impl IntoView + use<> {
    let k: &Words = words().kiosk();
    view! {
        <CallForm call="create-kiosk" from=from.to_owned() fields=&["name", "seconds"] class="form">
            <input type="hidden" name="room" value=room.to_string() />
            <Field name="name" label=k.name hint=k.name_hint max=60 />
            <Field name="seconds" kind="number" label=k.seconds hint=k.seconds_hint value="8" required=true />
            <fieldset class="choices">
                <legend>{k.sequence}</legend>
                <Choice name="sequence" value="wall" label=k.wall hint=k.wall_hint checked=true />
                <Choice name="sequence" value="shuffle" label=k.shuffle hint=k.shuffle_hint checked=false />
            </fieldset>
            <fieldset class="choices">
                <legend>{k.fit}</legend>
                <Choice name="fit" value="whole" label=k.whole hint=k.whole_hint checked=true />
                <Choice name="fit" value="fill" label=k.fill hint=k.fill_hint checked=false />
            </fieldset>
            <label class="check"><input type="checkbox" name="code" value="1" checked /> {k.code}</label>
            <div class="row"><Submit label=k.create tone=Tone::Primary /></div>
        </CallForm>
    }
}

/// The new link, this once. Only its hash is kept.
fn made(origin: &str) -> Option<impl IntoView + use<>> {
    let k = words().kiosk();
    let token = use_query_map().read_untracked().get("made")?;
    // Nothing but what tokens are made of: the address could have been made by anybody.
    if token.is_empty() || !token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return None;
    }
    let path = format!("/wall/{token}");
    Some(view! {
        <div class="made" role="status">
            <p>{k.made}</p>
            <div class="form-line">
                <input type="text" readonly value=format!("{origin}{path}") aria-label=k.link dir="ltr" />
                <a class="button" href=path target="_blank" rel="external">{k.show}</a>
            </div>
        </div>
    })
}

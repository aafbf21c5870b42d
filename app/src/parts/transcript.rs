//! The conversation: opens at its end, keeps what is being read in its place.
//!
//! The scroller lays its one child out from the bottom (`column-reverse`), so that the end
//! is shown without a script and history that is put in front moves nothing.

use super::button::{Submit, Tone};
use super::form::CallForm;
use super::icon;
use super::message::LineView;
use crate::browser;
use crate::live::link::Banner;
use crate::live::{Live, Loading};
use crate::paths;
use crate::visitor::words;
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

#[component]
pub fn Transcript(live: Live, slug: String, may_write: bool) -> impl IntoView {
    let t = words();
    let scroller = NodeRef::<html::Div>::new();
    let list = NodeRef::<html::Ol>::new();
    #[cfg(feature = "hydrate")]
    super::scroll::attend(live, scroller, list);
    super::player::load_script("viewer");
    let label = move || live.room.with(|room| room.title.clone());
    let loads = move || live.talk.with(|talk| talk.loading == Loading::Earlier);
    view! {
        <div class="scroller" node_ref=scroller tabindex="0" role="region" aria-label=t.room.chat>
            <div
                class="talk-log"
                role="log"
                aria-relevant="additions"
                aria-label=label
                aria-live=move || if loads() { "off" } else { "polite" }
                aria-busy=move || loads().then_some("true")
            >
                {beginning(live, slug.clone(), may_write)}
                <ol class="lines" node_ref=list>
                    <For each=move || live.rows.get() key=|row| row.key.clone() let:row>
                        <LineView line=row.line live />
                    </For>
                </ol>
                {latest(live, slug.clone())}
                {(browser::MEMBER && live.has_unread()).then(|| mark_read(live, &slug))}
            </div>
        </div>
        <Pills live scroller list />
    }
}

/// Above the first line: the way further back, or the beginning of the room.
fn beginning(live: Live, slug: String, may_write: bool) -> impl IntoView {
    let t = words();
    let earlier = Memo::new(move |_| live.talk.with(|talk| talk.earlier));
    let load = move |event: MouseEvent| {
        event.prevent_default();
        live.load_earlier();
    };
    move || match earlier.get() {
        Some(before) => {
            let href = format!("{}?before={before}", paths::room(&slug));
            let note = move || live.talk.with(|talk| (talk.loading == Loading::Failed).then_some(t.room.load_failed));
            view! {
                <p class="talk-edge">
                    {note}
                    <a class="button button-quiet" href=href on:click=load>{t.room.earlier}</a>
                </p>
                <form class="talk-day" method="get" action=paths::on_day(&slug)>
                    <input type="date" name="day" required aria-label=t.room.day />
                    <button class="button button-quiet">{t.room.go_to_day}</button>
                </form>
            }
            .into_any()
        }
        None => began(live, may_write),
    }
}

fn began(live: Live, may_write: bool) -> AnyView {
    let t = words();
    let line = move || {
        let (title, at) = live.room.with(|room| (room.title.clone(), room.created_at));
        t.room_began(&title, &t.date(at, live.now.get(), live.tz))
    };
    let is_over = move || live.banner.with(|banner| matches!(banner, Banner::Ended(_)));
    let nothing = Memo::new(move |_| live.rows.with(Vec::is_empty) && !is_over());
    let invitation = if may_write { t.room.empty_talk } else { t.room.empty_talk_guest };
    view! {
        <div class="talk-edge">
            <p dir="auto">{line}</p>
            {move || nothing.get().then(|| view! { <p class="talk-empty">{invitation}</p> })}
        </div>
    }
    .into_any()
}

/// Below an earlier part of the history: the way on, and the way back to the end.
fn latest(live: Live, slug: String) -> impl IntoView {
    let t = words();
    let later = Memo::new(move |_| live.talk.with(|talk| talk.later));
    let load = move |event: MouseEvent| {
        event.prevent_default();
        live.load_later();
    };
    let jump = move |event: MouseEvent| {
        event.prevent_default();
        live.show_latest(move || live.to_end.update(|n| *n += 1));
    };
    move || {
        later.get().map(|last| {
            let (later, end) = (paths::later(&slug, last), paths::room_end(&slug));
            view! {
                <p class="talk-edge">
                    <a class="button button-quiet" href=later on:click=load>{t.room.later}</a>
                    <a class="button button-quiet" href=end on:click=jump>{t.room.back_to_latest}</a>
                </p>
            }
        })
    }
}

/// A page without scripts does not say what was looked at.
fn mark_read(live: Live, slug: &str) -> AnyView {
    view! {
        <CallForm call="mark-room" from=paths::room(slug) class="talk-edge without-script">
            <input type="hidden" name="room" value=live.id.to_string() />
            <Submit label=words().rooms.mark_read tone=Tone::Quiet />
        </CallForm>
    }
    .into_any()
}

/// What floats over the lines: the ways to what is unread above, and to what is new below.
#[component]
fn Pills(live: Live, scroller: NodeRef<html::Div>, list: NodeRef<html::Ol>) -> impl IntoView {
    let t = words();
    let away = RwSignal::new(false);
    let unread_above = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    super::scroll::watch_edges(live, scroller, list, away, unread_above);
    let fresh = Memo::new(move |_| live.talk.with(|talk| talk.fresh));
    let down = move |_| live.show_latest(move || live.to_end.update(|n| *n += 1));
    let up = move |_| {
        #[cfg(feature = "hydrate")]
        super::scroll::show_unread(list);
    };
    // Without scripts there is nothing to float over.
    let _ = (scroller, list);
    let label = move || match fresh.get() {
        0 => t.room.jump_latest.to_owned(),
        n => t.n_new_messages(n),
    };
    view! {
        <div class="pills" role="status">
            {move || unread_above.get().then(|| view! {
                <button type="button" class="pill pill-up" on:click=up>{icon::arrow_up()} {t.room.jump_unread}</button>
            })}
            {move || away.get().then(|| view! {
                <button type="button" class="pill" class:pill-new=move || { fresh.get() > 0 } on:click=down>
                    {icon::arrow_down()} {label}
                </button>
            })}
        </div>
    }
}

//! `/`: the rooms that the visitor may see.

use crate::calls::Frame;
use crate::calls::rooms::load_rooms;
use crate::parts::button::{Submit, Tone};
use crate::parts::form::{CallForm, Done};
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::room_card::RoomCard;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::room::RoomLine;
use domain::unread::Level;
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

#[component]
pub fn RoomsPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_rooms());
    let again: Done = Arc::new(move || loaded.refetch());
    page(Layout::Column, loaded, move |rooms, frame| content(rooms, frame, again.clone()))
}

fn content(rooms: Vec<RoomLine>, frame: Frame, again: Done) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::parts::meta::site();
    let t = words();
    let admin = frame.is_admin();
    let guest = frame.me.is_none();
    let now = frame.now;
    let nothing = rooms.is_empty();
    let any_unread = rooms.iter().any(|line| line.unread > 0);
    let (hidden, rooms): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|line| line.level == Level::Hidden);
    let (archived, current): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|line| line.room.archived);
    let (chats, current): (Vec<_>, Vec<_>) = current.into_iter().partition(|line| line.room.is_direct());
    view! {
        <Title text=t.title(t.rooms.title) />
        <div class="page-head">
            <h1>{t.rooms.title}</h1>
            // An empty list has the button in its place.
            <div class="row">
                {any_unread.then(mark_all)}
                {(admin && !nothing).then(|| new_room("button"))}
            </div>
        </div>
        {was_marked().then(undo)}
        {guest.then(|| view! { <p class="lead">{t.rooms.guests_hint}</p> })}
        {nothing.then(|| empty(admin))}
        {(!guest).then(|| view! {
            <div class="page-head chats-head">
                <h2 class="section-head">{t.rooms.chats}</h2>
                <a class="button" href="/people">{icon::people()} {t.rooms.find_people}</a>
            </div>
            {list(chats, now, &again)}
            <h2 class="section-head">{t.rooms.title}</h2>
        })}
        {(!current.is_empty()).then(|| list(current, now, &again))}
        {(!archived.is_empty()).then(|| view! {
            <h2 class="section-head">{t.rooms.archived_rooms}</h2>
            {list(archived, now, &again)}
        })}
        {(!hidden.is_empty()).then(|| view! {
            <details class="rooms-hidden">
                <summary class="section-head">{t.rooms.hidden_rooms}</summary>
                {list(hidden, now, &again)}
            </details>
        })}
    }
    .into_any()
}

/// After all rooms were marked as read.
fn was_marked() -> bool {
    use_query_map().read_untracked().get_str("read") == Some("all")
}

fn mark_all() -> AnyView {
    view! {
        <CallForm call="mark-all-read" from="/">
            <Submit label=words().rooms.mark_all tone=Tone::Quiet />
        </CallForm>
    }
    .into_any()
}

fn undo() -> AnyView {
    let t = words();
    view! {
        <div class="made rooms-undo" role="status">
            <p>{t.rooms.marked_all}</p>
            <CallForm call="mark-all-read" from="/">
                <input type="hidden" name="undo" value="true" />
                <Submit label=t.common.undo />
            </CallForm>
        </div>
    }
    .into_any()
}

fn list(rooms: Vec<RoomLine>, now: i64, again: &Done) -> impl IntoView + use<> {
    let card = |line| view! { <li><RoomCard line now done=again.clone() /></li> };
    let cards = rooms.into_iter().map(card).collect_view();
    view! { <ul class="room-list">{cards}</ul> }
}

fn empty(admin: bool) -> impl IntoView {
    let t = words();
    let words = if admin { t.rooms.empty_admin } else { t.rooms.empty };
    view! {
        <div class="empty">
            <p>{words}</p>
            {admin.then(|| new_room("button button-primary"))}
        </div>
    }
}

fn new_room(class: &'static str) -> impl IntoView {
    view! { <a class=class href="/admin/rooms/new">{icon::plus()} {words().rooms.create}</a> }
}

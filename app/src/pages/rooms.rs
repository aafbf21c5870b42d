//! `/`: the rooms that the visitor may see.

use crate::calls::Frame;
use crate::calls::rooms::load_rooms;
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::room_card::RoomCard;
use crate::visitor::words;
use domain::room::RoomLine;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn RoomsPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_rooms());
    page(Layout::Column, loaded, content)
}

fn content(rooms: Vec<RoomLine>, frame: Frame) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::parts::meta::site();
    let t = words();
    let admin = frame.is_admin();
    let guest = frame.me.is_none();
    let now = frame.now;
    let nothing = rooms.is_empty();
    let (archived, current): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|line| line.room.archived);
    view! {
        <Title text=t.title(t.rooms.title) />
        <div class="page-head">
            <h1>{t.rooms.title}</h1>
            // An empty list has the button in its place.
            {(admin && !nothing).then(|| new_room("button"))}
        </div>
        {guest.then(|| view! { <p class="lead">{t.rooms.guests_hint}</p> })}
        {nothing.then(|| empty(admin))}
        {(!current.is_empty()).then(|| list(current, now))}
        {(!archived.is_empty()).then(|| view! {
            <h2 class="section-head">{t.rooms.archived_rooms}</h2>
            {list(archived, now)}
        })}
    }
    .into_any()
}

fn list(rooms: Vec<RoomLine>, now: i64) -> impl IntoView {
    let cards = rooms.into_iter().map(|line| view! { <li><RoomCard line now /></li> }).collect_view();
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

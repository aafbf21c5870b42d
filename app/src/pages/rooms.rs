//! `/?q=…`: the rooms that the visitor may see. Links and forms alone; a script keeps it true for
//! people with an account (`public/pkg/room_list.js`).

use crate::calls::Frame;
use crate::calls::lines::{RoomsData, load_rooms};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Field;
use crate::parts::form::CallForm;
use crate::parts::icon;
use crate::parts::list::{ListAddress, pager, search};
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::parts::room_card::RoomCard;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::room::RoomLine;
use domain::unread::Level;
use leptos::prelude::*;
use leptos_meta::Title;

/// Who looks at which part of the list.
struct Seen<'a> {
    list: &'a ListAddress,
    frame: &'a Frame,
}

#[component]
pub fn RoomsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let list = ListAddress::new("/", ["q", "after"].map(|key| (key, of(key))).into());
    let loaded = load(String::new, move |_| load_rooms(of("q"), of("after")));
    page(Layout::Column, loaded, move |data, frame| content(&Seen { list: &list, frame: &frame }, data))
}

fn content(seen: &Seen, data: RoomsData) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::parts::meta::site();
    let t = words();
    let Seen { list, frame } = *seen;
    let (admin, guest) = (frame.is_admin(), frame.me.is_none());
    let is_bare = data.rooms.is_empty() && !list.is_filtered();
    let typed = if was_refused() { data.typed.clone() } else { String::new() };
    let any_unread = data.rooms.iter().any(|line| line.unread > 0);
    view! {
        <Title text=t.title(t.rooms.title) />
        <div class="page-head">
            <h1>{t.rooms.title}</h1>
            // An empty list has these buttons in its place.
            <div class="row">
                {any_unread.then(mark_all)}
                {(!guest).then(|| view! { <a class="button" href="/people">{icon::people()} {t.rooms.find_people}</a> })}
                {(admin && !is_bare).then(|| new_room("button"))}
            </div>
        </div>
        {was_marked().then(undo)}
        <ReturnedProblem calls=&["choose-level", "mark-room", "pin-room", "leave-room"] />
        {guest.then(|| view! { <p class="lead">{t.rooms.guests_hint}</p> })}
        {(!is_bare).then(|| search(list, t.rooms.find, ().into_any()))}
        <div id="rooms">{rows(seen, data, &typed, is_bare)}</div>
        {(!is_bare).then(|| view! {
            <details class="rooms-join" open=was_refused()>
                <summary class="section-head">{t.rooms.join}</summary>
                {join(Tone::Plain, typed.clone())}
            </details>
        })}
    }
    .into_any()
}

/// What changes while one types in the filter.
fn rows(seen: &Seen, data: RoomsData, typed: &str, is_bare: bool) -> AnyView {
    let t = words();
    let RoomsData { rooms, next, .. } = data;
    if is_bare {
        return empty(seen.frame.is_admin(), typed).into_any();
    }
    if rooms.is_empty() {
        return no_match().into_any();
    }
    let (hidden, rooms): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|line| line.level == Level::Hidden);
    let (archived, current): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|line| line.room.archived);
    view! {
        {(!current.is_empty()).then(|| view! { <ul class="room-list" data-order>{cards(seen, current)}</ul> })}
        {(!archived.is_empty()).then(|| view! {
            <h2 class="section-head">{t.rooms.archived_rooms}</h2>
            <ul class="room-list">{cards(seen, archived)}</ul>
        })}
        {(!hidden.is_empty()).then(|| view! {
            <details class="rooms-hidden">
                <summary class="section-head">{t.rooms.hidden_rooms}</summary>
                <ul class="room-list">{cards(seen, hidden)}</ul>
            </details>
        })}
        {pager(seen.list, next)}
    }
    .into_any()
}

fn cards(seen: &Seen, rooms: Vec<RoomLine>) -> Vec<AnyView> {
    let me = seen.frame.me.as_ref().map(|me| me.person.id);
    let card = |line: RoomLine| {
        let (from, now) = (seen.list.href(), seen.frame.now);
        let (live, open, pinned) = (line.present > 0, line.phase.is_open(), line.pinned);
        let (id, at) = (line.room.id.to_string(), line.at.to_string());
        view! {
            <li
                data-room=id
                data-at=at
                data-pinned=pinned
                data-live=live
                data-open=open
            >
                <RoomCard line me from now />
            </li>
        }
        .into_any()
    };
    rooms.into_iter().map(card).collect()
}

/// After all rooms were marked as read.
fn was_marked() -> bool {
    use_query_map().read_untracked().get_str("read") == Some("all")
}

/// After an invitation that did not work.
fn was_refused() -> bool {
    use_query_map().read_untracked().get_str("call") == Some("find-room")
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

/// Joining comes first: most people were sent here by somebody.
fn empty(admin: bool, typed: &str) -> impl IntoView + use<> {
    let t = words();
    let words = if admin { t.rooms.empty_admin } else { t.rooms.empty };
    view! {
        <div class="empty">
            <p>{words}</p>
            {join(Tone::Primary, typed.to_owned())}
            {admin.then(|| new_room("button"))}
        </div>
    }
}

fn no_match() -> impl IntoView {
    let t = words();
    view! {
        <div class="empty" role="status">
            <p>{t.rooms.no_match}</p>
            <p><a class="button" href="/">{t.common.clear}</a></p>
        </div>
    }
}

fn join(tone: Tone, typed: String) -> AnyView {
    let t = words();
    view! {
        <CallForm call="find-room" from="/" fields=&["invitation"] class="form form-line rooms-find">
            <Field name="invitation" label=t.rooms.invitation hint=t.rooms.invitation_hint value=typed required=true plain=true max=500 />
            <Submit label=t.rooms.go_in tone />
        </CallForm>
    }
    .into_any()
}

fn new_room(class: &'static str) -> impl IntoView {
    view! { <a class=class href="/admin/rooms/new">{icon::plus()} {words().rooms.create}</a> }
}

//! `/admin/rooms?q=…&visibility=…&state=…&sort=…`: all rooms, and the way to a new one.

use super::tabs;
use crate::calls::Frame;
use crate::calls::site::{RoomRow, RoomsPage as Data, load_admin_rooms};
use crate::parts::icon;
use crate::parts::list::{ListAddress, choice, head, pager, search};
use crate::parts::page::{Layout, load, page};
use crate::parts::time::When;
use crate::paths;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::room::Visibility;
use leptos::prelude::*;
use leptos_meta::Title;

const HERE: &str = "/admin/rooms";

#[component]
pub fn AdminRoomsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let list = ListAddress::new(HERE, ["q", "visibility", "state", "sort", "after"].map(|key| (key, of(key))).into());
    let loaded =
        load(String::new, move |_| load_admin_rooms(of("q"), of("visibility"), of("state"), of("sort"), of("after")));
    page(Layout::Column, loaded, move |data, frame| content(&list, data, frame))
}

fn content(list: &ListAddress, data: Data, frame: Frame) -> AnyView {
    let t = words();
    let p = t.people();
    let none = data.rooms.is_empty();
    let rows = data.rooms.into_iter().map(|room| row(room, frame.now)).collect_view();
    let seen = [("", p.rooms_all), ("public", t.admin.public), ("open", t.admin.open), ("private", t.admin.private)];
    let filters = view! {
        {choice(list, "visibility", t.admin.visibility, seen.into())}
        {choice(list, "state", p.state, vec![("", p.any_state), ("living", p.rooms_living), ("archived", p.rooms_archived)])}
    };
    let nothing = if list.is_filtered() { p.rooms_none } else { t.admin.no_rooms };
    view! {
        <Title text=t.title(t.admin.rooms_title) />
        {tabs(HERE)}
        <div class="page-head">
            <h1>{t.admin.rooms_title}</h1>
            <a class="button button-primary" href="/admin/rooms/new">{icon::plus()} {t.admin.new_room}</a>
        </div>
        <p class="lead">{t.admin.rooms_lead}</p>
        {search(list, p.rooms_find, filters.into_any())}
        {if none {
            view! { <div class="empty"><p>{nothing}</p></div> }.into_any()
        } else {
            view! {
                <table class="table panel">
                    <thead>
                        <tr>
                            {head(list, ("title", true), t.admin.room_title)} {head(list, ("-active", false), p.last_active)}
                            <th scope="col">{p.here_now}</th> <th scope="col" class="wide">{t.admin.members}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        }}
        {pager(list, data.next)}
    }
    .into_any()
}

fn row(row: RoomRow, now: i64) -> impl IntoView {
    let t = words();
    let room = row.room;
    view! {
        <tr>
            <th scope="row">
                <span class="row-name">
                    <a href=paths::room_admin(&room.slug) dir="auto">{room.title.clone()}</a>
                    <span class="chip">{visibility_name(room.visibility)}</span>
                    {(!row.phase.is_open()).then(|| view! { <span class="chip">{t.rooms.shut}</span> })}
                    {room.archived.then(|| view! { <span class="chip">{t.rooms.archived}</span> })}
                </span>
                <span class="row-note" dir="ltr">{paths::room(&room.slug)}</span>
            </th>
            <td><When at=row.last_at now /></td>
            <td class="number">{row.present}</td>
            <td class="wide number"><a href=paths::room_people(&room.slug)>{row.members}</a></td>
        </tr>
    }
}

/// Who can see a room, in a word.
pub fn visibility_name(visibility: Visibility) -> &'static str {
    let admin = words().admin;
    match visibility {
        Visibility::Public => admin.public,
        Visibility::Open => admin.open,
        // No private chat is listed.
        Visibility::Private | Visibility::Direct => admin.private,
    }
}

//! `/admin/rooms`: all rooms, and the way to a new one.

use super::tabs;
use crate::calls::Frame;
use crate::calls::rooms::load_admin_rooms;
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::paths;
use crate::visitor::words;
use domain::room::{RoomLine, Visibility};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AdminRoomsPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_admin_rooms());
    page(Layout::Column, loaded, content)
}

fn content(rooms: Vec<RoomLine>, _: Frame) -> AnyView {
    let t = words();
    let none = rooms.is_empty();
    let rows = rooms.into_iter().map(row).collect_view();
    view! {
        <Title text=t.title(t.admin.rooms_title) />
        {tabs("/admin/rooms")}
        <div class="page-head">
            <h1>{t.admin.rooms_title}</h1>
            <a class="button button-primary" href="/admin/rooms/new">{icon::plus()} {t.admin.new_room}</a>
        </div>
        <p class="lead">{t.admin.rooms_lead}</p>
        {if none {
            view! { <div class="empty"><p>{t.admin.no_rooms}</p></div> }.into_any()
        } else {
            view! { <ul class="rows panel">{rows}</ul> }.into_any()
        }}
    }
    .into_any()
}

fn row(line: RoomLine) -> impl IntoView {
    let t = words();
    let room = line.room;
    let describe = |action: &str| format!("{action}: {}", room.title);
    view! {
        <li class="row-line">
            <div class="row-words">
                <p class="row-name">
                    <a href=paths::room(&room.slug) dir="auto">{room.title.clone()}</a>
                    <span class="chip">{visibility_name(room.visibility)}</span>
                    {room.archived.then(|| view! { <span class="chip">{t.rooms.archived}</span> })}
                </p>
                <p class="row-note" dir="ltr">{paths::room(&room.slug)}</p>
            </div>
            <p class="row">
                <a
                    class="button button-quiet"
                    href=format!("/r/{}/pictures", room.slug)
                    aria-label=describe(t.admin.pictures)
                >
                    {t.room.pictures}
                </a>
                <a class="button" href=paths::room_admin(&room.slug) aria-label=describe(t.admin.manage)>
                    {t.admin.manage}
                </a>
            </p>
        </li>
    }
}

/// Who can see a room, in a word.
pub fn visibility_name(visibility: Visibility) -> &'static str {
    let admin = words().admin;
    match visibility {
        Visibility::Public => admin.public,
        Visibility::Open => admin.open,
        Visibility::Private => admin.private,
    }
}

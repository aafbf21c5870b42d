//! The wall: the room's pictures, the same for everybody, the first of them large.

use super::icon;
use super::player::load_script;
use super::tile::Tile;
use crate::browser;
use crate::live::Live;
use crate::visitor::words;
use domain::picture::Picture;
use leptos::html;
use leptos::prelude::*;

/// So far from its beginning, the wall counts as scrolled.
const AWAY_PX: i32 = 80;

#[component]
pub fn Wall(live: Live, slug: String, may_host: bool) -> impl IntoView {
    let t = words();
    load_script("wall");
    let list = NodeRef::<html::Ul>::new();
    let hosted = may_host && browser::MEMBER;
    let empty = Memo::new(move |_| live.wall.with(|wall| wall.pictures.is_empty()));
    let first = Memo::new(move |_| live.wall.with(|wall| wall.pictures.first().map(|picture| picture.id)));
    let manage = format!("/r/{slug}/pictures");
    let nothing = move || {
        empty.get().then(|| {
            let words = if hosted { t.room.wall_empty_host } else { t.room.wall_empty };
            let button = hosted.then(|| {
                view! {
                    <a class="button" href=manage.clone()>{icon::plus()} {t.room.add_title}</a>
                }
            });
            view! { <div class="wall-empty"><p>{words}</p> {button}</div> }
        })
    };
    view! {
        {nothing}
        <ul class="tiles" node_ref=list tabindex=move || if empty.get() { "-1" } else { "0" } aria-label=t.room.wall>
            <For each=move || numbered(live) key=|(_, _, picture)| key(picture) let:item>
                <Tile live slug=slug.clone() first place=item.0 of=item.1 picture=item.2 hosted />
            </For>
        </ul>
        <NewPictures live list />
    }
}

/// Each picture with its place and how many there are.
fn numbered(live: Live) -> Vec<(usize, usize, Picture)> {
    live.wall.with(|wall| {
        let of = wall.pictures.len();
        wall.pictures.iter().cloned().enumerate().map(|(i, picture)| (i, of, picture)).collect()
    })
}

/// Moving a picture keeps its tile; another file or other words draw it anew.
fn key(picture: &Picture) -> (i64, String, String, String) {
    (picture.id.0, picture.blob.to_string(), picture.caption.clone(), picture.alt.clone())
}

/// While the viewer looks further down, new pictures are announced, not thrust upon them.
#[component]
fn NewPictures(live: Live, list: NodeRef<html::Ul>) -> impl IntoView {
    let t = words();
    let waiting = RwSignal::new(0usize);
    let scrolled =
        move || list.get_untracked().is_some_and(|list| list.scroll_top() + list.scroll_left().abs() > AWAY_PX);
    Effect::new(move |before: Option<usize>| {
        let now = live.hung.with(Vec::len);
        if now > before.unwrap_or(0) && scrolled() {
            waiting.update(|n| *n += 1);
        }
        now
    });
    let show = move |_| {
        waiting.set(0);
        if let Some(list) = list.get_untracked() {
            list.set_scroll_top(0);
            list.set_scroll_left(0);
        }
    };
    view! {
        <div class="pills wall-pills" role="status">
            {move || (waiting.get() > 0).then(|| view! {
                <button type="button" class="pill pill-new" on:click=show>
                    {icon::arrow_up()} {t.n_new_pictures(waiting.get())}
                </button>
            })}
        </div>
    }
}

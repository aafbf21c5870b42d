//! `/r/<room>/pictures`: a room's pictures, for its hosts. What others change appears here
//! as well, over the same socket as in the room.

use crate::calls::Frame;
use crate::calls::rooms::{RoomPageData, open_pictures};
use crate::live::Live;
use crate::parts::banner::Banner;
use crate::parts::button::Submit;
use crate::parts::form::{CallForm, Done};
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::presenter::Presenter;
use crate::parts::problem::ReturnedProblem;
use crate::parts::shelf::{Shelf, ShelfView};
use crate::parts::shelf_card::Removed;
use crate::parts::uploads::AddPictures;
use crate::paths;
use crate::visitor::words;
use domain::{PictureId, RoomId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;
use std::time::Duration;

/// How long taking a picture down can be undone from here.
const UNDO_MS: u64 = 5_000;

#[component]
pub fn PicturesPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("slug").unwrap_or_default());
    let loaded = load(move || slug.get(), open_pictures);
    page(Layout::Own, loaded, content)
}

fn content(data: RoomPageData, frame: Frame) -> AnyView {
    let t = words();
    let slug = data.room.slug.clone();
    let from = format!("{}/pictures", paths::room(&slug));
    let title = data.room.title.clone();
    let live = Live::new(data, frame.me.map(|me| me.person), frame.now, false);
    let shelf = Shelf::new(live);
    let removed = RwSignal::new(returned_removal());
    provide_context(Removed(removed));
    let count = move || live.wall.with(|wall| t.n_pictures(wall.pictures.len()));
    let empty = Memo::new(move |_| live.wall.with(|wall| wall.pictures.is_empty()));
    view! {
        <Title text=t.title(t.room.manage_pictures) />
        <main id="main" class="column pictures" tabindex="-1">
            <div class="page-head">
                <h1>{t.room.manage_pictures} <span class="count">{count}</span></h1>
                <a class="button button-quiet" href=paths::room(&slug)>{icon::eye()} {t.room.preview}</a>
            </div>
            <p class="lead" dir="auto">{title.clone()}</p>
            <Banner live slug />
            <Presenter live from=from.clone() />
            <ReturnedProblem calls=&["move-picture", "describe-picture", "set-picture-order", "remove-picture", "restore-picture", "replace-picture"] />
            <AddPictures room=live.id room_title=title from=from.clone() />
            <Undo removed room=live.id from=from.clone() />
            {move || empty.get().then(|| view! { <p class="empty">{t.room.wall_empty_host}</p> })}
            <ShelfView shelf from />
        </main>
    }
    .into_any()
}

/// Without scripts the address remembers what was just taken down.
fn returned_removal() -> Option<PictureId> {
    let query = use_query_map();
    let query = query.read_untracked();
    if query.get_str("problem").is_some() {
        return None;
    }
    query.get_str("removed")?.parse().ok()
}

#[component]
fn Undo(removed: RwSignal<Option<PictureId>>, room: RoomId, from: String) -> impl IntoView {
    let t = words();
    Effect::new(move || {
        if let Some(id) = removed.get() {
            let forget = move || {
                if removed.try_get_untracked().flatten() == Some(id) {
                    removed.set(None);
                }
            };
            set_timeout(forget, Duration::from_millis(UNDO_MS));
        }
    });
    let done: Done = Arc::new(move || removed.set(None));
    view! {
        <div class="toast" role="status">
            {move || removed.get().map(|id| view! {
                <p>{t.room.removed}</p>
                <CallForm call="restore-picture" from=from.clone() done=done.clone()>
                    <input type="hidden" name="room" value=room.to_string() />
                    <input type="hidden" name="picture" value=id.to_string() />
                    <Submit label=t.common.undo />
                </CallForm>
            })}
        </div>
    }
}

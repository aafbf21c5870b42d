//! `/r/<room>/pictures`: a room's pictures, for its hosts. What others change appears here
//! as well, over the same socket as in the room.

use crate::calls::Frame;
use crate::calls::rooms::{PicturesPageData, open_pictures};
use crate::live::Live;
use crate::parts::banner::Banner;
use crate::parts::icon;
use crate::parts::lost::LostPictures;
use crate::parts::page::{Layout, load, page};
use crate::parts::presenter::Presenter;
use crate::parts::problem::ReturnedProblem;
use crate::parts::selection::{SelectionBar, SingleForms};
use crate::parts::shelf::{Shelf, ShelfView};
use crate::parts::undo::{Deed, Undo};
use crate::parts::uploads::AddPictures;
use crate::paths;
use crate::place::use_params_map;
use crate::visitor::words;
use domain::picture::Picture;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn PicturesPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("slug").unwrap_or_default());
    let loaded = load(move || slug.get(), open_pictures);
    page(Layout::Own, loaded, content)
}

fn content(data: PicturesPageData, frame: Frame) -> AnyView {
    let t = words();
    let PicturesPageData { inside: data, held, sources, others } = data;
    let slug = data.room.slug.clone();
    let from = paths::pictures(&slug);
    let links = paths::kiosks(&slug);
    let title = data.room.title.clone();
    let live = Live::new(data, frame.me.map(|me| me.person), frame.now);
    let shelf = Shelf::new(live, held, sources, Deed::returned());
    let top = move || {
        let order = |pictures: &[Picture]| pictures.first().map_or(0, |first| first.order);
        live.wall.with_untracked(|wall| order(&wall.pictures)).max(shelf.held.with_untracked(|held| order(held)))
    };
    let count = move || live.wall.with(|wall| t.n_pictures(wall.pictures.len()));
    let empty = Memo::new(move |_| live.wall.with(|wall| wall.pictures.is_empty()));
    view! {
        <Title text=t.title(t.room.manage_pictures) />
        <main id="main" class="column pictures" tabindex="-1">
            <div class="page-head">
                <h1>{t.room.manage_pictures} <span class="count">{count}</span></h1>
                <a class="button button-quiet" href=links>{icon::picture()} {t.shelf().projectors}</a>
                <a class="button button-quiet" href=paths::room(&slug)>{icon::eye()} {t.room.preview}</a>
            </div>
            <p class="lead" dir="auto">{title.clone()}</p>
            <Banner live slug />
            <Presenter live from=from.clone() />
            <ReturnedProblem calls=&["move-picture", "describe-picture", "set-picture-order", "change-pictures", "undo-deed", "replace-picture", "refetch-link"] />
            <AddPictures room=live.id room_title=title top=Callback::new(move |()| top()) from=from.clone() />
            <Undo last=shelf.did room=live.id problem=shelf.problem from=from.clone() />
            <LostPictures shelf from=from.clone() />
            <SelectionBar shelf others from=from.clone() />
            <SingleForms shelf from=from.clone() />
            {move || empty.get().then(|| view! { <p class="empty">{t.room.wall_empty_host}</p> })}
            <ShelfView shelf from />
        </main>
    }
    .into_any()
}

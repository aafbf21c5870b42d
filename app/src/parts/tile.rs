//! One picture of the wall: a link to the picture in full.

use super::presenter::show_button;
use crate::browser;
use crate::live::Live;
use crate::visitor::{prefs, words};
use domain::PictureId;
use domain::picture::{Picture, Size};
use leptos::prelude::*;

/// Address of a picture in full.
pub fn address(slug: &str, id: PictureId) -> String {
    format!("/r/{slug}/p/{id}")
}

/// What a picture is called: its own words, else its place on the wall.
pub fn name_of(picture: &Picture, n: usize, of: usize) -> String {
    match picture.label() {
        "" => words().picture_n_of(n, of),
        label => label.to_owned(),
    }
}

/// Its main colour, if it is known: see `style/tint.css`.
pub fn tint(picture: &Picture) -> Option<String> {
    (!picture.tint.is_empty()).then(|| picture.tint.clone())
}

/// The first stands large on wide screens and asks for a larger file.
#[component]
pub fn Tile(
    live: Live,
    slug: String,
    picture: Picture,
    /// The picture in front.
    first: Memo<Option<PictureId>>,
    /// Its place when it was drawn, from 0.
    place: usize,
    /// How many there were.
    of: usize,
    /// Whether the viewer decides what is shown to everybody.
    hosted: bool,
) -> impl IntoView {
    let id = picture.id;
    let is_first = move || first.get() == Some(id);
    let sizes = move || {
        if is_first() {
            "(min-width: 1100px) 60vw, (min-width: 700px) 50vw, 50vw"
        } else {
            "(min-width: 1100px) 16vw, (min-width: 700px) 20vw, 50vw"
        }
    };
    let (small, all) = (picture.small_srcset(live.id), picture.srcset(live.id));
    // With little data to spare a thumbnail is enough, until it is opened.
    let saves = prefs().saves_data;
    let files = move || (!saves).then(|| if is_first() { all.clone() } else { small.clone() });
    let is_new = move || live.hung.with(|hung| hung.contains(&id));
    // The first row is what people see first; all else comes when it comes into view.
    let early = place < 4;
    let is_shown = move || live.stage.with(|stage| stage.picture() == Some(id));
    let caption = picture.caption.clone();
    view! {
        <li class="tile" class:tile-new=is_new class:tile-shown=is_shown>
            <a href=address(&slug, id) data-picture=id.to_string() data-inside="">
                <img
                    src=picture.url(live.id, Size::Side(320))
                    srcset=files
                    sizes=sizes
                    width=picture.width.to_string()
                    height=picture.height.to_string()
                    alt=name_of(&picture, place + 1, of)
                    data-tint=tint(&picture)
                    loading=if early { "eager" } else { "lazy" }
                    decoding="async"
                    fetchpriority=if early { "high" } else { "auto" }
                />
                {(!caption.is_empty()).then(|| view! {
                    <span class="tile-caption" dir="auto" aria-hidden="true">{caption}</span>
                })}
            </a>
            {(hosted && browser::MEMBER).then(|| show_button(id))}
        </li>
    }
}

//! A picture in full, at its own address: `/r/<room>/p/<picture>`.
//!
//! Without scripts it is a page of links. With them it is a modal dialog: arrow keys, Home,
//! End, + − 0, swiping; Escape and Back close it, and the focus returns to the tile.

use super::icon;
use super::presenter::show_button;
use super::tile::{address, name_of};
use crate::browser;
use crate::live::Live;
use crate::paths;
use crate::place::use_place;
use crate::visitor::words;
use domain::PictureId;
use domain::picture::{Picture, Size};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

/// Zoom levels; the classes `zoom-0` to `zoom-3` draw them.
const MAX_ZOOM: u8 = 3;
/// So far a finger has to travel to turn the page.
const SWIPE_PX: i32 = 48;

#[component]
pub fn Lightbox(live: Live, slug: String, may_host: bool) -> impl IntoView {
    let path = use_place().path;
    let shown = Memo::new(move |_| picture_of(&path.get()));
    let is_open = Memo::new(move |_| shown.get().is_some());
    // Whether the dialog was opened from the wall, so that Back leads there.
    let from_wall = StoredValue::new(false);
    Effect::new(move |before: Option<bool>| {
        let now = is_open.get();
        from_wall.set_value(now && before == Some(false));
        now
    });
    move || is_open.get().then(|| view! { <Full live slug=slug.clone() shown from_wall may_host /> })
}

/// The picture that an address names.
fn picture_of(path: &str) -> Option<PictureId> {
    let (_, id) = path.strip_prefix("/r/")?.split_once("/p/")?;
    id.parse().ok()
}

/// Everything the dialog's parts share.
#[derive(Clone, Copy)]
struct View {
    live: Live,
    shown: Memo<Option<PictureId>>,
    /// Where on the wall the present picture hangs, or hung: from 0.
    place: StoredValue<usize>,
    /// Goes to a picture in place of the present one, or closes with `None`.
    go: Callback<Option<PictureId>>,
    zoom: RwSignal<u8>,
}

impl View {
    /// The picture with its place from 0 and the number of all; `None` if it was removed.
    fn current(self) -> (Option<(usize, Picture)>, usize) {
        let id = self.shown.get();
        self.live.wall.with(|wall| {
            let found = wall.pictures.iter().enumerate().find(|(_, p)| Some(p.id) == id);
            if let Some((place, _)) = found {
                self.place.set_value(place);
            }
            (found.map(|(i, picture)| (i, picture.clone())), wall.pictures.len())
        })
    }

    fn at(self, place: Option<usize>) -> Option<PictureId> {
        self.live.wall.with(|wall| wall.pictures.get(place?).map(|p| p.id))
    }

    /// `step` pictures further on, if there is one.
    fn neighbour(self, step: isize) -> Option<PictureId> {
        let (found, _) = self.current();
        self.at(found.and_then(|(i, _)| i.checked_add_signed(step)))
    }

    fn turn(self, to: Option<PictureId>) {
        if to.is_some() {
            self.zoom.set(0);
            self.go.run(to);
        }
    }

    fn zoom_by(self, step: i8) {
        self.zoom.update(|zoom| *zoom = zoom.saturating_add_signed(step).min(MAX_ZOOM));
    }

    fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" if self.zoom.get_untracked() == 0 => self.turn(untrack(|| self.neighbour(-1))),
            "ArrowRight" if self.zoom.get_untracked() == 0 => self.turn(untrack(|| self.neighbour(1))),
            "Home" => self.turn(untrack(|| self.at(Some(0)))),
            "End" => self.turn(untrack(|| self.at(self.live.wall.with(|w| w.pictures.len().checked_sub(1))))),
            "+" | "=" => self.zoom_by(1),
            "-" => self.zoom_by(-1),
            "0" => self.zoom.set(0),
            _ => return,
        }
        event.prevent_default();
    }
}

#[component]
fn Full(
    live: Live,
    slug: String,
    shown: Memo<Option<PictureId>>,
    from_wall: StoredValue<bool>,
    may_host: bool,
) -> impl IntoView {
    let t = words();
    let node = NodeRef::<html::Dialog>::new();
    let place = use_place();
    let base = slug.clone();
    let go = Callback::new(move |to: Option<PictureId>| match to {
        Some(id) => place.go(&address(&base, id), true),
        None if from_wall.get_value() => browser::back(),
        None => place.go(&paths::room(&base), true),
    });
    let view = View { live, shown, place: StoredValue::new(0), go, zoom: RwSignal::new(0) };
    let last = StoredValue::new(shown.get_untracked());
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            // The server opened it as a part of the page; now the page goes behind it.
            let _ = dialog.remove_attribute("open");
            let _ = dialog.show_modal();
        }
    });
    Effect::new(move || {
        if let Some(id) = shown.get() {
            last.set_value(Some(id));
        }
    });
    on_cleanup(move || browser::focus_picture(last.try_get_value().flatten()));
    // Browsers may also say `close` for the part of the page that became the dialog above.
    let closed = move || {
        let is_open = node.get_untracked().is_some_and(|dialog| dialog.open());
        if !is_open && shown.get_untracked().is_some() {
            go.run(None);
        }
    };
    let caption = move || view.current().0.map(|(_, picture)| picture.caption).filter(|caption| !caption.is_empty());
    let counter = move || {
        let (found, of) = view.current();
        found.map(|(i, _)| t.n_of(i + 1, of))
    };
    view! {
        <dialog
            class="lightbox"
            open
            aria-label=t.room.wall
            node_ref=node
            on:close=move |_| closed()
            on:keydown=move |event| view.key(&event)
        >
            <div class="lightbox-head">
                <p class="lightbox-count" role="status">{counter}</p>
                {(may_host && browser::MEMBER).then_some(move || shown.get().map(show_button))}
                <Tools view slug=slug.clone() />
            </div>
            <Stage view slug=slug.clone() />
            <p class="lightbox-caption" dir="auto">{caption}</p>
        </dialog>
    }
}

/// Zoom, download, close.
#[component]
fn Tools(view: View, slug: String) -> impl IntoView {
    let t = words();
    let full = move || view.current().0.map(|(_, picture)| picture.url(view.live.id, Size::Full));
    let close = move |event: MouseEvent| {
        event.prevent_default();
        view.go.run(None);
    };
    view! {
        <button type="button" class="icon-button needs-script" aria-label=t.room.zoom_out on:click=move |_| view.zoom_by(-1)>
            {icon::zoom_out()}
        </button>
        <button type="button" class="icon-button needs-script" aria-label=t.room.zoom_in on:click=move |_| view.zoom_by(1)>
            {icon::zoom_in()}
        </button>
        <a class="icon-button" href=full download="" aria-label=t.room.download>{icon::download()}</a>
        <a class="icon-button" href=paths::room(&slug) aria-label=t.common.close on:click=close>{icon::close()}</a>
    }
}

/// The picture between its two neighbours.
#[component]
fn Stage(view: View, slug: String) -> impl IntoView {
    let t = words();
    let down = StoredValue::new(None::<i32>);
    let swiped = move |event: PointerEvent| {
        let Some(from) = down.try_update_value(Option::take).flatten() else { return };
        let travelled = event.client_x() - from;
        if view.zoom.get_untracked() == 0 && travelled.abs() > SWIPE_PX {
            view.turn(untrack(|| view.neighbour(if travelled < 0 { 1 } else { -1 })));
        }
    };
    let gone = slug.clone();
    let picture = move || match view.current() {
        (Some((i, picture)), of) => shown_picture(&picture, view, i, of),
        (None, _) => removed(view, &gone),
    };
    view! {
        <div
            class=move || format!("lightbox-stage zoom-{}", view.zoom.get())
            on:pointerdown=move |event| { if event.pointer_type() == "touch" { down.set_value(Some(event.client_x())) } }
            on:pointerup=swiped
            on:dblclick=move |_| view.zoom.update(|zoom| *zoom = if *zoom == 0 { 2 } else { 0 })
        >
            {picture}
        </div>
        <Turn view slug=slug.clone() step={-1} label=t.room.previous />
        <Turn view slug step=1 label=t.room.next />
    }
}

fn shown_picture(picture: &Picture, view: View, i: usize, of: usize) -> AnyView {
    view! {
        <img
            src=picture.url(view.live.id, Size::Side(1280))
            srcset=picture.srcset(view.live.id)
            sizes=move || if view.zoom.get() == 0 { "100vw" } else { "300vw" }
            width=picture.width.to_string()
            height=picture.height.to_string()
            alt=name_of(picture, i + 1, of)
            decoding="async"
            draggable="false"
        />
    }
    .into_any()
}

fn removed(view: View, slug: &str) -> AnyView {
    let t = words();
    // What came into its place, or the last one.
    let last = view.live.wall.with(|wall| wall.pictures.len().checked_sub(1));
    let next = view.at(last.map(|last| last.min(view.place.get_value()))).map(|id| {
        let step = move |event: MouseEvent| {
            event.prevent_default();
            view.turn(Some(id));
        };
        view! { <a class="button" href=address(slug, id) on:click=step>{t.room.next_one}</a> }
    });
    view! { <div class="lightbox-gone"><p>{t.room.picture_gone}</p> {next}</div> }.into_any()
}

/// A link to a neighbour, whose file is fetched ahead.
#[component]
fn Turn(view: View, slug: String, step: isize, label: &'static str) -> impl IntoView {
    let class = if step < 0 { "lightbox-turn lightbox-previous" } else { "lightbox-turn lightbox-next" };
    let to = Memo::new(move |_| view.neighbour(step));
    move || {
        let id = to.get()?;
        let ahead = view.live.wall.with(|wall| wall.pictures.iter().find(|p| p.id == id).cloned());
        let turn = move |event: MouseEvent| {
            event.prevent_default();
            view.turn(Some(id));
        };
        let icon = if step < 0 { icon::chevron_left() } else { icon::chevron_right() };
        Some(view! {
            <a class=class href=address(&slug, id) aria-label=label on:click=turn>
                {icon}
                {ahead.map(|picture| view! {
                    <img class="lightbox-ahead" src=picture.url(view.live.id, Size::Side(1280)) alt="" aria-hidden="true" />
                })}
            </a>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pictures_address_opens() {
        assert_eq!(picture_of("/r/live/p/7"), Some(PictureId(7)));
        for other in ["/r/live", "/r/live/p/", "/r/live/p/x", "/r/live/pictures", "/"] {
            assert_eq!(picture_of(other), None, "{other}");
        }
    }
}

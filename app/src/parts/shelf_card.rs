//! A picture with what its host can do to it. Everything is a plain form; scripts keep the
//! page and add dragging.

use super::grip::Grip;
use super::icon;
use super::presenter::show_icon;
use super::selection::{Choose, single_form};
use super::shelf::{Hand, Shelf, title_of};
use super::shelf_edit::Edit;
use super::tile::tint;
use super::time::When;
use crate::browser;
use crate::paths;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::PictureId;
use domain::picture::{Picture, Size};
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;

#[component]
pub fn Card(shelf: Shelf, picture: Picture, held: bool, from: String) -> impl IntoView {
    let t = words();
    let id = picture.id;
    let place = move || shelf.place(id).0;
    let lifted = move || shelf.held_up.get() == Some(id);
    let target = move || shelf.target.get().filter(|(over, _)| *over == id).map(|(_, side)| side);
    let name = Memo::new(move |_| title_of(shelf, id));
    let caption = Memo::new(move |_| shelf.find(id).map(|picture| picture.caption).unwrap_or_default());
    let touched = move || shelf.news.with(|news| news.as_ref().is_some_and(|(_, picture)| *picture == Some(id)));
    let chosen = move || shelf.selection.ids.with(|ids| ids.contains(&id));
    // As in a list of files.
    let pick = move |event: MouseEvent| {
        if event.shift_key() || event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            shelf.selection.click(id, event.shift_key(), &shelf.all());
        }
    };
    // Without scripts the address says which one is being edited.
    let asked = use_query_map().read_untracked().get("edit").and_then(|n| n.parse().ok()) == Some(id.0);
    let open = RwSignal::new(asked);
    let edit_link = format!("{from}?edit={id}");
    let toggle = move |event: MouseEvent| {
        event.prevent_default();
        open.update(|open| *open = !*open);
    };
    let (room, edit_from) = (shelf.live.id, from.clone());
    let source = move || {
        let named = shelf.sources.with(|sources| sources.of(id).cloned());
        named.map_or_else(|| t.shelf().by_hand.to_owned(), |named| t.source(&named.system, &named.name))
    };
    let edit = picture.clone();
    let grip = Grip { shelf, id };
    view! {
        <li
            class="card"
            class:card-held=lifted
            class:card-touched=touched
            class:card-chosen=chosen
            data-drop=target
            data-card=(!held).then(|| id.to_string())
            data-pick=id.to_string()
        >
            {(!held).then(|| view! { <Handle shelf id name /> })}
            <Choose shelf id name />
            <img
                class="card-picture"
                src=picture.url(room, Size::Side(320))
                width=picture.width.to_string()
                height=picture.height.to_string()
                alt=move || name.get()
                data-tint=tint(&picture)
                loading="lazy"
                decoding="async"
                draggable="false"
                on:click=pick
                on:pointerdown=move |event| grip.touch(&event)
                on:pointermove=move |event| grip.drag(&event)
                on:pointerup=move |_| grip.drop()
                on:pointercancel=move |_| shelf.hand.set(None)
                on:touchmove=move |event| grip.keep(&event)
                on:contextmenu=move |event| grip.keep(&event)
            />
            <div class="card-words">
                <p class="card-name" dir="auto">{move || caption.get()}</p>
                <p class="card-note">
                    {(!held).then(|| view! { <span>"#" {move || place() + 1}</span> })}
                    <span>{format!("{} × {}", picture.width, picture.height)}</span>
                    <bdi>{picture.by.display.clone()}</bdi>
                    <When at=picture.at now=shelf.live.now.get_untracked() />
                    <bdi>{source}</bdi>
                </p>
            </div>
            {(!held).then(|| view! { <Moves shelf id name from=from.clone() /> })}
            <a
                class="button button-quiet card-edit"
                href=edit_link
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-label=move || format!("{}: {}", t.room.edit, name.get())
                on:click=toggle
            >
                {icon::edit()} {t.room.edit}
            </a>
            <Singles id held name />
            {move || open.get().then(|| view! { <Edit shelf picture=edit.clone() from=edit_from.clone() /> })}
        </li>
    }
}

/// Holding back or showing, and taking down: buttons of the forms beside the list.
#[component]
fn Singles(id: PictureId, held: bool, name: Memo<String>) -> impl IntoView {
    let t = words();
    let (act, label) = if held { ("show", t.shelf().show) } else { ("hold", t.shelf().hold) };
    let describe = move |what: &'static str| move || format!("{what}: {}", name.get());
    view! {
        <div class="card-acts">
            <button class="button button-quiet" form=single_form(act) name="pictures[]" value=id.to_string() aria-label=describe(label)>
                {label}
            </button>
            <button
                class="button button-quiet card-remove"
                form=single_form("remove")
                name="pictures[]"
                value=id.to_string()
                aria-label=describe(t.common.delete)
            >
                {t.common.delete}
            </button>
        </div>
    }
}

/// Dragged with a pointer, or lifted with Space.
#[component]
fn Handle(shelf: Shelf, id: PictureId, name: Memo<String>) -> impl IntoView {
    let t = words();
    let node = NodeRef::<html::Button>::new();
    let grip = Grip { shelf, id };
    let keys = move |event: KeyboardEvent| {
        let taken = match event.key().as_str() {
            " " => {
                shelf.lift_or_drop(id);
                true
            }
            "ArrowUp" | "ArrowLeft" => shelf.step(id, -1),
            "ArrowDown" | "ArrowRight" => shelf.step(id, 1),
            "Escape" => {
                shelf.put_back();
                true
            }
            _ => false,
        };
        if taken {
            event.prevent_default();
            // The card has moved in the document, which costs it the focus.
            browser::focus_again(node.get_untracked().map(Into::into));
        }
    };
    let lifted = move || matches!(shelf.hand.get(), Some(Hand::Lifted { id: held, .. }) if held == id);
    view! {
        <button
            type="button"
            class="card-handle needs-script"
            aria-label=move || format!("{}: {}", t.room.drag, name.get())
            aria-describedby="drag-hint"
            aria-pressed=move || if lifted() { "true" } else { "false" }
            node_ref=node
            on:pointerdown=move |event| grip.press(&event)
            on:pointermove=move |event| grip.drag(&event)
            on:pointerup=move |_| grip.drop()
            on:pointercancel=move |_| shelf.hand.set(None)
            on:keydown=keys
        >
            {icon::drag()}
        </button>
    }
}

/// The same without dragging: to the top, up, down, to a position.
#[component]
fn Moves(shelf: Shelf, id: PictureId, name: Memo<String>, from: String) -> impl IntoView {
    let t = words();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let pressed = event.submitter();
        let word = pressed.as_ref().and_then(|button| button.get_attribute("value")).unwrap_or_default();
        let (at, of) = untrack(|| shelf.place(id));
        let to = match word.as_str() {
            "first" => 0,
            "up" => at.saturating_sub(1),
            "down" => at + 1,
            _ => match browser::number_in(&event) {
                Some(n) => (n.max(1) - 1) as usize,
                None => return,
            },
        };
        shelf.drop_at(id, to.min(of.saturating_sub(1)));
        browser::focus_again(pressed);
    };
    let describe = move |what: &'static str| move || format!("{what}: {}", name.get());
    view! {
        <form class="card-moves" method="post" action=paths::call("move-picture", &from) on:submit=submit>
            <input type="hidden" name="room" value=shelf.live.id.to_string() />
            <input type="hidden" name="picture" value=id.to_string() />
            {show_icon(id, describe(t.stage.show_now))}
            <button class="icon-button" name="place" value="first" title=t.room.to_front aria-label=describe(t.room.to_front)>
                {icon::to_top()}
            </button>
            <button class="icon-button" name="place" value="up" title=t.room.up aria-label=describe(t.room.up)>
                {icon::arrow_up()}
            </button>
            <button class="icon-button" name="place" value="down" title=t.room.down aria-label=describe(t.room.down)>
                {icon::arrow_down()}
            </button>
            <input
                type="number"
                name="number"
                min="1"
                aria-label=describe(t.room.position)
                placeholder=move || (shelf.place(id).0 + 1).to_string()
            />
            <button class="button button-quiet" name="place" value="nth">{t.room.move_to}</button>
        </form>
    }
}

//! A picture with what its host can do to it. Everything is a plain form; scripts keep the
//! page and add dragging.

use super::button::{Submit, Tone};
use super::form::{CallForm, Done, SavedNote};
use super::icon;
use super::presenter::show_icon;
use super::shelf::{Hand, Shelf, title_of};
use crate::browser;
use crate::paths;
use crate::visitor::words;
use domain::PictureId;
use domain::picture::{Picture, Size};
use leptos::ev::{KeyboardEvent, PointerEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// A press that moves less is no drag.
const DRAG_PX: i32 = 8;

#[component]
pub fn Card(shelf: Shelf, picture: Picture, from: String) -> impl IntoView {
    let t = words();
    let id = picture.id;
    let place = move || shelf.place(id).0;
    let held = move || match shelf.hand.get() {
        Some(Hand::Dragged { id: held, .. } | Hand::Lifted { id: held, .. }) => held == id,
        Some(Hand::Pressed { .. }) | None => false,
    };
    let target = move || match shelf.hand.get() {
        Some(Hand::Dragged { id: held, over: Some(over) }) if held != id && over == place() => {
            Some(if shelf.place(held).0 < over { "after" } else { "before" })
        }
        _ => None,
    };
    let shown = picture.clone();
    let name = Memo::new(move |_| title_of(shelf, &shown));
    let room = shelf.live.id;
    view! {
        <li class="card" class:card-held=held data-drop=target data-card=id.to_string()>
            <Handle shelf id name />
            <img
                class="card-picture"
                src=picture.url(room, Size::Side(320))
                width=picture.width.to_string()
                height=picture.height.to_string()
                alt=move || name.get()
                loading="lazy"
                decoding="async"
                draggable="false"
            />
            <div class="card-words">
                <p class="card-name" dir="auto">
                    {if picture.caption.is_empty() { None } else { Some(picture.caption.clone()) }}
                </p>
                <p class="card-note">
                    <span>"#" {move || place() + 1}</span>
                    <span>{format!("{} × {}", picture.width, picture.height)}</span>
                    <bdi>{picture.by.display.clone()}</bdi>
                </p>
            </div>
            <Moves shelf id name from=from.clone() />
            <details class="card-more">
                <summary class="button button-quiet">{icon::edit()} {t.room.edit}</summary>
                <Edit shelf picture=picture.clone() from=from.clone() />
            </details>
            <Remove shelf id from />
        </li>
    }
}

/// Dragged with a pointer, or lifted with Space.
#[component]
fn Handle(shelf: Shelf, id: PictureId, name: Memo<String>) -> impl IntoView {
    let t = words();
    let node = NodeRef::<html::Button>::new();
    let down = move |event: PointerEvent| {
        if event.button() == 0 {
            shelf.hand.set(Some(Hand::Pressed { id, x: event.client_x(), y: event.client_y() }));
            browser::capture_pointer(node, &event);
        }
    };
    let moved = move |event: PointerEvent| {
        let (x, y) = (event.client_x(), event.client_y());
        match shelf.hand.get_untracked() {
            Some(Hand::Pressed { x: from_x, y: from_y, .. })
                if (x - from_x).abs().max((y - from_y).abs()) < DRAG_PX => {}
            Some(Hand::Pressed { id, .. } | Hand::Dragged { id, .. }) => {
                let over = browser::card_at(x, y).and_then(|card| card.parse().ok());
                let over = over.map(|over| untrack(|| shelf.place(over).0));
                let hand = Some(Hand::Dragged { id, over });
                if shelf.hand.get_untracked() != hand {
                    shelf.hand.set(hand);
                }
                browser::scroll_near_edge(y);
            }
            Some(Hand::Lifted { .. }) | None => {}
        }
    };
    let up = move |_| match shelf.hand.get_untracked() {
        Some(Hand::Dragged { id, over: Some(over) }) => shelf.drop_at(id, over),
        Some(Hand::Pressed { .. } | Hand::Dragged { .. }) => shelf.hand.set(None),
        Some(Hand::Lifted { .. }) | None => {}
    };
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
            browser::focus_again(node);
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
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
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
        browser::focus_element_again(pressed);
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

/// Words, order number, another file.
#[component]
fn Edit(shelf: Shelf, picture: Picture, from: String) -> impl IntoView {
    let t = words();
    let (room, id, cover_from) = (shelf.live.id, picture.id, from.clone());
    let replace = format!("/upload/pictures/{room}/{id}/file?from={}", paths::encode(&from));
    let order =
        move || shelf.live.wall.with(|wall| wall.pictures.iter().find(|p| p.id == id).map(|p| p.order.to_string()));
    view! {
        <div class="card-forms">
            <CallForm call="describe-picture" from=from.clone() class="form">
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="picture" value=id.to_string() />
                <label class="field">
                    <span class="field-label">{t.room.caption}</span>
                    <input type="text" name="caption" value=picture.caption.clone() maxlength="300" dir="auto" />
                </label>
                <label class="field">
                    <span class="field-label">{t.room.alt}</span>
                    <input type="text" name="alt" value=picture.alt.clone() maxlength="300" dir="auto" />
                    <span class="field-hint">{t.room.alt_hint}</span>
                </label>
                <Submit label=t.common.save busy=t.common.saving />
            </CallForm>
            <CallForm call="set-picture-order" from=from class="form-line">
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="picture" value=id.to_string() />
                <label class="field">
                    <span class="field-label">{t.room.order}</span>
                    <input type="number" name="order" value=order required />
                    <span class="field-hint">{t.room.order_hint}</span>
                </label>
                <Submit label=t.common.save />
            </CallForm>
            <CallForm call="choose-cover" from=cover_from class="form-line">
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="picture" value=id.to_string() />
                <Submit label=t.room.use_as_cover /> <SavedNote />
            </CallForm>
            <form class="form-line" method="post" enctype="multipart/form-data" action=replace>
                <label class="field">
                    <span class="field-label">{t.room.replace}</span>
                    <input type="file" name="file" accept="image/*" required />
                </label>
                <button class="button">{t.room.replace}</button>
            </form>
        </div>
    }
}

/// Takes the picture down at once; the page offers to bring it back.
#[component]
fn Remove(shelf: Shelf, id: PictureId, from: String) -> impl IntoView {
    let t = words();
    let removed = use_context::<Removed>();
    let done: Done = Arc::new(move || {
        if let Some(Removed(removed)) = removed {
            removed.set(Some(id));
        }
    });
    view! {
        <CallForm call="remove-picture" from=format!("{from}?removed={id}") class="card-remove" done=done>
            <input type="hidden" name="room" value=shelf.live.id.to_string() />
            <input type="hidden" name="picture" value=id.to_string() />
            <Submit label=t.common.delete tone=Tone::Quiet describe=format!("{} #{id}", t.common.delete) />
        </CallForm>
    }
}

/// The picture that was taken down last.
#[derive(Clone, Copy)]
pub struct Removed(pub RwSignal<Option<PictureId>>);

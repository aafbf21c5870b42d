//! Choosing several pictures, and what is done to them together. The boxes and buttons are one
//! plain form; scripts keep the page and add Shift and Ctrl.

use super::shelf::Shelf;
use super::undo::Deed;
use crate::browser;
use crate::paths;
use crate::visitor::words;
use domain::{PictureId, RoomId};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;

/// The form that all boxes belong to, wherever they stand.
pub const FORM: &str = "selection";

/// What is chosen.
#[derive(Clone, Copy)]
pub struct Selection {
    pub ids: RwSignal<BTreeSet<PictureId>>,
    /// Where the last click was: Shift chooses from there.
    last: StoredValue<Option<PictureId>>,
}

impl Default for Selection {
    fn default() -> Self {
        Self { ids: RwSignal::new(BTreeSet::new()), last: StoredValue::new(None) }
    }
}

impl Selection {
    /// A click on a picture or its box: this one; with Shift, all from the last one to this.
    pub fn click(self, id: PictureId, with_shift: bool, order: &[PictureId]) {
        let last = self.last.get_value().filter(|_| with_shift);
        let stretch = last.map(|last| between(order, last, id)).unwrap_or_default();
        self.ids.update(|ids| {
            if !stretch.is_empty() {
                ids.extend(stretch);
            } else if !ids.remove(&id) {
                ids.insert(id);
            }
        });
        self.last.set_value(Some(id));
    }

    pub fn choose_all(self, order: Vec<PictureId>) {
        self.ids.set(order.into_iter().collect());
    }

    pub fn clear(self) {
        self.ids.set(BTreeSet::new());
    }
}

/// From the one to the other, both among them.
fn between(order: &[PictureId], from: PictureId, to: PictureId) -> Vec<PictureId> {
    let place = |id| order.iter().position(|other| *other == id);
    match (place(from), place(to)) {
        (Some(a), Some(b)) => order[a.min(b)..=a.max(b)].to_vec(),
        _ => vec![to],
    }
}

/// The box in front of a picture.
#[component]
pub fn Choose(shelf: Shelf, id: PictureId, name: Memo<String>) -> impl IntoView {
    let label = words().shelf().selection;
    let chosen = move || shelf.selection.ids.with(|ids| ids.contains(&id));
    let click = move |event: MouseEvent| shelf.selection.click(id, event.shift_key(), &shelf.all());
    view! {
        <input
            type="checkbox"
            class="card-choose"
            name="pictures[]"
            value=id.to_string()
            form=FORM
            aria-label=move || format!("{label}: {}", name.get())
            prop:checked=chosen
            on:click=click
        />
    }
}

/// What can be done to the chosen ones. It stays in view.
#[component]
pub fn SelectionBar(shelf: Shelf, others: Vec<(RoomId, String)>, from: String) -> impl IntoView {
    let t = words();
    let s = t.shelf();
    let (room, selection) = (shelf.live.id, shelf.selection);
    let url = paths::call("change-pictures", &from);
    let action = url.clone();
    let submit = move |event: SubmitEvent| {
        let pressed = event.submitter();
        // Saving is the browser's business.
        if pressed.as_ref().is_some_and(|button| button.has_attribute("formaction")) {
            return;
        }
        event.prevent_default();
        let act = pressed.and_then(|button| button.get_attribute("value")).unwrap_or_default();
        let ids: Vec<PictureId> = selection.ids.get_untracked().into_iter().collect();
        shelf.problem.set(None);
        spawn_local(do_it(shelf, event, url.clone(), act, ids));
    };
    let count = move || selection.ids.with(BTreeSet::len);
    let none = move || count() == 0;
    let rooms = others.into_iter().map(|(id, title)| view! { <option value=id.to_string()>{title}</option> });
    let rooms: Vec<_> = rooms.collect();
    let has_rooms = !rooms.is_empty();
    view! {
        <form id=FORM class="selection" method="post" action=action on:submit=submit aria-label=s.with_selected>
            <input type="hidden" name="room" value=room.to_string() />
            <span class="selection-count needs-script" role="status">{move || t.n_selected(count())}</span>
            <button type="button" class="button button-quiet needs-script" on:click=move |_| selection.choose_all(shelf.all())>
                {s.select_all}
            </button>
            <button type="button" class="button button-quiet needs-script" disabled=none on:click=move |_| selection.clear()>
                {s.select_none}
            </button>
            <button class="button" name="act" value="hold">{s.hold}</button>
            <button class="button" name="act" value="show">{s.show}</button>
            <button class="button" name="act" value="remove">{t.common.delete}</button>
            <button class="button" formaction=format!("/export/pictures/{room}")>{s.save}</button>
            {has_rooms.then(|| view! {
                <label class="sr" for="selection-to">{s.move_to_room}</label>
                <select id="selection-to" name="to">
                    <option value="">{s.choose_room}</option>
                    {rooms}
                </select>
                <button class="button" name="act" value="transfer">{s.move_them}</button>
            })}
        </form>
    }
}

async fn do_it(shelf: Shelf, event: SubmitEvent, url: String, act: String, ids: Vec<PictureId>) {
    let turn = shelf.begin();
    let answer = browser::post(event, url).await;
    if shelf.live.is_over() {
        return;
    }
    match answer {
        Err(problem) => shelf.problem.set(Some(problem)),
        Ok(_) => {
            shelf.selection.clear();
            let deed = match act.as_str() {
                "remove" => Some(Deed::Removed(ids)),
                "hold" => Some(Deed::Held(ids)),
                "show" => Some(Deed::Shown(ids)),
                _ => None,
            };
            shelf.end(turn, deed);
        }
    }
    shelf.refresh().await;
}

/// The buttons of single pictures belong to these forms: one each, not one per picture.
#[component]
pub fn SingleForms(shelf: Shelf, from: String) -> impl IntoView {
    let single = move |act: &'static str| {
        let url = paths::call("change-pictures", &from);
        let action = url.clone();
        let submit = move |event: SubmitEvent| {
            event.prevent_default();
            let id = event.submitter().and_then(|button| button.get_attribute("value"));
            let Some(id) = id.and_then(|id| id.parse().ok()) else { return };
            shelf.problem.set(None);
            spawn_local(do_it(shelf, event, url.clone(), act.to_owned(), vec![id]));
        };
        view! {
            <form id=single_form(act) method="post" action=action on:submit=submit hidden>
                <input type="hidden" name="room" value=shelf.live.id.to_string() />
                <input type="hidden" name="act" value=act />
            </form>
        }
    };
    view! { {single("hold")} {single("show")} {single("remove")} }
}

pub fn single_form(act: &'static str) -> String {
    format!("single-{act}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shift_chooses_all_in_between() {
        let order: Vec<PictureId> = [5, 3, 8, 1].map(PictureId).to_vec();
        let ids = |ids: &[i64]| ids.iter().copied().map(PictureId).collect::<Vec<_>>();
        assert_eq!(between(&order, PictureId(3), PictureId(1)), ids(&[3, 8, 1]));
        assert_eq!(between(&order, PictureId(1), PictureId(3)), ids(&[3, 8, 1]));
        assert_eq!(between(&order, PictureId(9), PictureId(3)), ids(&[3]), "the first one is gone");
    }
}

//! Choosing several pictures, and what is done to them together. The boxes and buttons are one
//! plain form; scripts keep the page and add Shift, Ctrl and the arrow keys.

use super::shelf::Shelf;
use super::undo::Deed;
use crate::browser;
use crate::paths;
use crate::visitor::words;
use domain::{PictureId, RoomId};
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
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

    /// Shift and an arrow key: the next one as well, or, on the way back, not this one any more.
    /// Answers where that led.
    fn stretch(self, id: PictureId, step: isize, order: &[PictureId]) -> Option<PictureId> {
        let at = order.iter().position(|other| *other == id)?;
        let next = *order.get(at.checked_add_signed(step)?)?;
        self.ids.update(|ids| {
            if ids.contains(&id) && ids.contains(&next) {
                ids.remove(&id);
            } else {
                ids.extend([id, next]);
            }
        });
        self.last.set_value(Some(next));
        Some(next)
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
    let keys = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        if event.shift_key() {
            event.prevent_default();
            if let Some(next) = shelf.selection.stretch(id, step, &shelf.all()) {
                browser::cards::focus_choice(next);
            }
        }
    };
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
            on:keydown=keys
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
        if pressed.is_some_and(|button| button.has_attribute("formaction")) {
            return;
        }
        event.prevent_default();
        shelf.problem.set(None);
        spawn_local(do_it(shelf, event, url.clone()));
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
            // The first button of the form, so that Enter in its fields means this one.
            <details class="selection-words">
                <summary class="button">{s.describe}</summary>
                <fieldset>
                    <legend class="field-label">{s.describe_all}</legend>
                    <label class="field">
                        <span class="field-label">{t.room.caption}</span>
                        <input type="text" name="caption" maxlength="300" dir="auto" />
                    </label>
                    <label class="field">
                        <span class="field-label">{t.room.alt}</span>
                        <input type="text" name="alt" maxlength="300" dir="auto" />
                    </label>
                    <p class="field-hint">{s.describe_hint}</p>
                    <button class="button button-primary" name="act" value="describe">{t.common.save}</button>
                </fieldset>
            </details>
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

async fn do_it(shelf: Shelf, event: SubmitEvent, url: String) {
    let (turn, form) = (shelf.begin(), browser::form_of(&event));
    let answer = browser::post(event, url).await;
    if shelf.live.is_over() {
        return;
    }
    match answer {
        Err(problem) => shelf.problem.set(Some(problem)),
        Ok(place) => {
            shelf.selection.clear();
            shelf.end(turn, place.as_deref().and_then(Deed::of_address));
            if let Some(form) = form {
                form.reset();
            }
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
            shelf.problem.set(None);
            spawn_local(do_it(shelf, event, url.clone()));
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
    fn shift_and_arrows_choose_on_and_take_back() {
        let owner = Owner::new();
        owner.set();
        let order: Vec<PictureId> = [5, 3, 8].map(PictureId).to_vec();
        let selection = Selection::default();
        let chosen = || selection.ids.get_untracked().into_iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(selection.stretch(PictureId(5), 1, &order), Some(PictureId(3)));
        assert_eq!(selection.stretch(PictureId(3), 1, &order), Some(PictureId(8)));
        assert_eq!(chosen(), [3, 5, 8]);
        assert_eq!(selection.stretch(PictureId(8), 1, &order), None, "nothing follows");
        assert_eq!(selection.stretch(PictureId(8), -1, &order), Some(PictureId(3)));
        assert_eq!(chosen(), [3, 5]);
    }

    #[test]
    fn shift_chooses_all_in_between() {
        let order: Vec<PictureId> = [5, 3, 8, 1].map(PictureId).to_vec();
        let ids = |ids: &[i64]| ids.iter().copied().map(PictureId).collect::<Vec<_>>();
        assert_eq!(between(&order, PictureId(3), PictureId(1)), ids(&[3, 8, 1]));
        assert_eq!(between(&order, PictureId(1), PictureId(3)), ids(&[3, 8, 1]));
        assert_eq!(between(&order, PictureId(9), PictureId(3)), ids(&[3]), "the first one is gone");
    }
}

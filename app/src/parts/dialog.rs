//! A dialog above the page: closes with its button, with Escape, and gives the focus back.

use super::icon;
use crate::visitor::words;
use leptos::html;
use leptos::prelude::*;

/// Open while `open` says so. The browser's own `<dialog>`: the rest of the page is inert.
#[component]
pub fn Dialog(open: RwSignal<bool>, title: &'static str, children: Children) -> impl IntoView {
    let t = words();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            match (open.get(), dialog.open()) {
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                (true, true) | (false, false) => {}
            }
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-label=title on:close=move |_| open.set(false)>
            <div class="dialog-head">
                <h2>{title}</h2>
                <button type="button" class="icon-button" aria-label=t.common.close on:click=move |_| open.set(false)>
                    {icon::close()}
                </button>
            </div>
            {children()}
        </dialog>
    }
}

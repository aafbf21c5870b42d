//! Keys that press buttons of a list.

#[cfg(feature = "hydrate")]
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::wasm_bindgen::JsCast;
#[cfg(feature = "hydrate")]
use leptos::web_sys;

/// Lets keys press buttons in the list of class `queue`: J and K move between its rows, any other
/// presses the button of the present row (else the first) that bears it as `data-key`.
pub fn press_by_key() {
    #[cfg(feature = "hydrate")]
    Effect::new(|| {
        let handle = window_event_listener(leptos::ev::keydown, |event| _ = press(&event));
        on_cleanup(move || handle.remove());
    });
}

#[cfg(feature = "hydrate")]
fn press(event: &web_sys::KeyboardEvent) -> Option<()> {
    let key = event.key().to_lowercase();
    let is_letter = key.len() == 1 && key.bytes().all(|b| b.is_ascii_lowercase());
    if !is_letter || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return None;
    }
    let at = document().active_element().and_then(|el| el.closest(".queue > li").ok().flatten());
    let row = match (&at, key.as_str()) {
        (Some(row), "j") => row.next_element_sibling(),
        (Some(row), "k") => row.previous_element_sibling(),
        _ => at.or_else(|| document().query_selector(".queue > li").ok().flatten()),
    }?;
    let target = match key.as_str() {
        "j" | "k" => row.dyn_into::<web_sys::HtmlElement>().ok()?,
        key => row.query_selector(&format!("[data-key={key}] button")).ok()??.dyn_into().ok()?,
    };
    event.prevent_default();
    match key.as_str() {
        "j" | "k" => target.focus().ok()?,
        _ => target.click(),
    }
    Some(())
}

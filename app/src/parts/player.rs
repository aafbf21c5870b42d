//! What the stage asks of the browser. On the server nothing here does anything.

use crate::browser::form_of;
#[cfg(feature = "hydrate")]
use leptos::prelude::*;
use leptos::web_sys::{self, SubmitEvent};
#[cfg(feature = "hydrate")]
use std::time::Duration;

/// Runs once what was drawn just now is on the screen.
pub fn after_paint(act: impl FnOnce() + 'static) {
    #[cfg(feature = "hydrate")]
    request_animation_frame(act);
    #[cfg(not(feature = "hydrate"))]
    let _ = act;
}

/// Whether a key is meant for what has the focus: a field, a dialog, a video; a button means its own keys only.
pub fn is_busy_with_keys(event: &web_sys::KeyboardEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let busy = match event.key().as_str() == " " {
        true => "input, textarea, select, button, summary, video, dialog, [contenteditable]",
        false => "input, textarea, select, video, dialog, [contenteditable]",
    };
    target.is_some_and(|element| element.closest(busy).ok().flatten().is_some())
}

/// Loads the script that makes the stage's video follow; once.
pub fn load_player() {
    load_script("stage");
}

/// Loads `<name>.js` from beside the style sheet; once in a document. Where the network fails, again
/// after a while.
pub fn load_script(name: &'static str) {
    #[cfg(not(feature = "hydrate"))]
    let _ = name;
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        let known = document().query_selector(&format!("script[data-script-{name}]"));
        if let Ok(None) = known {
            add_script(name, Duration::from_secs(1));
        }
    });
}

#[cfg(feature = "hydrate")]
const LONGEST_WAIT: Duration = Duration::from_secs(30);

#[cfg(feature = "hydrate")]
fn add_script(name: &'static str, wait: Duration) -> Option<()> {
    use leptos::wasm_bindgen::{JsCast, closure::Closure};
    let page = document();
    let style = page.query_selector("link[rel=stylesheet]").ok()??;
    let address = style.get_attribute("href")?.replace("salon.css", &format!("{name}.js"));
    let script = page.create_element("script").ok()?;
    script.set_attribute(&format!("data-script-{name}"), "").ok()?;
    script.set_attribute("src", &address).ok()?;
    let cut = script.clone();
    let failed = Closure::once_into_js(move || {
        let again = move || {
            cut.remove();
            add_script(name, LONGEST_WAIT.min(wait * 2));
        };
        set_timeout(again, wait);
    });
    script.add_event_listener_with_callback("error", failed.unchecked_ref()).ok()?;
    page.document_element()?.append_child(&script).ok().map(drop)
}

/// What the form's field `position` says.
pub fn position_in(event: &SubmitEvent) -> String {
    use leptos::wasm_bindgen::JsCast;
    let field = form_of(event).and_then(|form| form.query_selector("[name=position]").ok().flatten());
    let field = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}

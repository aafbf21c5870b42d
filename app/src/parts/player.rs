//! What the stage asks of the browser. On the server nothing here does anything.

use crate::browser::form_of;
#[cfg(feature = "hydrate")]
use leptos::prelude::*;
use leptos::web_sys::{self, SubmitEvent};

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

/// Loads `<name>.js` from beside the style sheet; once in a document.
pub fn load_script(name: &'static str) {
    #[cfg(not(feature = "hydrate"))]
    let _ = name;
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        let page = document();
        let Ok(Some(style)) = page.query_selector("link[rel=stylesheet]") else { return };
        let address = style.get_attribute("href").unwrap_or_default().replace("salon.css", &format!("{name}.js"));
        let mark = format!("data-script-{name}");
        if let (Ok(None), Ok(script)) = (page.query_selector(&format!("script[{mark}]")), page.create_element("script"))
        {
            let _ = script.set_attribute(&mark, "");
            let _ = script.set_attribute("src", &address);
            if let Some(head) = page.document_element() {
                let _ = head.append_child(&script);
            }
        }
    });
}

/// What the form's field `position` says.
pub fn position_in(event: &SubmitEvent) -> String {
    use leptos::wasm_bindgen::JsCast;
    let field = form_of(event).and_then(|form| form.query_selector("[name=position]").ok().flatten());
    let field = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}

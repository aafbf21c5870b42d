//! What the composer has beyond its text: files, emoji, help. All of it is a script of its own
//! (`public/pkg/composer.js`), which only people with an account load. The two meet in the form:
//! the script keeps the files that are whole as JSON in `#composer-files`, and what is sent is told
//! to it as the event `taken`.

use super::player::load_script;
use crate::browser::root_attribute;
use domain::attachment::Attachment;
#[cfg(feature = "hydrate")]
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::web_sys;

/// Once in a document.
pub fn load() {
    load_script("composer");
}

/// Whether Enter makes a new line and only Ctrl with it sends: a choice of this device, made in the
/// sheet of keys.
pub fn enter_is_a_line() -> bool {
    root_attribute("data-enter").as_deref() == Some("ctrl")
}

/// The files that can be sent now: none while one of them is on its way.
pub fn taken() -> Vec<Attachment> {
    #[cfg(feature = "hydrate")]
    if let Some(field) = field() {
        return serde_json::from_str(&field.value()).unwrap_or_default();
    }
    Vec::new()
}

/// They are sent.
pub fn sent() {
    #[cfg(feature = "hydrate")]
    if let (Some(field), Ok(event)) = (field(), web_sys::Event::new("taken")) {
        let _ = field.dispatch_event(&event);
    }
}

#[cfg(feature = "hydrate")]
fn field() -> Option<web_sys::HtmlInputElement> {
    use leptos::wasm_bindgen::JsCast;
    document().get_element_by_id("composer-files")?.dyn_into().ok()
}

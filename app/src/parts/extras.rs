//! What the composer has beyond its text: files, emoji, help; and what is done with messages. All of
//! it are scripts of their own (`public/pkg/composer.js` and `messages.js`), which only people with an
//! account load. The first and the page meet in the form: the script keeps the files that are whole as JSON in `#composer-files`, and what is sent is told
//! to it as the event `taken`.

use super::player::load_script;
use crate::browser::root_attribute;
use domain::attachment::Attachment;
#[cfg(feature = "hydrate")]
use leptos::prelude::*;
use leptos::web_sys;

/// Once in a document.
pub fn load() {
    load_script("composer");
    load_script("messages");
}

/// Tells the messages' script what is about to be sent; `false` if it takes that for the new text of an
/// earlier message.
pub fn announce(at: &web_sys::HtmlTextAreaElement) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = web_sys::Event::new_with_event_init_dict("say", &init);
        event.and_then(|event| at.dispatch_event(&event)).unwrap_or(true)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = at;
        true
    }
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

//! Where the visitor is: the address of the page, on the server and in the browser.
//!
//! A link is an ordinary load, of a page that is whole before its program runs. The exception are
//! links marked `data-inside`: they lead to another state of the same page (an open picture, a
//! tab), and the program follows them without a load (docs/decisions/0014).

use crate::routes;
use leptos::prelude::*;

/// What the server was asked for; it provides this to every page it draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub path: String,
    /// Without the question mark.
    pub query: String,
}

/// The present address.
#[derive(Clone, Copy)]
pub struct Place {
    pub path: RwSignal<String>,
    /// Without the question mark.
    pub query: RwSignal<String>,
}

/// Parts of an address that have names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named(Vec<(String, String)>);

impl Named {
    pub fn get(&self, name: &str) -> Option<String> {
        self.get_str(name).map(ToOwned::to_owned)
    }

    /// The last of this name.
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl FromIterator<(String, String)> for Named {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Hands the address to everything below, and keeps it true while the browser goes back and forth.
pub fn provide() -> Place {
    let asked = asked();
    let place = Place { path: RwSignal::new(asked.path), query: RwSignal::new(asked.query) };
    provide_context(place);
    #[cfg(feature = "hydrate")]
    follow(place);
    place
}

#[cfg(not(feature = "hydrate"))]
fn asked() -> Asked {
    use_context().unwrap_or(Asked { path: "/".to_owned(), query: String::new() })
}

#[cfg(feature = "hydrate")]
fn asked() -> Asked {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    Asked { path: location.pathname().unwrap_or_default(), query: query.trim_start_matches('?').to_owned() }
}

pub fn use_place() -> Place {
    expect_context()
}

/// The parts of the path that its route names.
pub fn use_params_map() -> Memo<Named> {
    let path = use_place().path;
    Memo::new(move |_| path.with(|path| routes::params(path)))
}

pub fn use_query_map() -> Memo<Named> {
    let query = use_place().query;
    Memo::new(move |_| query.with(|query| form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
}

impl Place {
    /// Goes to another state of this page: an own address without a fragment. With `replace`, Back
    /// does not lead to the present one.
    pub fn go(self, address: &str, replace: bool) {
        #[cfg(feature = "hydrate")]
        if let Ok(history) = window().history() {
            let nothing = wasm_bindgen::JsValue::NULL;
            let _ = match replace {
                true => history.replace_state_with_url(&nothing, "", Some(address)),
                false => history.push_state_with_url(&nothing, "", Some(address)),
            };
        }
        let _ = replace;
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        self.is(Asked { path: path.to_owned(), query: query.to_owned() });
    }

    fn is(self, now: Asked) {
        if self.query.with_untracked(|query| *query != now.query) {
            self.query.set(now.query);
        }
        if self.path.with_untracked(|path| *path != now.path) {
            self.path.set(now.path);
        }
    }
}

/// Follows the browser's Back, and the links marked `data-inside`.
#[cfg(feature = "hydrate")]
fn follow(place: Place) {
    window_event_listener_untyped("popstate", move |_| place.is(asked()));
    window_event_listener(leptos::ev::click, move |event| {
        let with_key = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if with_key || event.button() != 0 || event.default_prevented() {
            return;
        }
        if let Some(address) = address_inside(&event) {
            event.prevent_default();
            place.go(&address, false);
        }
    });
}

/// Where the clicked link leads, if the program shall follow it.
#[cfg(feature = "hydrate")]
fn address_inside(event: &leptos::web_sys::MouseEvent) -> Option<String> {
    use wasm_bindgen::JsCast;
    let target = event.target()?.dyn_into::<leptos::web_sys::Element>().ok()?;
    target.closest("a[data-inside]").ok()??.get_attribute("href")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_browsers_write_it() {
        let named = |query: &str| -> Named { form_urlencoded::parse(query.as_bytes()).into_owned().collect() };
        assert_eq!(named("q=a+b%20c&x=").get("q").as_deref(), Some("a b c"));
        assert_eq!(named("q=a+b%20c&x=").get("x").as_deref(), Some(""));
        assert_eq!(named("q=1&q=2").get_str("q"), Some("2"));
        assert_eq!(named("q=100%").get_str("q"), Some("100%"));
        assert_eq!(named("").get("q"), None);
    }
}

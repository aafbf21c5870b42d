//! The page of an address that leads nowhere; its call sets the status 404.

use crate::browser;
use crate::calls::sessions::load_nothing;
use crate::parts::page::{Layout, load, page};
use leptos::prelude::*;

/// Also drawn, as nothing, when a link leads to a page that this program does not know, as one
/// that is older than the server. Then the server is asked.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    if !browser::is_first_page() {
        browser::reload();
        return ().into_any();
    }
    let loaded = load(String::new, |_| load_nothing());
    page(Layout::Column, loaded, |(), _| ().into_any()).into_any()
}

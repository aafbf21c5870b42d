//! The page of an address that leads nowhere; its call sets the status 404.

use crate::calls::sessions::load_nothing;
use crate::parts::page::{Layout, load, page};
use leptos::prelude::*;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_nothing());
    page(Layout::Column, loaded, |(), _| ().into_any())
}

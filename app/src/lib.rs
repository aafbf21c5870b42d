//! The pages of Salon, compiled twice: to HTML on the server (`ssr`) and to WebAssembly in
//! the browser (`hydrate`). No rules of the house here: they are in `chat`, the words in
//! `domain`.
#![recursion_limit = "256"]

pub mod browser;
pub mod calls;
pub mod live;
pub mod pages;
pub mod parts;
pub mod paths;
pub mod place;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod settings;
pub mod text;
pub mod visitor;

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

/// The HTML document around the app. `options.output_name` names the program it loads, unless
/// it `is_plain`: then it loads none.
pub fn shell(options: LeptosOptions, is_plain: bool) -> impl IntoView {
    let prefs = visitor::current();
    let style = format!("/{}/salon.css", options.site_pkg_dir);
    let unread = format!("/{}/unread.js", options.site_pkg_dir);
    let me = visitor::signed_in();
    let embed = visitor::embed();
    let inside = format!("/{}/embed.js", options.site_pkg_dir);
    let list = format!("/{}/guest_list.js", options.site_pkg_dir);
    let is_list = use_context::<place::Asked>().is_some_and(|asked| asked.path == "/");
    let lists_for_guests = is_list && me.is_none() && embed.is_none();
    // Form controls and scroll bars follow the theme before the stylesheet has come.
    let scheme = prefs.theme.attribute().unwrap_or("light dark");
    view! {
        <!DOCTYPE html>
        <html
            lang=prefs.lang.tag()
            data-theme=prefs.theme.attribute()
            data-tz=prefs.tz.to_string()
            data-plain=is_plain
            data-me=me.clone()
            data-embed=embed.clone()
        >
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, interactive-widget=resizes-content, viewport-fit=cover"
                />
                <meta name="color-scheme" content=scheme />
                // Before anything asks for anything. What leads away opens beside the other site's page.
                {embed.is_some().then(|| view! {
                    <base target="_blank" />
                    <script nonce=leptos::nonce::use_nonce() src=inside></script>
                })}
                <link rel="stylesheet" href=style />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {(!is_plain).then(|| view! {
                    <script nonce=leptos::nonce::use_nonce()>{browser::STAY}</script>
                    <HydrationScripts options />
                })}
                // Also on plain pages: what is unread is said in the title of every tab.
                // A page inside another site's counts for itself.
                {(me.is_some() && embed.is_none()).then(|| view! { <script defer nonce=leptos::nonce::use_nonce() src=unread></script> })}
                {lists_for_guests.then(|| view! { <script defer nonce=leptos::nonce::use_nonce() src=list></script> })}
                <MetaTags />
            </head>
            <body>
                <App />
                {(me.is_some() && !is_plain).then(|| view! { <script nonce=leptos::nonce::use_nonce()>{browser::OPEN}</script> })}
            </body>
        </html>
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    visitor::provide_prefs();
    browser::tell_time_zone();
    let place = place::provide();
    let page = place.path.with_untracked(|path| routes::find(path));
    // Made once: another page is another load.
    let page = page.map_or_else(|| pages::not_found::NotFoundPage().into_any(), |route| (route.page)());
    view! {
        {page}
        <parts::page::BasicMode />
    }
}

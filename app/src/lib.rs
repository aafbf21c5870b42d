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
pub mod text;
pub mod visitor;

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The HTML document around the app.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let prefs = visitor::current();
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    // Form controls and scroll bars follow the theme before the stylesheet has come.
    let scheme = prefs.theme.attribute().unwrap_or("light dark");
    view! {
        <!DOCTYPE html>
        <html lang=prefs.lang.tag() data-theme=prefs.theme.attribute() data-tz=prefs.tz.to_string()>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, interactive-widget=resizes-content, viewport-fit=cover"
                />
                <meta name="color-scheme" content=scheme />
                <link rel="stylesheet" href=style />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Every address of the product. All pages are whole HTML before any script runs.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    visitor::provide_prefs();
    browser::tell_time_zone();
    view! {
        <Router>
            <Routes fallback=pages::not_found::NotFoundPage>
                <Route path=path!("/") view=pages::rooms::RoomsPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=pages::sign_in::SignInPage ssr=SsrMode::Async />
                <Route path=path!("/register") view=pages::register::RegisterPage ssr=SsrMode::Async />
                <Route path=path!("/register/:invite") view=pages::register::RegisterPage ssr=SsrMode::Async />
                <Route path=path!("/setup/:token") view=pages::setup::SetupPage ssr=SsrMode::Async />
                <Route path=path!("/me") view=pages::me::MePage ssr=SsrMode::Async />
                <Route path=path!("/admin/rooms") view=pages::admin::rooms::AdminRoomsPage ssr=SsrMode::Async />
                <Route path=path!("/admin/rooms/new") view=pages::admin::new_room::NewRoomPage ssr=SsrMode::Async />
                <Route path=path!("/admin/rooms/:slug") view=pages::admin::room::AdminRoomPage ssr=SsrMode::Async />
                <Route path=path!("/admin/people") view=pages::admin::people::PeoplePage ssr=SsrMode::Async />
                <Route path=path!("/r/:slug/pictures") view=pages::pictures::PicturesPage ssr=SsrMode::Async />
                // One page for both addresses, so that opening a picture keeps the room and
                // its socket. The children draw nothing.
                <ParentRoute path=path!("/r/:slug") view=pages::room::RoomPage ssr=SsrMode::Async>
                    <Route path=path!("") view=|| () ssr=SsrMode::Async />
                    <Route path=path!("p/:picture") view=|| () ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
        <parts::page::BasicMode />
    }
}

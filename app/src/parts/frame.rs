//! The head of every page: skip link, navigation, the visitor's menu.

use super::avatar::Avatar;
use super::icon;
use crate::calls::Frame;
use crate::paths;
use crate::place::use_place;
use crate::text::Lang;
use crate::visitor::{Theme, prefs, words};
use domain::person::{Me, Registration};
use leptos::prelude::*;

#[component]
pub fn Header(frame: Frame) -> impl IntoView {
    let t = words();
    let admin = frame.is_admin();
    view! {
        <a class="skip" href="#main" rel="external">{t.common.skip}</a>
        <header class="head">
            <a class="brand" href="/">
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                    <path class="brand-back" d="M8 2h16a6 6 0 0 1 6 6v16a6 6 0 0 1-6 6H8a6 6 0 0 1-6-6V8a6 6 0 0 1 6-6Z" />
                    <path class="brand-front" d="M9 10h14v9h-7l-4.5 3.5V19H9Z" />
                </svg>
                "Salon"
            </a>
            <nav class="head-nav" aria-label=t.common.menu>
                <NavLink href="/" label=t.common.rooms exact=true />
                {admin.then(|| view! {
                    <NavLink href="/admin/rooms" label=t.common.manage exact=false />
                })}
            </nav>
            <div class="head-end">
                <a class="icon-button" href="/search" aria-label=t.common.search title=t.common.search>{icon::search()}</a>
                {account(frame)}
            </div>
        </header>
    }
}

/// A link of the navigation that knows whether it is the present page.
#[component]
fn NavLink(href: &'static str, label: &'static str, exact: bool) -> impl IntoView {
    let path = use_place().path;
    let is_here = move || {
        let path = path.get();
        // Everything below /admin belongs to "Manage".
        if exact { path == href } else { path.starts_with("/admin") }
    };
    view! { <a class="tab" href=href aria-current=move || is_here().then_some("page")>{label}</a> }
}

/// The way in for guests, and the menu for everybody.
fn account(frame: Frame) -> impl IntoView {
    let t = words();
    let guest = frame.me.is_none();
    // The doors themselves need no way in.
    let entrance = (guest && !is_door(&here().get_untracked())).then(|| {
        let open = frame.registration == Registration::Open;
        let back = here_to_return();
        view! {
            <a class="button button-quiet head-in" href=move || paths::sign_in(&back.get())>{t.common.sign_in}</a>
            {open.then(|| view! { <a class="button head-up" href="/register">{t.common.sign_up}</a> })}
        }
    });
    let face = match frame.me.clone() {
        Some(me) => view! { <Avatar person=me.person /> }.into_any(),
        None => icon::settings(),
    };
    let label = match &frame.me {
        Some(me) => format!("{}: {}", t.common.me, me.person.display),
        None => t.common.appearance.to_owned(),
    };
    view! {
        {entrance}
        <button type="button" class="icon-button" popovertarget="account-menu" aria-label=label>{face}</button>
        <div id="account-menu" class="menu" popover="auto">
            {frame.me.map(|me| view! { <MeLinks me /> })}
            <Choices />
            {(!guest).then(sign_out)}
        </div>
    }
}

#[component]
fn MeLinks(me: Me) -> impl IntoView {
    view! {
        <a class="menu-me" href="/me">
            <Avatar person=me.person.clone() />
            <span>
                <bdi class="menu-name">{me.person.display.clone()}</bdi>
                <span class="menu-note">{words().common.me}</span>
            </span>
        </a>
    }
}

/// Language and colours. Plain forms: the whole page changes, so it is loaded anew.
#[component]
pub fn Choices() -> impl IntoView {
    let t = words();
    let prefs = prefs();
    let languages = Lang::ALL.map(|lang| {
        let chosen = if lang == prefs.lang { "true" } else { "false" };
        view! {
            <button name="lang" value=lang.as_str() lang=lang.tag() aria-pressed=chosen>{lang.own_name()}</button>
        }
    });
    let themes = Theme::ALL.map(|theme| {
        let chosen = if theme == prefs.theme { "true" } else { "false" };
        view! { <button name="theme" value=theme.as_str() aria-pressed=chosen>{theme_name(theme)}</button> }
    });
    let here = here();
    view! {
        <form class="switch" method="post" action=move || paths::call("choose-language", &here.get())>
            <fieldset>
                <legend>{t.common.language}</legend>
                <div class="switch-row">{languages.collect_view()}</div>
            </fieldset>
        </form>
        <form class="switch" method="post" action=move || paths::call("choose-theme", &here.get())>
            <fieldset>
                <legend>{t.common.theme}</legend>
                <div class="switch-row">{themes.collect_view()}</div>
            </fieldset>
        </form>
    }
}

fn theme_name(theme: Theme) -> &'static str {
    let common = words().common;
    match theme {
        Theme::System => common.theme_system,
        Theme::Light => common.theme_light,
        Theme::Dark => common.theme_dark,
    }
}

fn sign_out() -> impl IntoView {
    view! {
        <form class="menu-out" method="post" action=paths::call("sign-out", "/")>
            <button class="button button-quiet">{words().common.sign_out}</button>
        </form>
    }
}

/// The present address without what an earlier form left in it.
pub fn here() -> Memo<String> {
    let place = use_place();
    Memo::new(move |_| {
        let query = place.query.get();
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("problem=") && !pair.starts_with("call="))
            .collect();
        let path = place.path.get();
        if kept.is_empty() { path } else { format!("{path}?{}", kept.join("&")) }
    })
}

/// Where signing in from this page leads back to: not to the doors themselves.
pub fn here_to_return() -> Memo<String> {
    let here = here();
    Memo::new(move |_| {
        let here = here.get();
        if is_door(&here) { "/".to_owned() } else { here }
    })
}

fn is_door(path: &str) -> bool {
    ["/sign-in", "/register", "/setup"].iter().any(|door| path.starts_with(door))
}

//! `/sign-in?from=/r/live`

use crate::calls::Frame;
use crate::calls::sessions::{Door, load_door};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::{Field, Secret};
use crate::parts::form::CallForm;
use crate::parts::frame::here;
use crate::parts::page::{Layout, load, page};
use crate::paths;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::person::Registration;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SignInPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_door());
    page(Layout::Door, loaded, content)
}

fn content(door: Door, frame: Frame) -> AnyView {
    let t = words();
    let next = next_page();
    view! {
        <Title text=t.title(t.common.sign_in) />
        <section class="door">
            <h1>{t.auth.sign_in_title}</h1>
            {if frame.me.is_some() { already(&next) } else { form(next.clone(), door.typed) }}
        </section>
        {(frame.registration == Registration::Open).then(|| view! {
            <p class="door-foot">{t.auth.no_account} " " <a href=with_next("/register", &next)>{t.common.sign_up}</a></p>
        })}
    }
    .into_any()
}

fn form(next: String, typed: String) -> AnyView {
    let (t, i) = (words(), words().identity());
    view! {
        <CallForm call="sign-in" from=here().get_untracked() class="form">
            <input type="hidden" name="next" value=next />
            <Field
                name="name"
                label=i.name_or_email
                value=typed
                autocomplete="username"
                required=true
                plain=true
                focus=true
                max=254
            />
            <Secret name="password" label=t.auth.password autocomplete="current-password" />
            <Submit label=t.common.sign_in busy=t.auth.signing_in tone=Tone::Primary />
            <p><a href="/forgot">{i.forgot}</a></p>
        </CallForm>
    }
    .into_any()
}

/// For those who come to a door while they are inside.
pub fn already(next: &str) -> AnyView {
    let t = words();
    view! {
        <p>{t.auth.already}</p>
        <p><a class="button button-primary" href=next.to_owned()>{t.common.to_rooms}</a></p>
    }
    .into_any()
}

/// Where to go afterwards: `?from=`, on this site only.
pub fn next_page() -> String {
    let from = use_query_map().read_untracked().get("from").unwrap_or_default();
    paths::own(&from).to_owned()
}

/// Takes the place to return to along to another door.
pub fn with_next(door: &str, next: &str) -> String {
    if next == "/" { door.to_owned() } else { format!("{door}?from={}", paths::encode(next)) }
}

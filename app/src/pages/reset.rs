//! `/reset/<token>`: a new password, by a link from an administrator.

use super::join::gone;
use crate::calls::site::load_reset;
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Secret;
use crate::parts::form::CallForm;
use crate::parts::page::{Layout, load, page};
use crate::place::use_params_map;
use crate::visitor::words;
use domain::person::Person;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

#[component]
pub fn ResetPage() -> impl IntoView {
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let asked = token.clone();
    let loaded = load(String::new, move |_| load_reset(asked.clone()));
    page(Layout::Door, loaded, move |found: Option<Person>, _| match found {
        Some(person) => form(person, &token),
        None => gone(words().people().reset_gone),
    })
}

fn form(person: Person, token: &str) -> AnyView {
    let t = words();
    let p = t.people();
    let (from, token) = (format!("/reset/{token}"), token.to_owned());
    view! {
        <Title text=t.title(p.choose_password) />
        <Meta name="robots" content="noindex" />
        <section class="door">
            <h1>{p.choose_password}</h1>
            <p class="lead"><bdi>"@" {person.name.clone()}</bdi> " · " {p.choose_lead}</p>
            <CallForm call="reset-password" from fields=&["new", "again", "password"] class="form">
                <input type="hidden" name="token" value=token />
                // So that password managers know whose it is.
                <input type="text" name="username" value=person.name autocomplete="username" readonly hidden />
                <Secret name="new" label=t.me.new_password hint=t.auth.password_hint autocomplete="new-password" />
                <Secret name="again" label=t.auth.password_again autocomplete="new-password" />
                <Submit label=p.choose_password tone=Tone::Primary />
            </CallForm>
        </section>
    }
    .into_any()
}

//! `/setup/<token>`: the first administrator, by the one-time link from the console.

use super::register::PersonFields;
use crate::calls::sessions::load_setup;
use crate::parts::button::{Submit, Tone};
use crate::parts::form::CallForm;
use crate::parts::page::{Layout, load, page};
use crate::place::use_params_map;
use crate::visitor::words;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SetupPage() -> impl IntoView {
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let asked = token.clone();
    let loaded = load(move || asked.clone(), load_setup);
    page(Layout::Door, loaded, move |open, _| if open { form(&token) } else { closed() })
}

fn form(token: &str) -> AnyView {
    let t = words();
    let from = format!("/setup/{token}");
    let token = token.to_owned();
    view! {
        <Title text=t.title(t.auth.setup_title) />
        <section class="door">
            <h1>{t.auth.setup_title}</h1>
            <p class="lead">{t.auth.setup_lead}</p>
            <CallForm
                call="setup"
                from
                fields=&["name", "display", "password"]
                class="form"
            >
                <input type="hidden" name="token" value=token />
                <PersonFields />
                <Submit label=t.auth.setup_title busy=t.auth.creating tone=Tone::Primary />
            </CallForm>
        </section>
    }
    .into_any()
}

/// The link was used or replaced: says where the present one is.
fn closed() -> AnyView {
    let t = words();
    view! {
        <Title text=t.title(t.common.gone_title) />
        <section class="door">
            <h1>{t.common.gone_title}</h1>
            <p>{t.auth.setup_done}</p>
            <p><a class="button button-primary" href="/sign-in">{t.common.sign_in}</a></p>
        </section>
    }
    .into_any()
}

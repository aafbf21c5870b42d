//! `/forgot`: a link for a new password, by mail.

use crate::calls::identity::load_forgot;
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Field;
use crate::parts::form::CallForm;
use crate::parts::page::{Layout, load, page};
use crate::place::use_query_map;
use crate::visitor::words;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ForgotPage() -> impl IntoView {
    let is_sent = use_query_map().read_untracked().get("sent").is_some();
    page(Layout::Door, load(String::new, |_| load_forgot()), move |(), _| content(is_sent))
}

fn content(is_sent: bool) -> AnyView {
    let (t, i) = (words(), words().identity());
    let inner = if is_sent { view! { <p role="status">{i.forgot_sent}</p> }.into_any() } else { form() };
    view! {
        <Title text=t.title(i.forgot_title) />
        <section class="door">
            <h1>{i.forgot_title}</h1>
            {inner}
        </section>
        <p class="door-foot">{i.forgot_none} " " <a href="/sign-in">{t.common.sign_in}</a></p>
    }
    .into_any()
}

fn form() -> AnyView {
    let i = words().identity();
    view! {
        <p class="lead">{i.forgot_lead}</p>
        <CallForm call="forgot-password" from="/forgot" fields=&["email"] class="form">
            <Field name="email" label=i.email kind="email" autocomplete="email" required=true plain=true focus=true max=254 />
            <Submit label=i.forgot_send tone=Tone::Primary />
        </CallForm>
    }
    .into_any()
}

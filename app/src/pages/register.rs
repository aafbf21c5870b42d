//! `/register` and `/register/<invitation>`

use super::sign_in::{already, next_page, with_next};
use crate::calls::Frame;
use crate::calls::sessions::{Door, load_door};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::{Field, Secret};
use crate::parts::form::CallForm;
use crate::parts::frame::here;
use crate::parts::page::{Layout, load, page};
use crate::place::use_params_map;
use crate::visitor::words;
use domain::person::Registration;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn RegisterPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_door());
    let invite = use_params_map().read_untracked().get("invite").unwrap_or_default();
    page(Layout::Door, loaded, move |door, frame| content(door, frame, &invite))
}

fn content(door: Door, frame: Frame, invite: &str) -> AnyView {
    let t = words();
    let next = next_page();
    let inner = match (frame.me.is_some(), frame.registration, invite.is_empty()) {
        (true, _, _) => already(&next),
        (false, Registration::Closed, _) => view! { <p>{t.auth.closed}</p> }.into_any(),
        (false, Registration::Invited, true) => view! { <p>{t.auth.invited_only}</p> }.into_any(),
        (false, Registration::Open | Registration::Invited, _) => form(invite, &next, door),
    };
    view! {
        <Title text=t.title(t.common.sign_up) />
        <section class="door">
            <h1>{t.auth.sign_up_title}</h1>
            {inner}
        </section>
        <p class="door-foot">{t.auth.have_account} " " <a href=with_next("/sign-in", &next)>{t.common.sign_in}</a></p>
    }
    .into_any()
}

fn form(invite: &str, next: &str, door: Door) -> AnyView {
    let t = words();
    let (invite, next) = (invite.to_owned(), next.to_owned());
    view! {
        {(!invite.is_empty()).then(|| view! { <p class="lead">{t.auth.invited_lead}</p> })}
        <CallForm call="register" from=here().get_untracked() fields=&["name", "display", "email", "password"] class="form">
            <input type="hidden" name="invite" value=invite />
            <input type="hidden" name="next" value=next />
            <PersonFields typed=door.typed with_email=door.proves_email />
            <Submit label=t.common.sign_up busy=t.auth.creating tone=Tone::Primary />
        </CallForm>
    }
    .into_any()
}

/// What a new account needs.
#[component]
pub fn PersonFields(
    /// The user name from the attempt before.
    #[prop(optional)]
    typed: String,
    /// Whether their address has to be proved.
    #[prop(optional)]
    with_email: bool,
) -> impl IntoView {
    let (auth, identity) = (words().auth, words().identity());
    view! {
        <Field
            name="name"
            label=auth.name
            value=typed
            hint=auth.name_hint
            autocomplete="username"
            required=true
            plain=true
            focus=true
            max=32
        />
        <Field name="display" label=auth.display hint=auth.display_hint autocomplete="nickname" max=48 />
        {with_email.then(|| view! {
            <Field
                name="email"
                label=identity.email
                hint=identity.email_hint
                kind="email"
                autocomplete="email"
                required=true
                plain=true
                max=254
            />
        })}
        <Secret name="password" label=auth.password hint=auth.password_hint autocomplete="new-password" />
    }
}

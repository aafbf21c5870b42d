//! `/me`: the visitor's profile, password, devices and choices.

use crate::calls::Frame;
use crate::calls::sessions::{MyAccount, load_me};
use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::confirm::confirm;
use crate::parts::device::device_words;
use crate::parts::field::{Field, Secret};
use crate::parts::form::{CallForm, Done, SavedNote};
use crate::parts::frame::Choices;
use crate::parts::page::{Layout, load, page};
use crate::parts::player::load_script;
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::visitor::words;
use domain::person::{Me, Person, Session, SiteRole};
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

#[component]
pub fn MePage() -> impl IntoView {
    let loaded = load(String::new, |_| load_me());
    let again: Done = Arc::new(move || loaded.refetch());
    page(Layout::Column, loaded, move |account, frame| content(account, frame, again.clone()))
}

fn content(account: MyAccount, frame: Frame, again: Done) -> AnyView {
    let t = words();
    let now = frame.now;
    let Some(me) = frame.me else { return ().into_any() };
    view! {
        <Title text=t.title(t.me.title) />
        <div class="page-head">
            <h1>{t.me.title}</h1>
            <a class="button" href="/me/privacy">{t.me.privacy}</a>
        </div>
        <section class="panel">{profile(me.clone(), account.about, again.clone())}</section>
        <section class="panel">{portrait(me.person, again.clone())}</section>
        <section class="panel">
            <h2>{t.common.appearance}</h2>
            <Choices />
            {opening(account.newest)}
            {enter_key()}
        </section>
        <section class="panel">
            <h2>{t.me.notices}</h2>
            <p class="lead">{t.me.notices_lead}</p>
            <a class="button" href=crate::paths::NOTICES>{t.me.notices_open}</a>
        </section>
        <section class="panel">{email(account.email, again.clone())}</section>
        <section class="panel">{password(again.clone())}</section>
        <section class="panel">{sessions(account.sessions, now, again)}</section>
        <p><a href="/me/close">{t.identity().leave}</a></p>
    }
    .into_any()
}

/// Where rooms open, as the other choices of this device.
fn opening(newest: bool) -> impl IntoView {
    let t = words().me;
    let choice = |value: &'static str, label: &'static str, chosen: bool| {
        let pressed = if chosen { "true" } else { "false" };
        view! { <button name="opens" value=value aria-pressed=pressed>{label}</button> }
    };
    view! {
        <form class="switch" method="post" action=paths::call("choose-opening", "/me")>
            <fieldset>
                <legend>{t.opens}</legend>
                <div class="switch-row">
                    {choice("unread", t.opens_unread, !newest)} {choice("newest", t.opens_newest, newest)}
                </div>
            </fieldset>
        </form>
    }
}

/// What Enter does while one writes, on this device: `public/pkg/help.js` keeps it.
fn enter_key() -> impl IntoView {
    let t = words().me;
    load_script("help");
    view! {
        <div class="switch needs-script" data-enter-choice="">
            <fieldset>
                <legend>{t.enter}</legend>
                <div class="switch-row">
                    <button type="button" value="" aria-pressed="true">{t.enter_sends}</button>
                    <button type="button" value="ctrl" aria-pressed="false">{t.enter_breaks}</button>
                </div>
            </fieldset>
        </div>
    }
}

fn profile(me: Me, about: String, again: Done) -> impl IntoView {
    let t = words();
    let role = match me.role {
        SiteRole::Admin => t.me.role_admin,
        SiteRole::Member => t.me.role_member,
    };
    let i = t.identity();
    view! {
        <h2>{t.me.profile}</h2>
        <p class="me-name"><bdi>{me.person.name.clone()}</bdi> <span class="chip">{role}</span></p>
        <p class="field-hint">{t.me.sign_in_name_hint}</p>
        <CallForm call="change-profile" from="/me" fields=&["display", "about"] class="form" done=again>
            <Field
                name="display"
                label=t.auth.display
                hint=t.auth.display_hint
                value=me.person.display.clone()
                autocomplete="nickname"
                required=true
                max=48
            />
            <Field name="about" label=i.about hint=i.about_hint value=about max=200 />
            <div class="row">
                <Submit label=t.common.save busy=t.common.saving />
                <a class="button button-quiet" href=paths::person(&me.person.name) rel="external">{i.see_profile}</a>
                <SavedNote />
            </div>
        </CallForm>
    }
}

/// The file is sent as forms send files, with scripts and without.
fn portrait(person: Person, again: Done) -> impl IntoView {
    let i = words().identity();
    let has_one = !person.portrait.is_empty();
    view! {
        <h2>{i.portrait}</h2>
        <ReturnedProblem calls=&["upload-portrait"] />
        <div class="me-line">
            <Avatar person />
            <form class="form" method="post" enctype="multipart/form-data" action="/upload/portrait?from=%2Fme">
                <div class="field">
                    <label for="portrait-file">{i.portrait}</label>
                    <input
                        id="portrait-file"
                        type="file"
                        name="picture"
                        accept="image/png,image/jpeg,image/gif,image/webp"
                        required
                        aria-describedby="portrait-hint"
                    />
                    <p class="field-hint" id="portrait-hint">{i.portrait_hint}</p>
                </div>
                <div class="row"><button class="button">{i.portrait_save}</button></div>
            </form>
        </div>
        {has_one.then(|| {
            let form = view! {
                <CallForm call="remove-portrait" from="/me" done=again>
                    <Submit label=i.portrait_remove tone=Tone::Danger />
                </CallForm>
            };
            confirm((i.portrait_remove, Tone::Quiet), "", i.portrait_gone.to_owned(), form.into_any())
        })}
    }
}

fn email(email: Option<String>, again: Done) -> impl IntoView {
    let (t, i) = (words(), words().identity());
    let now = match email {
        Some(email) => view! { <p>{i.email_now} ": " <bdi>{email}</bdi></p> }.into_any(),
        None => view! { <p>{i.email_none}</p> }.into_any(),
    };
    view! {
        <h2>{i.email}</h2>
        <p class="lead">{i.email_lead}</p>
        {now}
        <CallForm call="change-email" from="/me" fields=&["email"] class="form" done=again reset=true>
            <Field
                name="email"
                label=i.email_new
                hint=i.email_new_hint
                kind="email"
                autocomplete="email"
                plain=true
                max=254
            />
            <Secret name="password" label=i.your_password autocomplete="current-password" />
            <div class="row"><Submit label=i.email_change busy=t.common.saving /> <SavedNote /></div>
        </CallForm>
    }
}

fn password(again: Done) -> impl IntoView {
    let t = words();
    view! {
        <h2>{t.me.password}</h2>
        <p class="lead">{t.me.password_lead}</p>
        <CallForm
            call="change-password"
            from="/me"
            fields=&["old", "new", "again", "password"]
            class="form"
            done=again
            reset=true
        >
            <Secret name="old" label=t.me.old_password autocomplete="current-password" />
            <Secret name="new" label=t.me.new_password hint=t.auth.password_hint autocomplete="new-password" />
            <Secret name="again" label=t.auth.password_again autocomplete="new-password" />
            <div class="row"><Submit label=t.me.change busy=t.common.saving /> <SavedNote text=t.me.changed /></div>
        </CallForm>
    }
}

fn sessions(sessions: Vec<Session>, now: i64, again: Done) -> impl IntoView {
    let t = words();
    let several = sessions.len() > 1;
    let rows = sessions.into_iter().map(|session| device(session, now, again.clone())).collect_view();
    view! {
        <h2>{t.me.sessions}</h2>
        <p class="lead">{t.me.sessions_lead}</p>
        <ReturnedProblem calls=&["end-session"] />
        <ul class="rows">{rows}</ul>
        {several.then(|| view! {
            <CallForm call="end-other-sessions" from="/me" done=again>
                <Submit label=t.identity().end_others />
            </CallForm>
        })}
    }
}

fn device(session: Session, now: i64, again: Done) -> impl IntoView {
    let t = words();
    let describe = format!("{}: {}", t.me.end_session, session.device);
    view! {
        <li class="row-line">
            {device_words(&session, now)}
            {(!session.is_this).then(|| view! {
                <CallForm call="end-session" from="/me" class="row-form" done=again>
                    <input type="hidden" name="session" value=session.id.to_string() />
                    <Submit label=t.me.end_session tone=Tone::Quiet describe />
                </CallForm>
            })}
        </li>
    }
}

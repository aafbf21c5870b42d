//! `/me`: the visitor's profile, password, devices and choices.

use crate::calls::Frame;
use crate::calls::sessions::{MyAccount, load_me};
use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::device::device_words;
use crate::parts::field::{Field, Secret};
use crate::parts::form::{CallForm, Done, SavedNote};
use crate::parts::frame::Choices;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::visitor::words;
use domain::person::{Me, Session, SiteRole};
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
        <div class="page-head"><h1>{t.me.title}</h1></div>
        <section class="panel">{profile(me, again.clone())}</section>
        <section class="panel">
            <h2>{t.common.appearance}</h2>
            <Choices />
        </section>
        <section class="panel">
            <h2>{t.me.notices}</h2>
            <p class="lead">{t.me.notices_lead}</p>
            <a class="button" href=crate::paths::NOTICES>{t.me.notices_open}</a>
        </section>
        <section class="panel">{password(again.clone())}</section>
        <section class="panel">{sessions(account.sessions, now, again)}</section>
    }
    .into_any()
}

fn profile(me: Me, again: Done) -> impl IntoView {
    let t = words();
    let role = match me.role {
        SiteRole::Admin => t.me.role_admin,
        SiteRole::Member => t.me.role_member,
    };
    view! {
        <h2>{t.me.profile}</h2>
        <div class="me-line">
            <Avatar person=me.person.clone() />
            <div>
                <p class="me-name"><bdi>{me.person.name.clone()}</bdi> <span class="chip">{role}</span></p>
                <p class="field-hint">{t.me.sign_in_name_hint}</p>
            </div>
        </div>
        <CallForm call="change-display" from="/me" fields=&["display"] class="form" done=again>
            <Field
                name="display"
                label=t.auth.display
                hint=t.auth.display_hint
                value=me.person.display.clone()
                autocomplete="nickname"
                required=true
                max=48
            />
            <div class="row"><Submit label=t.common.save busy=t.common.saving /> <SavedNote /></div>
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
    let rows = sessions.into_iter().map(|session| device(session, now, again.clone())).collect_view();
    view! {
        <h2>{t.me.sessions}</h2>
        <p class="lead">{t.me.sessions_lead}</p>
        <ReturnedProblem calls=&["end-session"] />
        <ul class="rows">{rows}</ul>
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

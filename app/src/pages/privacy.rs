//! `/me/privacy`: what the visitor lets others know, and whom they have blocked. Links and forms
//! alone.

use crate::calls::Frame;
use crate::calls::contacts::{PrivacyPage as Data, load_privacy};
use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::form::CallForm;
use crate::parts::list::act;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::visitor::words;
use domain::contact::Privacy;
use domain::person::Person;
use leptos::prelude::*;
use leptos_meta::Title;

const HERE: &str = "/me/privacy";

#[component]
pub fn PrivacyPage() -> impl IntoView {
    page(Layout::Column, load(String::new, |_| load_privacy()), content)
}

fn content(data: Data, _: Frame) -> AnyView {
    let t = words();
    let p = t.private();
    view! {
        <Title text=t.title(p.privacy) />
        <div class="page-head">
            <h1>{p.privacy}</h1>
            <a class="button" href="/me">{t.me.title}</a>
        </div>
        <section class="panel">{choices(data.privacy)}</section>
        <section class="panel">{blocked(data.blocked)}</section>
    }
    .into_any()
}

fn choices(privacy: Privacy) -> impl IntoView {
    let t = words();
    let p = t.private();
    let choice = |name: &'static str, label: &'static str, on: bool| {
        view! { <label class="check"><input type="checkbox" name=name value="1" checked=on /> {label}</label> }
    };
    view! {
        <p class="lead">{p.privacy_lead}</p>
        <CallForm call="change-privacy" from=HERE class="form">
            {choice("presence", p.presence, privacy.presence)}
            {choice("receipts", p.receipts, privacy.receipts)}
            {choice("listed", p.listed, privacy.listed)}
            <p class="field-hint">{p.listed_hint}</p>
            <div class="row"><Submit label=t.common.save tone=Tone::Primary /></div>
        </CallForm>
    }
}

fn blocked(people: Vec<Person>) -> impl IntoView {
    let p = words().private();
    let none = people.is_empty();
    let rows = people.into_iter().map(|person| {
        let fields = [("person", person.id.to_string())];
        let unblock = act("unblock-person", HERE, &fields, (p.unblock, Tone::Quiet), &person.display);
        view! {
            <li class="row-line">
                <Avatar person=person.clone() />
                <div class="row-words">
                    <p class="row-name"><a href=paths::person(&person.name)><bdi>{person.display}</bdi></a></p>
                    <p class="row-note"><bdi>"@" {person.name}</bdi></p>
                </div>
                {unblock}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2>{p.black_list}</h2>
        <ReturnedProblem calls=&["unblock-person"] />
        {none.then(|| view! { <p class="field-hint">{p.nobody_blocked}</p> })}
        <ul class="rows">{rows}</ul>
    }
}

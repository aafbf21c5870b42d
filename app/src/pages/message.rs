//! `/r/<slug>/messages/<id>`: a message, and all that one can do with it, each by a link or a form.
//! `public/pkg/messages.js` takes the menu from here and shows it in the room.

use crate::calls::Frame;
use crate::calls::message::{MessageActs, load_message_acts};
use crate::parts::attachments::attachments;
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::parts::spans::spans;
use crate::paths;
use crate::place::use_params_map;
use crate::text::raw;
use crate::visitor::{prefs, words};
use domain::PersonId;
use domain::reaction::OFFERED;
use domain::span::{plain, recalled};
use domain::time::iso;
use leptos::prelude::*;
use leptos_meta::Title;

/// Calls of the forms here: what one refuses stands at the top.
const CALLS: &[&str] =
    &["post-message", "edit-message", "react-message", "recall-message", "hide-message", "forward-message"];

#[component]
pub fn MessagePage() -> impl IntoView {
    let params = use_params_map();
    let asked = move || {
        let params = params.read();
        format!("{}/{}", params.get_str("slug").unwrap_or_default(), params.get_str("message").unwrap_or_default())
    };
    let loaded = load(asked, |asked| {
        let (slug, message) = asked.split_once('/').unwrap_or_default();
        load_message_acts(slug.to_owned(), message.to_owned())
    });
    page(Layout::Column, loaded, |data, frame| content(&data, &frame))
}

fn content(data: &MessageActs, frame: &Frame) -> AnyView {
    let t = words();
    let (message, tz) = (&data.message, prefs().tz);
    let me = frame.me.as_ref().map(|me| me.person.id);
    let edited =
        message.edited.map(|at| view! { <span class="row-note">{t.message.edited} " " {t.moment(at, tz)}</span> });
    let gone = recalled(&message.spans).is_some();
    view! {
        <Title text=t.title(t.message.title) />
        <div class="page-head">
            <h1>{t.message.title}</h1>
            <a class="button" href=paths::message(&data.room.slug, message.seq)>{icon::chat()} {t.message.to_link}</a>
        </div>
        <ReturnedProblem calls=CALLS />
        <section class="panel">
            <p class="row-name">
                <bdi title=format!("@{}", message.author.name)>{message.author.display.clone()}</bdi> " "
                <time class="row-note" datetime=iso(message.at)>{t.moment(message.at, tz)}</time> " " {edited}
            </p>
            <blockquote class="moderated" dir="auto">{spans(&message.spans, me)}</blockquote>
            {attachments(&message.files, data.room.id)}
            {data.hidden.then(|| view! { <p class="field-hint">{t.message.hidden}</p> })}
            {(!gone || me.is_some()).then(|| menu(data, gone, me))}
        </section>
        {(!gone).then(|| who(data))}
        {(!gone && data.may_write).then(|| view! { {reply(data)} {edit(data)} {react(data)} })}
        {(!gone && me.is_some()).then(|| forward(data))}
    }
    .into_any()
}

fn here(data: &MessageActs) -> String {
    paths::message_acts(&data.room.slug, data.message.id)
}

/// A form of this page, with what all of them say.
fn form(call: &'static str, data: &MessageActs, class: &'static str, inner: AnyView) -> AnyView {
    view! {
        <form method="post" action=paths::call(call, &here(data)) class=class data-call=call>
            <input type="hidden" name="room" value=data.room.id.to_string() />
            <input type="hidden" name="message" value=data.message.id.to_string() />
            {inner}
        </form>
    }
    .into_any()
}

/// Short ways, and those acts that are one button.
fn menu(data: &MessageActs, gone: bool, me: Option<PersonId>) -> AnyView {
    let signed_in = me.is_some();
    let may_report = me.is_some_and(|me| me != data.message.author.id);
    let report = format!("/report/{}", data.message.id);
    let t = words().message;
    let line = plain(&data.message.spans);
    let to = |act: &'static str, label: &'static str| {
        view! { <li><a class="menu-item" data-act=act href=format!("{}#{act}", here(data))>{label}</a></li> }.into_any()
    };
    let link = paths::message(&data.room.slug, data.message.seq);
    let admin = format!("{}/messages/{}", paths::room_admin(&data.room.slug), data.message.id);
    view! {
        <ul class="message-menu" data-author=data.message.author.display.clone() aria-label=t.acts>
            {(!gone && data.may_write).then(|| view! { <li>{faces(data)}</li> })}
            {(!gone && data.may_write).then(|| to("reply", t.reply))}
            {(!gone).then(|| view! {
                <li class="needs-menu"><button type="button" class="menu-item" data-act="copy" data-copy=line data-done=words().common.copied>{t.copy}</button></li>
            })}
            <li><a class="menu-item" data-act="link" href=link data-done=words().common.copied>{t.link}</a></li>
            {data.typed.is_some().then(|| to("edit", t.edit))}
            {(!gone && signed_in).then(|| to("forward", t.forward))}
            // Others' are recalled where they are shown, on the page that the host's link leads to.
            {(data.may_recall && !may_report).then(|| {
                let again = data.typed.is_some().then_some(t.edit_again);
                let button = view! { <button class="menu-item" data-again=again>{t.recall}</button> };
                view! { <li>{form("recall-message", data, "", button.into_any())}</li> }
            })}
            {signed_in.then(|| view! { <li>{hide(data)}</li> })}
            {(!gone && may_report).then(|| view! { <li><a class="menu-item" href=report>{words().contact.report}</a></li> })}
            {data.may_host.then(|| view! { <li><a class="menu-item" href=admin>{words().room.moderate}</a></li> })}
            {(!data.who.is_empty()).then(|| to("who", t.details))}
        </ul>
    }
    .into_any()
}

fn hide(data: &MessageActs) -> AnyView {
    let (t, undo) = (words().message, words().common.undo);
    let label = if data.hidden { t.show } else { t.hide };
    let on = (!data.hidden).to_string();
    let inner = view! {
        <input type="hidden" name="on" value=on />
        <button class="menu-item" title=t.hide_hint data-done=t.hidden data-undo=undo>{label}</button>
    };
    form("hide-message", data, "", inner.into_any())
}

/// The reactions that are offered first.
fn faces(data: &MessageActs) -> AnyView {
    let others = data.message.reactions.iter().map(|one| one.emoji.as_str()).filter(|emoji| !OFFERED.contains(emoji));
    let all = OFFERED.into_iter().chain(others).map(|emoji| face(data, emoji));
    view! { <div class="faces" role="group" aria-label=words().message.react>{all.collect_view()}</div> }.into_any()
}

fn face(data: &MessageActs, emoji: &str) -> AnyView {
    let t = words();
    let mine = data.message.reactions.iter().any(|one| one.mine && one.emoji == emoji);
    let label = if mine { t.unreact(emoji) } else { t.react_with(emoji) };
    let inner = view! {
        <input type="hidden" name="emoji" value=emoji.to_owned() />
        <input type="hidden" name="on" value=(!mine).to_string() />
        <button class="face" aria-label=label.clone() title=label aria-pressed=mine.then_some("true")>{emoji.to_owned()}</button>
    };
    form("react-message", data, "", inner.into_any())
}

/// How many reacted, and for people with an account who.
fn who(data: &MessageActs) -> Option<AnyView> {
    let all = &data.message.reactions;
    let named = |emoji: &str| -> Vec<AnyView> {
        let people = data.who.iter().filter(|(with, _)| with == emoji);
        people.map(|(_, person)| view! { " " <bdi>{person.display.clone()}</bdi> }.into_any()).collect()
    };
    let row = |emoji: &str, count: u32| {
        view! { <li class="row-line"><span>{format!("{emoji} {count}")}</span> <span class="row-words">{named(emoji)}</span></li> }
    };
    (!all.is_empty()).then(|| {
        let rows = all.iter().map(|one| row(&one.emoji, one.count)).collect_view();
        view! { <section class="panel" id="who"><h2>{words().message.who}</h2><ul class="rows">{rows}</ul></section> }
            .into_any()
    })
}

fn reply(data: &MessageActs) -> AnyView {
    let t = words();
    let from = here(data);
    view! {
        <section class="panel" id="reply">
            <form method="post" action=paths::call("post-message", &from) class="form">
                <input type="hidden" name="room" value=data.room.id.to_string() />
                <input type="hidden" name="reply" value=data.message.id.to_string() />
                <input type="hidden" name="client_id" value=data.client_id.to_string() />
                <div class="field">
                    <label for="reply-text">{t.message.reply}</label>
                    <textarea id="reply-text" name="text" rows="3" dir="auto" required></textarea>
                </div>
                <div class="row"><button class="button button-primary">{t.room.send}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn edit(data: &MessageActs) -> Option<AnyView> {
    let t = words();
    let typed = data.typed.as_ref()?;
    let inner = view! {
        <div class="field">
            <label for="edit-text">{t.message.edit_text}</label>
            <textarea id="edit-text" name="text" rows="4" dir="auto" aria-describedby="edit-hint">{raw(typed)}</textarea>
            <p class="field-hint" id="edit-hint">{t.message.edit_hint}</p>
        </div>
        <div class="row"><button class="button">{t.common.save}</button></div>
    };
    let form = form("edit-message", data, "form", inner.into_any());
    Some(view! { <section class="panel" id="edit"><h2>{t.message.edit}</h2>{form}</section> }.into_any())
}

fn react(data: &MessageActs) -> AnyView {
    let t = words().message;
    let inner = view! {
        <input type="hidden" name="on" value="true" />
        <div class="field">
            <label for="emoji">{t.react_other}</label>
            <input id="emoji" name="emoji" maxlength="32" autocomplete="off" required />
        </div>
        <div class="row"><button class="button">{t.react_add}</button></div>
    };
    let form = form("react-message", data, "form", inner.into_any());
    view! { <section class="panel" id="react"><h2>{t.react}</h2>{form}</section> }.into_any()
}

fn forward(data: &MessageActs) -> AnyView {
    let t = words().message;
    let rooms = data.rooms.iter().map(|(id, title)| view! { <option value=id.to_string()>{title.clone()}</option> });
    let inner = if data.rooms.is_empty() {
        view! { <p class="field-hint">{t.forward_none}</p> }.into_any()
    } else {
        let inner = view! {
            <input type="hidden" name="client_id" value=data.client_id.to_string() />
            <div class="field">
                <label for="forward-to">{t.forward_to}</label>
                <select id="forward-to" name="to" aria-describedby="forward-hint">{rooms.collect_view()}</select>
                <p class="field-hint" id="forward-hint">{t.forward_hint}</p>
            </div>
            <div class="row"><button class="button">{t.forward}</button></div>
        };
        form("forward-message", data, "form", inner.into_any())
    };
    view! { <section class="panel" id="forward"><h2>{t.forward}</h2>{inner}</section> }.into_any()
}

//! Private chat: what one knows of the other, and what a stranger may do.

use super::button::{Submit, Tone};
use super::form::CallForm;
use crate::live::Live;
use crate::paths;
use crate::visitor::words;
use domain::PersonId;
use domain::contact::{Contact, Presence, slug_with};
use leptos::prelude::*;

/// Whether the other one is here, under their name.
#[component]
pub fn Here(live: Live) -> impl IntoView {
    let t = words();
    let presence = Memo::new(move |_| live.contact.with(|contact| contact.as_ref().map(|contact| contact.presence)));
    let online = move || presence.get() == Some(Presence::Online);
    let shown = move || presence.get().map(|presence| t.presence(presence, live.now.get(), live.tz));
    view! {
        <p role="status">
            {move || online().then(|| view! { <span class="dot" aria-hidden="true"></span> " " })} {shown}
        </p>
    }
}

/// What stands above the messages of somebody who is a stranger, or blocked; and how much more
/// one may say to a stranger oneself.
#[component]
pub fn ContactBar(live: Live) -> impl IntoView {
    let bar = Memo::new(move |_| live.contact.get());
    move || bar.get().and_then(content)
}

fn content(contact: Contact) -> Option<AnyView> {
    let t = words();
    let c = t.contact;
    let name = &contact.person.name;
    let act = |call: &'static str, label: &'static str, tone: Tone| form(call, contact.person.id, name, label, tone);
    let inside = if contact.blocked {
        view! { <p>{c.blocked}</p> {act("unblock-person", c.unblock, Tone::Plain)} }.into_any()
    } else if contact.asks {
        let report = format!("/report/{}", slug_with(name));
        view! {
            <p>{c.asks}</p>
            {act("accept-contact", c.accept, Tone::Primary)}
            {act("block-person", c.block, Tone::Plain)}
            <a class="button button-quiet" href=report>{c.report}</a>
        }
        .into_any()
    } else {
        let left = contact.left.filter(|left| *left > 0)?;
        view! { <p>{t.left(left)}</p> }.into_any()
    };
    Some(view! { <div class="contact-bar" role="status">{inside}</div> }.into_any())
}

fn form(call: &'static str, person: PersonId, name: &str, label: &'static str, tone: Tone) -> AnyView {
    let from = paths::room(&slug_with(name));
    view! {
        <CallForm call from class="row-form">
            <input type="hidden" name="person" value=person.to_string() />
            <Submit label tone />
        </CallForm>
    }
    .into_any()
}

/// How far the last own message has come; nothing beside others.
pub fn mark(seq: i64, live: Live) -> AnyView {
    let t = words();
    let shown = move || {
        let contact = live.contact.get().filter(|_| live.last_own.get() == seq)?;
        let c = t.contact;
        let (signs, class, label, at) = if contact.read.seq >= seq {
            ("✓✓", "mark mark-read", c.read, Some(contact.read.at))
        } else if contact.delivered.seq >= seq {
            ("✓✓", "mark", c.delivered, Some(contact.delivered.at))
        } else {
            ("✓", "mark", c.sent, None)
        };
        let title = at.map_or_else(|| label.to_owned(), |at| format!("{label} {}", t.moment(at, live.tz)));
        Some(
            view! { <span class=class title=title><span aria-hidden="true">{signs}</span><span class="sr">{label}</span></span> },
        )
    };
    shown.into_any()
}

//! `/join/<token>`: an invitation into a room.

use crate::calls::Frame;
use crate::calls::room_invites::{Invitation, load_invitation};
use crate::parts::button::Tone;
use crate::parts::list::act;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::place::use_params_map;
use crate::visitor::words;
use domain::person::Registration;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

#[component]
pub fn JoinPage() -> impl IntoView {
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let asked = token.clone();
    let loaded = load(String::new, move |_| load_invitation(asked.clone()));
    page(Layout::Door, loaded, move |found: Option<Invitation>, frame| match found {
        Some(invitation) => content(invitation, &frame, &token),
        None => gone(words().people().join_gone),
    })
}

fn content(Invitation { room, by, is_member }: Invitation, frame: &Frame, token: &str) -> AnyView {
    let t = words();
    let p = t.people();
    let lead = by.map_or_else(|| t.invited().to_owned(), |by| t.invites_you(&by.display));
    let from = format!("/join/{token}");
    let inner = match (&frame.me, is_member) {
        (Some(_), true) => view! {
            <p>{p.member_already}</p>
            <p><a class="button button-primary" href=paths::room(&room.slug)>{p.open_it}</a></p>
        }
        .into_any(),
        (Some(_), false) => {
            act("accept-invitation", &from, &[("token", token.to_owned())], (p.join, Tone::Primary), "")
        }
        (None, _) => doors(&from, frame.registration),
    };
    view! {
        <Title text=t.title(p.invitation) />
        <Meta name="robots" content="noindex" />
        <section class="door">
            <p class="lead"><bdi>{lead}</bdi></p>
            <h1 dir="auto">{room.title.clone()}</h1>
            {(!room.about.is_empty()).then(|| view! { <p dir="auto">{room.about.clone()}</p> })}
            <ReturnedProblem calls=&["accept-invitation"] />
            {inner}
        </section>
    }
    .into_any()
}

/// Both come back here.
fn doors(from: &str, registration: Registration) -> AnyView {
    let t = words();
    let p = t.people();
    let register = format!("/register?from={}", paths::encode(from));
    view! {
        <p>{p.sign_in_to_join}</p>
        <p><a class="button button-primary" href=paths::sign_in(from)>{t.common.sign_in}</a></p>
        {(registration == Registration::Open).then(|| view! {
            <p>{p.register_to_join}</p>
            <p><a class="button" href=register>{t.common.sign_up}</a></p>
        })}
    }
    .into_any()
}

/// One page for every link that does not work: nobody learns why.
pub(super) fn gone(why: &'static str) -> AnyView {
    let t = words();
    let p = t.people();
    view! {
        <Title text=t.title(p.link_gone_title) />
        <section class="door" data-code="gone">
            <h1>{p.link_gone_title}</h1>
            <p>{why}</p>
            <p><a class="button button-primary" href="/">{t.common.to_rooms}</a></p>
        </section>
    }
    .into_any()
}

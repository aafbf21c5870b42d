//! `/admin/rooms/<slug>/queue`: what waits for approval, decided by a button or a key each.

use crate::calls::Frame;
use crate::calls::moderation::{QueuePage as Data, load_queue};
use crate::parts::attachments::attachments;
use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::form::{CallForm, Done};
use crate::parts::icon;
use crate::parts::keys;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::place::use_params_map;
use crate::visitor::{prefs, words};
use domain::RoomId;
use domain::moderation::HeldMessage;
use domain::time::iso;
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

#[component]
pub fn QueuePage() -> impl IntoView {
    let params = use_params_map();
    let slug = move || params.read().get("slug").unwrap_or_default();
    let loaded = load(slug, load_queue);
    keys::press_by_key();
    let again: Done = Arc::new(move || loaded.refetch());
    page(Layout::Column, loaded, move |data, frame| content(data, frame, again.clone()))
}

fn content(Data { room, held }: Data, _: Frame, again: Done) -> AnyView {
    let t = words();
    let here = format!("{}/queue", paths::room_admin(&room.slug));
    let moderation = format!("{}/moderation", paths::room_admin(&room.slug));
    let none = held.is_empty();
    let rows = held.into_iter().map(|message| row(room.id, message, here.clone(), again.clone())).collect_view();
    view! {
        <Title text=t.title(&format!("{} · {}", t.moderation.queue, room.title)) />
        <div class="page-head">
            <h1 dir="auto">{room.title.clone()} " · " {t.moderation.queue}</h1>
            <a class="button" href=moderation>{icon::settings()} {t.moderation.title}</a>
            <a class="button" href=paths::room(&room.slug)>{icon::chat()} {t.admin.open_room}</a>
        </div>
        <ReturnedProblem calls=&["approve-held", "decline-held"] />
        {if none {
            view! { <div class="empty"><p>{t.moderation.queue_empty}</p></div> }.into_any()
        } else {
            view! {
                <p class="lead needs-script">{t.moderation.queue_lead}</p>
                <ul class="rows panel queue">{rows}</ul>
            }
                .into_any()
        }}
    }
    .into_any()
}

/// The buttons carry the keys that press them.
fn row(room: RoomId, message: HeldMessage, from: String, again: Done) -> impl IntoView {
    let t = words();
    let tz = prefs().tz;
    let decide = move |call: &'static str, key: &'static str, mute: bool, label: &'static str, tone: Tone| {
        view! {
            <CallForm call from=from.clone() class="row-form" done=again.clone()>
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="held" value=message.id.to_string() />
                {mute.then(|| view! { <input type="hidden" name="mute" value="true" /> })}
                <span data-key=key><Submit label tone /></span>
            </CallForm>
        }
    };
    view! {
        <li class="row-line" tabindex="0">
            <Avatar person=message.author.clone() />
            <div class="row-words">
                <p class="row-name">
                    <bdi title=format!("@{}", message.author.name)>{message.author.display.clone()}</bdi>
                    " " <time class="row-note" datetime=iso(message.at)>{t.clock(message.at, tz)}</time>
                    {message.is_edit.then(|| view! { " " <span class="chip">{t.moderation.is_edit}</span> })}
                </p>
                <p class="queue-text" dir="auto">{message.text.clone()}</p>
                {attachments(&message.files, room)}
            </div>
            {decide("approve-held", "a", false, t.moderation.approve, Tone::Primary)}
            {decide("decline-held", "d", false, t.moderation.decline, Tone::Plain)}
            {decide("decline-held", "m", true, t.moderation.decline_mute, Tone::Quiet)}
        </li>
    }
}

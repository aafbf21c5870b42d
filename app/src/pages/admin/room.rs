//! `/admin/rooms/<slug>`: a room's words, gate and end, for its hosts and administrators.

use super::gate::GatePanel;
use super::{ROOM_FIELDS, RoomFields, tabs};
use crate::calls::Frame;
use crate::calls::rooms::{RoomSettings, load_room_settings};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Field;
use crate::parts::form::{CallForm, Done, SavedNote};
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::place::use_params_map;
use crate::visitor::words;
use domain::room::Room;
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

#[component]
pub fn AdminRoomPage() -> impl IntoView {
    let params = use_params_map();
    let slug = move || params.read().get("slug").unwrap_or_default();
    let loaded = load(slug, load_room_settings);
    let again: Done = Arc::new(move || loaded.refetch());
    page(Layout::Column, loaded, move |settings, frame| content(settings, frame, again.clone()))
}

fn content(settings: RoomSettings, frame: Frame, again: Done) -> AnyView {
    let t = words();
    let RoomSettings { room, rule, gate } = settings;
    let from = paths::room_admin(&room.slug);
    let fields = room.clone();
    view! {
        <Title text=t.title(&room.title) />
        {frame.is_admin().then(|| tabs("/admin/rooms"))}
        <div class="page-head">
            <h1 dir="auto">{room.title.clone()}</h1>
            <a class="button" href=paths::room_people(&room.slug)>{icon::people()} {t.admin.people_of_room}</a>
            <a class="button" href=format!("/r/{}/pictures", room.slug)>{icon::picture()} {t.admin.pictures}</a>
            <a class="button" href=paths::integration(&room.slug)>{t.admin.other_sites}</a>
            <a class="button" href=format!("{from}/moderation")>{t.moderation.title}</a>
            <a class="button" href=format!("{from}/audit")>{t.audit.title}</a>
            <a class="button" href=paths::settings(&room.slug)>{icon::search()} {t.common.find_setting}</a>
            <a class="button" href=paths::room(&room.slug)>{icon::chat()} {t.admin.open_room}</a>
        </div>
        <section class="panel">
            <h2>{t.room.settings}</h2>
            <CallForm call="change-room" from=from.clone() fields=ROOM_FIELDS class="form" done=again.clone()>
                <input type="hidden" name="room" value=fields.id.to_string() />
                <RoomFields room=fields />
                <div class="row">
                    <Submit label=t.common.save busy=t.common.saving tone=Tone::Primary /> <SavedNote />
                </div>
            </CallForm>
        </section>
        <section class="panel"><GatePanel room=room.id rule gate from=from.clone() again=again.clone() /></section>
        <section class="panel" id="archive">{archive(&room, from.clone(), again)}</section>
        {frame.is_admin().then(|| remove(&room, from))}
    }
    .into_any()
}

/// Reversible, so nobody is asked twice.
fn archive(room: &Room, from: String, again: Done) -> impl IntoView + use<> {
    let t = words();
    let (id, archived) = (room.id, room.archived);
    let (label, lead) =
        if archived { (t.admin.unarchive, t.admin.archived_now) } else { (t.admin.archive_room, t.admin.archive_lead) };
    view! {
        <h2>{t.admin.archive}</h2>
        <p class="lead">{lead}</p>
        <ReturnedProblem calls=&["archive-room"] />
        <CallForm call="archive-room" from done=again>
            <input type="hidden" name="room" value=id.to_string() />
            <input type="hidden" name="archived" value=(!archived).to_string() />
            <Submit label tone=if archived { Tone::Plain } else { Tone::Danger } />
        </CallForm>
    }
}

/// For good, so its name has to be typed.
fn remove(room: &Room, from: String) -> impl IntoView + use<> {
    let t = words();
    let id = room.id.to_string();
    view! {
        <section class="panel" id="remove-room">
            <h2>{t.admin.remove_room}</h2>
            <p class="lead">{t.admin.remove_room_lead}</p>
            <CallForm call="remove-room" from fields=&["room_name"] class="form">
                <input type="hidden" name="room" value=id />
                <Field name="room_name" label=t.admin.remove_room_type required=true max=80 />
                <Submit label=t.admin.remove_room tone=Tone::Danger />
            </CallForm>
        </section>
    }
}

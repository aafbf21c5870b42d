//! Managing rooms and people.

pub mod account;
pub mod audit;
mod backup;
mod deliveries;
mod gate;
pub mod integration;
pub mod message;
pub mod moderation;
pub mod new_room;
pub mod people;
pub mod queue;
pub mod reports;
pub mod room;
pub mod room_people;
pub mod rooms;
pub mod settings;
pub mod system;
pub mod webhooks;

use crate::parts::field::{Area, Choice, Field};
use crate::visitor::words;
use domain::room::{Room, Visibility};
use leptos::prelude::*;

/// The parts of the management.
fn tabs(here: &'static str) -> impl IntoView {
    let t = words();
    let tab = move |href: &'static str, label: &'static str| {
        view! { <a class="tab" href=href aria-current=(href == here).then_some("page")>{label}</a> }
    };
    view! {
        <nav class="tabs" aria-label=t.common.manage>
            {tab("/admin/rooms", t.common.manage_rooms)} {tab("/admin/people", t.common.manage_people)}
            {tab("/admin/audit", t.audit.title)}
            {tab("/admin/reports", t.private().reports)}
            {tab("/admin/words", t.moderation.site_words)}
            {tab("/admin/system", t.common.manage_system)}
            {tab("/admin/settings", t.common.find_setting)}
        </nav>
    }
}

/// What is said about a room; empty for a new one.
#[component]
fn RoomFields(#[prop(optional)] room: Option<Room>) -> impl IntoView {
    let t = words().admin;
    let is_new = room.is_none();
    let (title, slug, about, visibility) = match room {
        Some(room) => (room.title, room.slug, room.about, room.visibility),
        None => Default::default(),
    };
    let choices = Visibility::ALL.map(|choice| {
        let (label, hint) = match choice {
            Visibility::Public => (t.public, t.public_hint),
            Visibility::Open => (t.open, t.open_hint),
            Visibility::Private | Visibility::Direct => (t.private, t.private_hint),
        };
        view! { <Choice name="visibility" value=choice.as_str() label hint checked=choice == visibility usual=choice == Visibility::default() /> }
    });
    let widens = !is_new && Visibility::Public.is_wider_than(visibility);
    view! {
        <Field name="title" label=t.room_title hint=t.room_title_hint value=title required=true focus=is_new max=80 />
        <Field
            name="slug"
            label=t.slug
            hint=if is_new { t.slug_hint_new } else { t.slug_hint }
            value=slug
            required=!is_new
            plain=true
            max=48
        />
        <Area name="about" label=t.about hint=t.about_hint value=about max=300 />
        <fieldset class="choices" id="visibility">
            <legend>{t.visibility}</legend>
            {choices.collect_view()}
        </fieldset>
        {widens.then(|| view! {
            <div class="confirm" data-now=visibility.as_str()>
                <Field name="room_name" label=t.wider_type hint=t.wider_hint max=80 />
            </div>
        })}
    }
}

/// Fields that show their own refusals.
const ROOM_FIELDS: &[&str] = &["title", "slug", "about", "room_name"];

//! `/admin/rooms/<slug>/messages/<id>`: what a host can do about a message and whoever wrote it,
//! each by one button; what cannot be undone is asked once more.

use crate::calls::Frame;
use crate::calls::moderation::{MessagePage as Data, load_message};
use crate::parts::attachments::attachments;
use crate::parts::button::Tone;
use crate::parts::confirm::confirm;
use crate::parts::field::Field;
use crate::parts::form::CallForm;
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::spans::spans;
use crate::paths;
use crate::place::use_params_map;
use crate::visitor::{prefs, words};
use domain::moderation::MuteFor;
use domain::span::recalled;
use domain::time::iso;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn MessagePage() -> impl IntoView {
    let params = use_params_map();
    let asked = move || {
        let params = params.read();
        format!("{}/{}", params.get_str("slug").unwrap_or_default(), params.get_str("message").unwrap_or_default())
    };
    let loaded = load(asked, |asked| {
        let (slug, message) = asked.split_once('/').unwrap_or_default();
        load_message(slug.to_owned(), message.to_owned())
    });
    page(Layout::Column, loaded, content)
}

fn content(Data { room, message }: Data, frame: Frame) -> AnyView {
    let t = words();
    let (at, tz) = (message.at, prefs().tz);
    let from = format!("{}/messages/{}", paths::room_admin(&room.slug), message.id);
    let own = frame.me.is_some_and(|me| me.person.id == message.author.id);
    let gone = recalled(&message.spans).is_some();
    let button = |act: String, label: &'static str, tone: Tone| {
        view! { <button class=tone.class() name="act" value=act>{label}</button> }
    };
    let whom = message.author.display.clone();
    let clear = move |minutes: u32, label: &'static str| {
        let clear = button(format!("clear-{minutes}"), label, Tone::Danger);
        confirm((label, Tone::Plain), "", t.clears(&whom, minutes), clear.into_any())
    };
    let mutes = MuteFor::ALL.map(|length| button(format!("mute-{}", length.as_str()), t.mute_for(length), Tone::Plain));
    view! {
        <Title text=t.title(t.moderation.message) />
        <div class="page-head">
            <h1>{t.moderation.message}</h1>
            <a class="button" href=paths::room(&room.slug)>{icon::chat()} {t.admin.open_room}</a>
        </div>
        <section class="panel">
            <p class="row-name">
                <bdi title=format!("@{}", message.author.name)>{message.author.display.clone()}</bdi> " "
                <time class="row-note" datetime=iso(at)>{t.moment(at, tz)}</time>
            </p>
            <blockquote class="moderated" dir="auto">{spans(&message.spans, None)} {attachments(&message.files, room.id)}</blockquote>
            <CallForm call="moderate" from fields=&["reason"] class="form">
                <input type="hidden" name="room" value=room.id.to_string() />
                <input type="hidden" name="person" value=message.author.id.to_string() />
                <input type="hidden" name="message" value=message.id.to_string() />
                // Enter in the field does none of it.
                <button disabled hidden></button>
                <Field name="reason" label=t.moderation.reason hint=t.moderation.reason_hint max=200 />
                <div class="row">
                    {(!gone).then(|| button("recall".to_owned(), t.moderation.recall, Tone::Primary))}
                    {clear(5, t.moderation.clear_5)} {clear(60, t.moderation.clear_60)}
                </div>
                {(!own).then(|| view! {
                    <div class="row">{mutes.collect_view()}</div>
                    <div class="row">
                        {button("kick".to_owned(), t.moderation.kick, Tone::Plain)}
                        {button("ban".to_owned(), t.moderation.ban, Tone::Danger)}
                    </div>
                })}
                <p class="field-hint">{t.moderation.above}</p>
            </CallForm>
        </section>
    }
    .into_any()
}

//! `/admin/rooms/<slug>/moderation`: how people may write in a room, and who may not. And
//! `/admin/words`: what may be written nowhere.

use super::tabs;
use crate::calls::Frame;
use crate::calls::moderation::{ModerationPage as Data, load_moderation, load_site_words};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::{Choice, Field};
use crate::parts::form::CallForm;
use crate::parts::icon;
use crate::parts::list::{ListAddress, head, pager};
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::parts::time::When;
use crate::paths;
use crate::place::{use_params_map, use_query_map};
use crate::text::raw;
use crate::visitor::{prefs, words};
use domain::RoomId;
use domain::moderation::{Policy, Posting, Restriction, WordList};
use domain::sign_in::SecondSignIn;
use leptos::prelude::*;
use leptos_meta::Title;

const SITE: &str = "/admin/words";

#[component]
pub fn ModerationPage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let here = format!("{}/moderation", paths::room_admin(&slug));
    let list = ListAddress::new(here, ["sort", "after"].map(|key| (key, of(key))).into()).below("restricted");
    let loaded = load(String::new, move |_| load_moderation(slug.clone(), of("sort"), of("after")));
    page(Layout::Column, loaded, move |data, frame| of_room(&list, data, &frame))
}

#[component]
pub fn SiteWordsPage() -> impl IntoView {
    page(Layout::Column, load(String::new, |_| load_site_words()), of_site)
}

fn of_site(list: WordList, _: Frame) -> AnyView {
    let t = words();
    view! {
        <Title text=t.title(t.moderation.site_words) />
        {tabs(SITE)}
        <div class="page-head"><h1>{t.moderation.site_words}</h1></div>
        <p class="lead">{t.moderation.site_words_lead}</p>
        <section class="panel">
            <CallForm call="change-site-words" from=SITE fields=&["words"] class="form">{word_fields(list)}</CallForm>
        </section>
    }
    .into_any()
}

fn of_room(list: &ListAddress, data: Data, frame: &Frame) -> AnyView {
    let t = words();
    let Data { room, policy, words: blocked, restrictions, next, waiting } = data;
    let admin = paths::room_admin(&room.slug);
    let here = format!("{admin}/moderation");
    let queue = format!("{admin}/queue");
    view! {
        <Title text=t.title(&format!("{} · {}", t.moderation.title, room.title)) />
        {frame.is_admin().then(|| tabs("/admin/rooms"))}
        <div class="page-head">
            <h1 dir="auto">{room.title.clone()} " · " {t.moderation.title}</h1>
            <a class="button" href=queue>{t.moderation.queue} " " <span class="chip">{waiting}</span></a>
            <a class="button" href=admin>{icon::settings()} {t.room.settings}</a>
        </div>
        <p class="lead">{t.moderation.lead}</p>
        <section class="panel">{rules(room.id, policy, here.clone())}</section>
        <section class="panel">
            <h2>{t.moderation.words}</h2>
            <CallForm call="change-room-words" from=here.clone() fields=&["words"] class="form">
                <input type="hidden" name="room" value=room.id.to_string() />
                {word_fields(blocked)}
            </CallForm>
        </section>
        <section class="panel" id="restricted">{restricted(list, room.id, restrictions, next, frame.now)}</section>
    }
    .into_any()
}

fn rules(room: RoomId, policy: Policy, from: String) -> impl IntoView {
    let t = words();
    let choices = Posting::ALL.map(|choice| {
        let (label, hint) = t.posting(choice);
        view! { <Choice name="posting" value=choice.as_str() label hint checked=choice == policy.posting usual=choice == Posting::default() /> }
    });
    let second = SecondSignIn::ALL.map(|choice| {
        let (label, hint) = t.second(choice);
        view! { <Choice name="second" value=choice.as_str() label hint checked=choice == policy.second usual=choice == SecondSignIn::default() /> }
    });
    view! {
        <CallForm call="change-policy" from fields=&["slow", "recall", "edit"] class="form">
            <input type="hidden" name="room" value=room.to_string() />
            <fieldset class="choices" id="posting">
                <legend>{t.moderation.who_writes}</legend>
                {choices.collect_view()}
            </fieldset>
            <Field name="slow" label=t.moderation.slow hint=t.moderation.slow_hint value=policy.slow.to_string() plain=true />
            <div class="choice">
                <input type="checkbox" id="holds" name="holds" checked=policy.holds aria-describedby="holds-hint" />
                <label for="holds">{t.moderation.hold}</label>
                <p class="field-hint" id="holds-hint">{t.moderation.hold_hint}</p>
            </div>
            <div class="choice">
                <input type="checkbox" id="files" name="files" checked=policy.files aria-describedby="files-hint" />
                <label for="files">{t.moderation.files}</label>
                <p class="field-hint" id="files-hint">{t.moderation.files_hint}</p>
            </div>
            <Field
                name="recall"
                label=t.moderation.recall_for
                hint=t.moderation.recall_hint
                value=policy.recall.to_string()
                plain=true
            />
            <Field
                name="edit"
                label=t.moderation.edit_for
                hint=t.moderation.edit_hint
                value=policy.edit.to_string()
                plain=true
            />
            <fieldset class="choices" id="second" aria-describedby="second-hint">
                <legend>{t.moderation.second}</legend>
                <p class="field-hint" id="second-hint">{t.moderation.second_hint}</p>
                {second.collect_view()}
            </fieldset>
            <div class="row"><Submit label=t.common.save tone=Tone::Primary /></div>
        </CallForm>
    }
}

fn word_fields(list: WordList) -> impl IntoView {
    let t = words();
    view! {
        <div class="field">
            <label for="blocked">{t.moderation.words}</label>
            <textarea id="blocked" name="words" rows="6" dir="auto" spellcheck="false" aria-describedby="blocked-hint">
                {raw(&list.words)}
            </textarea>
            <p class="field-hint" id="blocked-hint">{t.moderation.words_hint}</p>
        </div>
        <div class="choice">
            <input type="checkbox" id="words-hold" name="holds" checked=list.holds />
            <label for="words-hold">{t.moderation.words_hold}</label>
        </div>
        <div class="row"><Submit label=t.common.save /></div>
    }
}

fn restricted(
    list: &ListAddress,
    room: RoomId,
    restrictions: Vec<Restriction>,
    next: Option<String>,
    now: i64,
) -> impl IntoView + use<> {
    let t = words();
    let none = restrictions.is_empty();
    let from = list.href();
    let rows = restrictions.into_iter().map(|row| restriction(room, row, from.clone(), now)).collect_view();
    let table = (!none).then(|| {
        view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t.people().name}</th> {head(list, ("-at", true), t.audit.when)}
                        <th scope="col"><span class="sr">{t.audit.act}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    });
    view! {
        <h2>{t.moderation.restricted}</h2>
        <ReturnedProblem calls=&["lift-restriction"] />
        {none.then(|| view! { <p class="field-hint">{t.moderation.nobody}</p> })}
        {table}
        {pager(list, next)}
    }
}

fn restriction(room: RoomId, row: Restriction, from: String, now: i64) -> impl IntoView {
    let t = words();
    let muted = row.muted_until.filter(|until| *until > now);
    let lift = |ban: bool, label: &'static str| {
        let describe = format!("{label}: {}", row.person.display);
        let person = row.person.id;
        view! {
            <CallForm call="lift-restriction" from=from.clone() class="row-form">
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="person" value=person.to_string() />
                <input type="hidden" name="ban" value=ban.to_string() />
                <Submit label tone=Tone::Quiet describe />
            </CallForm>
        }
    };
    view! {
        <tr>
            <th scope="row">
                <span class="row-name">
                    <bdi title=format!("@{}", row.person.name)>{row.person.display.clone()}</bdi>
                    {row.banned.then(|| view! { <span class="chip">{t.moderation.banned}</span> })}
                    {muted.map(|until| view! { <span class="chip">{t.muted_until(until, now, prefs().tz)}</span> })}
                </span>
                <span class="row-note"><bdi>{row.by.display.clone()}</bdi> " " <bdi>{row.reason.clone()}</bdi></span>
            </th>
            <td><When at=row.at now /></td>
            <td class="table-acts">
                {muted.map(|_| lift(false, t.moderation.unmute))}
                {row.banned.then(|| lift(true, t.moderation.unban))}
            </td>
        </tr>
    }
}

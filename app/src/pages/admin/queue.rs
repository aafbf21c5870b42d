//! `/admin/rooms/<slug>/queue`: who asks to join and what waits for approval, decided by a button or a key each. What
//! comes while the page is looked at appears by itself; a row that is there stays as it is, with the
//! focus it may have.

use crate::calls::moderation::{QueuePage as Data, load_queue};
use crate::calls::{Frame, Json};
use crate::parts::attachments::attachments;
use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::form::{CallForm, Done};
use crate::parts::icon;
use crate::parts::join_request::join_request;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::{ProblemNote, ReturnedProblem};
use crate::parts::undo::{Deed, Undo};
use crate::paths;
use crate::place::use_params_map;
use crate::visitor::{prefs, words};
use domain::RoomId;
use domain::join_request::JoinRequest;
use domain::moderation::HeldMessage;
use domain::time::iso;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use std::sync::Arc;
#[cfg(feature = "hydrate")]
use std::time::Duration;

/// How soon a host sees what came meanwhile.
#[cfg(feature = "hydrate")]
const EVERY: Duration = Duration::from_secs(5);

#[component]
pub fn QueuePage() -> impl IntoView {
    let params = use_params_map();
    let slug = move || params.read().get("slug").unwrap_or_default();
    let loaded = load(slug, load_queue);
    page(Layout::Column, loaded, content)
}

fn content(Data { room, held, requests, members_only }: Data, _: Frame) -> AnyView {
    let t = words();
    let here = format!("{}/queue", paths::room_admin(&room.slug));
    let undone = here.clone();
    let moderation = format!("{}/moderation", paths::room_admin(&room.slug));
    let waiting = Waiting { held: RwSignal::new(held), requests: RwSignal::new(requests) };
    let again = refresh(room.slug.clone(), waiting);
    let nobody = Memo::new(move |_| waiting.requests.with(Vec::is_empty));
    let nothing = Memo::new(move |_| waiting.held.with(Vec::is_empty));
    let asking = move || t.n_asking(waiting.requests.with(|requests| requests.len() as u32));
    let count = move || t.n_to_approve(waiting.held.with(|held| held.len() as u32));
    let (did, problem) = (RwSignal::new(Deed::returned()), RwSignal::new(None));
    // What was undone waits here again.
    Effect::new({
        let again = again.clone();
        move |could: Option<bool>| {
            let can = did.with(Option::is_some);
            if could == Some(true) && !can {
                again();
            }
            can
        }
    });
    let (of_requests, of_held) = ((here.clone(), again.clone()), (here, again));
    view! {
        <Title text=t.title(&format!("{} · {}", t.moderation.queue, room.title)) />
        <div class="page-head">
            <h1 dir="auto">{room.title.clone()} " · " {t.moderation.queue}</h1>
            <a class="button" href=moderation>{icon::settings()} {t.moderation.title}</a>
            <a class="button" href=paths::room(&room.slug)>{icon::chat()} {t.admin.open_room}</a>
        </div>
        <ReturnedProblem calls=&[
            "approve-held",
            "decline-held",
            "undo-deed",
            "approve-join-request",
            "decline-join-request",
        ] />
        {move || problem.get().map(|problem| view! { <ProblemNote problem /> })}
        <p class="lead needs-keys" hidden=move || nobody.get() && nothing.get()>{t.moderation.queue_lead}</p>
        <section aria-labelledby="requests" hidden=move || nobody.get() && !members_only>
            <h2 id="requests">{t.moderation.requests}</h2>
            <p class="row-note" role="status" hidden=nobody>{asking}</p>
            <div class="empty" hidden=move || !nobody.get()><p>{t.moderation.requests_empty}</p></div>
            <ul class="rows panel queue" data-queue hidden=nobody>
                <For each=move || waiting.requests.get() key=|request| request.person.id let:request>
                    {join_request(room.id, request, of_requests.0.clone(), of_requests.1.clone())}
                </For>
            </ul>
        </section>
        <section aria-labelledby="held">
            <h2 id="held">{t.moderation.held}</h2>
            <p class="row-note" role="status" hidden=nothing>{count}</p>
            <div class="empty" hidden=move || !nothing.get()><p>{t.moderation.queue_empty}</p></div>
            <ul class="rows panel queue" data-queue hidden=nothing>
                <For each=move || waiting.held.get() key=|message| message.id let:message>
                    {row(room.id, message, (of_held.0.clone(), of_held.1.clone(), did))}
                </For>
            </ul>
        </section>
        <Undo last=did room=room.id problem from=undone />
    }
    .into_any()
}

/// What is shown.
#[derive(Clone, Copy)]
struct Waiting {
    held: RwSignal<Vec<HeldMessage>>,
    requests: RwSignal<Vec<JoinRequest>>,
}

/// Asks for what waits now: after each decision, and every few seconds while the page is looked at.
/// Then rows are only added: a key that is pressed for one must not meet another.
fn refresh(slug: String, waiting: Waiting) -> Done {
    // How often was asked, and up to which time that is answered.
    let turns = StoredValue::new((0u32, 0u32));
    let ask = move |only_adds: bool| {
        let (turn, answered) = turns.with_value(|(asked, answered)| (asked + 1, *answered));
        if only_adds && turn != answered + 1 {
            return;
        }
        turns.set_value((turn, answered));
        let answer = load_queue(slug.clone());
        spawn_local(async move {
            let answer = answer.await.and_then(Json::read);
            // The page was left meanwhile, or asked again.
            if turns.try_get_value().is_none_or(|(asked, _)| asked != turn) {
                return;
            }
            turns.set_value((turn, turn));
            if let Ok(Data { held, requests, .. }) = answer.and_then(|page| Ok(page.body?)) {
                take(waiting.held, held, only_adds, |message| message.id);
                take(waiting.requests, requests, only_adds, |request| request.person.id.0);
            }
        });
    };
    #[cfg(feature = "hydrate")]
    while_looked_at({
        let ask = ask.clone();
        move || ask(true)
    });
    Arc::new(move || ask(false))
}

fn take<T: Send + Sync + 'static>(list: RwSignal<Vec<T>>, mut now: Vec<T>, only_adds: bool, id: fn(&T) -> i64) {
    if !only_adds {
        return list.set(now);
    }
    list.with_untracked(|list| now.retain(|one| list.iter().all(|shown| id(shown) != id(one))));
    if !now.is_empty() {
        list.update(|list| list.extend(now));
    }
}

#[cfg(feature = "hydrate")]
fn while_looked_at(ask: impl Fn() + Clone + 'static) {
    Effect::new(move || {
        let ask = ask.clone();
        let asking = set_interval_with_handle(
            move || {
                if !document().hidden() {
                    ask()
                }
            },
            EVERY,
        );
        on_cleanup(move || _ = asking.map(|asking| asking.clear()));
    });
}

/// The buttons carry the keys that press them (`public/pkg/queue.js`).
fn row(
    room: RoomId,
    message: HeldMessage,
    (from, again, did): (String, Done, RwSignal<Option<Deed>>),
) -> impl IntoView {
    let t = words();
    let tz = prefs().tz;
    let decide = move |call: &'static str, key: &'static str, mute: bool, label: &'static str, tone: Tone| {
        view! {
            <CallForm call from=from.clone() class="row-form" done=again.clone() did>
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

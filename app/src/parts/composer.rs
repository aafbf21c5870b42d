//! Where one writes.

use super::extras;
use super::icon;
use super::ime::Ime;
use super::join_request::AskToJoin;
use super::problem::ReturnedProblem;
use crate::browser;
use crate::live::{Live, drafts};
use crate::paths;
use crate::visitor::words;
use domain::message::{MAX_CHARS, parse_text};
use domain::{ClientId, PersonId, Problem, Rule};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How full the text has to be before the counter shows.
const COUNT_FROM: usize = MAX_CHARS / 5 * 4;

/// The form, or why there is none.
#[component]
pub fn Composer(live: Live, slug: String, client_id: ClientId) -> impl IntoView {
    let t = words();
    let me = live.me();
    let archived = Memo::new(move |_| live.room.with(|room| room.archived));
    let asks = Memo::new(move |_| live.quiet_now() == Some(Problem::MembersOnly));
    move || match me.clone() {
        _ if archived.get() => view! { <p class="composer-note">{t.room.archived}</p> }.into_any(),
        Some(_) if browser::MEMBER && asks.get() => view! { <AskToJoin live slug=slug.clone() /> }.into_any(),
        Some(me) if browser::MEMBER => {
            view! { <Writer live slug=slug.clone() client_id=client_id.clone() me=me.id /> }.into_any()
        }
        _ => {
            let href = paths::sign_in(&paths::room(&slug));
            view! {
                <p class="composer-note"><a class="button button-primary" href=href>{t.room.sign_in_to_write}</a></p>
            }
            .into_any()
        }
    }
}

#[component]
fn Writer(live: Live, slug: String, client_id: ClientId, me: PersonId) -> impl IntoView {
    let t = words();
    let field = NodeRef::<html::Textarea>::new();
    let length = RwSignal::new(0usize);
    let ime = StoredValue::new(Ime::default());
    let draft = Draft::new(live, me, field);
    Effect::new(move || draft.bring_back(length));

    let send = move || {
        // What was written stays until it can be said.
        if untrack(|| live.quiet_now()).is_some() {
            return;
        }
        let Some(area) = field.get_untracked() else { return };
        let files = extras::taken();
        let text = match parse_text(&area.value()) {
            Ok(text) => text,
            Err(Problem::Invalid { rule: Rule::Empty, .. }) if !files.is_empty() => String::new(),
            Err(_) => return,
        };
        let reply = area.get_attribute("data-reply").and_then(|id| id.parse().ok());
        // The script of the messages' menu may take it for the new text of an earlier one.
        if !extras::announce(&area) {
            return;
        }
        extras::sent();
        area.set_value("");
        length.set(0);
        browser::fit_height(&area);
        draft.save_now();
        live.show_latest(move || live.to_end.update(|n| *n += 1));
        live.say(browser::new_client_id(), text, files, reply);
        let _ = area.focus();
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let on_key = move |event: KeyboardEvent| {
        let asked = event.ctrl_key() || event.meta_key();
        if event.key() != "Enter" || event.shift_key() || event.alt_key() || !asked && extras::enter_is_a_line() {
            return;
        }
        let at = event.time_stamp();
        let own = ime.try_update_value(|ime| ime.enter_sends(event.is_composing(), at));
        // On touch screens Enter is a new line and the button sends.
        if own == Some(true) && (asked || !browser::is_touch()) {
            event.prevent_default();
            send();
        }
    };
    let on_input = move || {
        let Some(area) = field.get_untracked() else { return };
        browser::fit_height(&area);
        length.set(area.value().chars().count());
        if !ime.with_value(Ime::is_composing) {
            draft.save_soon();
            live.typing();
        }
    };
    let refuses = (!live.takes_files).then(|| t.problem(&Problem::NoFiles));
    let hidden_id = client_id.to_string();
    let title = live.room.with_untracked(|room| room.title.clone());
    extras::load();
    let counted = Memo::new(move |_| length.get() >= COUNT_FROM);
    let over = Memo::new(move |_| length.get() > MAX_CHARS);
    view! {
        <ReturnedProblem calls=&["post-message"] />
        <Unsent live />
        <p class="composer-quiet" role="status">{move || live.quiet_now().map(|problem| t.problem(&problem))}</p>
        {refuses.clone().map(|reason| view! { <p class="composer-only">{reason}</p> })}
        <form
            class="composer"
            data-cancel=t.common.cancel
            data-failed=t.room.failed
            method="post"
            enctype="multipart/form-data"
            action=paths::post(live.id, &paths::room(&slug))
            on:submit=on_submit
        >
            <ul
                id="tray"
                class="tray"
                aria-label=t.room.uploads
                data-person=me.to_string()
                data-room=live.id.to_string()
                data-title=title
                data-refuses=refuses
            ></ul>
            <input type="hidden" id="composer-files" />
            {attach(!live.takes_files)}
            <span class="composer-tools needs-script"></span>
            <input type="hidden" name="room" value=live.id.to_string() />
            <input type="hidden" name="client_id" value=hidden_id />
            <label class="sr" for="composer">{t.room.composer}</label>
            <textarea
                id="composer"
                class="composer-field"
                name="text"
                rows="1"
                dir="auto"
                enterkeyhint="send"
                placeholder=t.room.composer
                autocomplete="off"
                aria-describedby="composer-count"
                aria-invalid=move || over.get().then_some("true")
                node_ref=field
                on:keydown=on_key
                on:input=move |_| on_input()
                on:compositionstart=move |_| ime.update_value(Ime::started)
                on:compositionend=move |event| {
                    let at = event.time_stamp();
                    ime.update_value(|ime| ime.ended(at));
                    on_input();
                }
            ></textarea>
            <button class="composer-send" aria-label=t.room.send title=t.room.send>{icon::send()}</button>
            <p id="composer-count" class="composer-count" class:over=move || over.get()>
                {move || counted.get().then(|| match length.get() {
                    n if n > MAX_CHARS => t.characters_over(n - MAX_CHARS),
                    n => t.characters_left(MAX_CHARS - n),
                })}
            </p>
        </form>
    }
}

/// The way to choose files, unless none are taken.
fn attach(refused: bool) -> AnyView {
    let t = words();
    if refused {
        return ().into_any();
    }
    view! {
        <label class="icon-button composer-attach" title=t.room.attach>
            {icon::clip()}
            <span class="sr">{t.room.attach}</span>
            <input type="file" name="files" multiple />
        </label>
        // With scripts each picture in the tray has a field of its own.
        <label class="composer-alts without-script">
            <span>{t.room.describe_files}</span>
            <textarea name="alts" rows="2" dir="auto"></textarea>
        </label>
    }
    .into_any()
}

/// What is in the field, kept for the next visit.
#[derive(Clone, Copy)]
struct Draft {
    live: Live,
    me: PersonId,
    field: NodeRef<html::Textarea>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Draft {
    fn new(live: Live, me: PersonId, field: NodeRef<html::Textarea>) -> Self {
        Self { live, me, field, timer: StoredValue::new(None) }
    }

    fn save_soon(self) {
        self.timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
            let delay = Duration::from_millis(drafts::DELAY_MS);
            *timer = set_timeout_with_handle(move || self.save_now(), delay).ok();
        });
    }

    fn save_now(self) {
        let Some(area) = self.field.try_get_untracked().flatten() else { return };
        let (text, me, room) = (area.value(), self.me, self.live.id);
        spawn_local(async move { drafts::save(me, room, text).await });
    }

    /// Brings the draft back, unless something was typed before the page came alive.
    fn bring_back(self, length: RwSignal<usize>) {
        let (me, room) = (self.me, self.live.id);
        let Some(area) = self.field.get() else { return };
        spawn_local(async move {
            let Some(text) = drafts::load(me, room).await else { return };
            if self.live.is_over() || !area.value().is_empty() {
                return;
            }
            area.set_value(&text);
            length.set(text.chars().count());
            browser::fit_height(&area);
        });
    }
}

/// Own messages that failed, all at once.
#[component]
fn Unsent(live: Live) -> impl IntoView {
    let t = words();
    let failed = Memo::new(move |_| live.talk.with(|talk| talk.failed));
    move || {
        (failed.get() > 1).then(|| {
            view! {
                <div class="unsent" role="status">
                    <span>{t.n_unsent(failed.get())}</span>
                    <button type="button" class="button button-quiet" on:click=move |_| live.retry(None)>
                        {t.room.retry_all}
                    </button>
                    <button type="button" class="button button-quiet" on:click=move |_| live.give_up(None)>
                        {t.room.delete_all}
                    </button>
                </div>
            }
        })
    }
}

/// Who is writing right now; not announced.
#[component]
pub fn Typing(live: Live) -> impl IntoView {
    let t = words();
    let sentence = move || {
        live.typing.with(|people| {
            let names: Vec<&str> = people.iter().map(|person| person.display.as_str()).collect();
            t.typing(&names)
        })
    };
    view! { <p class="typing" aria-live="off" dir="auto">{sentence}</p> }
}

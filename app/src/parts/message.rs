//! One line of the conversation: a day, the new-messages line, or a message.

use super::attachments::attachments;
use super::avatar::Avatar;
use super::contact::mark;
use super::icon;
use super::spans::spans;
use crate::browser;
use crate::live::Live;
use crate::live::lines::Line;
use crate::live::pending::{Pending, Sending};
use crate::paths;
use crate::visitor::words;
use domain::message::{Message, Quote};
use domain::reaction::Reaction;
use domain::span::recalled;
use domain::time::iso;
use domain::{MessageId, PersonId, Problem};
use leptos::prelude::*;

/// After this long without an answer the wait is put into words.
const SLOW_MS: i64 = 5_000;

/// The content follows the line: a pending message becomes the sent one in its place.
#[component]
pub fn LineView(line: ArcRwSignal<Line>, live: Live) -> impl IntoView {
    #[cfg(feature = "ssr")]
    {
        super::written::written(line, live)
    }
    #[cfg(not(feature = "ssr"))]
    {
        row(line, live)
    }
}

pub(super) fn row(line: ArcRwSignal<Line>, live: Live) -> impl IntoView {
    let me = live.me().map(|me| me.id);
    let class = line.clone();
    let place = line.clone();
    view! {
        <li class=move || class.with(class_of) id=move || place.with(id_of)>
            {move || line.with(|line| content(line, live, me))}
        </li>
    }
}

fn class_of(line: &Line) -> &'static str {
    match line {
        Line::Day { .. } => "day",
        Line::New => "new-line",
        Line::Said { message, .. } if recalled(&message.spans).is_some() => "recalled",
        Line::Said { first: true, mine: true, .. } => "said said-first said-mine",
        Line::Said { first: true, mine: false, .. } => "said said-first",
        Line::Said { first: false, mine: true, .. } => "said said-mine",
        Line::Said { first: false, mine: false, .. } => "said",
        Line::Pending { first: true, .. } => "said said-first said-mine said-pending",
        Line::Pending { first: false, .. } => "said said-mine said-pending",
    }
}

/// What [`crate::paths::message`] leads to.
fn id_of(line: &Line) -> Option<String> {
    match line {
        Line::Said { message, .. } => Some(format!("m{}", message.seq)),
        Line::Day { .. } | Line::New | Line::Pending { .. } => None,
    }
}

fn content(line: &Line, live: Live, me: Option<PersonId>) -> AnyView {
    let t = words();
    match line {
        Line::Day { at } => {
            let at = *at;
            view! { <time datetime=iso(at)>{move || t.day(at, live.now.get(), live.tz)}</time> }.into_any()
        }
        Line::New => view! { <span id="new">{t.room.new_line}</span> }.into_any(),
        Line::Said { message, .. } if recalled(&message.spans).is_some() => {
            view! { <p dir="auto">{spans(&message.spans, me)}</p> }.into_any()
        }
        Line::Said { message, first, mine } => said(message, *first, *mine, live, me),
        Line::Pending { pending, .. } if browser::MEMBER => pending_view(pending, live),
        Line::Pending { .. } => ().into_any(),
    }
}

fn said(message: &Message, first: bool, mine: bool, live: Live, me: Option<PersonId>) -> AnyView {
    let t = words();
    let at = message.at;
    let author = message.author.clone();
    let name = if mine { t.room.you.to_owned() } else { author.display.clone() };
    let face = (first && !mine).then(|| view! { <Avatar person=author.clone() known=live.me().is_some() /> });
    let head = first.then(|| {
        let class = if mine { "said-name sr" } else { "said-name" };
        let title = format!("@{}", author.name);
        // The way to a private chat with them.
        match browser::MEMBER && !mine && live.me().is_some() {
            true => {
                let href = paths::person(&author.name);
                view! { <a class="said-name name-link" href=href title=title><bdi>{name}</bdi></a> }.into_any()
            }
            false => view! { <bdi class=class title=title>{name}</bdi> }.into_any(),
        }
    });
    let words =
        (!message.spans.is_empty()).then(|| view! { <div class="bubble" dir="auto">{spans(&message.spans, me)}</div> });
    let slug = live.room.with_untracked(|room| room.slug.clone());
    let acts = paths::message_acts(&slug, message.id);
    let edited = message.edited.map(|at| {
        view! { <span class="said-edited" title=t.moment(at, live.tz)>{t.edited(&t.clock(at, live.tz))}</span> }
    });
    view! {
        {face}
        <div class="said-body">
            {head}
            {message.reply.as_deref().map(|reply| quote(reply, &slug))}
            {words}
            {attachments(&message.files, live.id)}
            <span class="said-meta">
                <time class="said-at" datetime=iso(at) title=t.moment(at, live.tz)>{t.clock(at, live.tz)}</time>
                {edited}
                {(mine && browser::MEMBER && live.is_private()).then(|| mark(message.seq, live))}
                {tools(&acts, message.id, &slug, live)}
            </span>
            {reactions(&message.reactions, &acts)}
        </div>
    }
    .into_any()
}

/// What a message answers, and the way to it.
fn quote(Quote { seq, author, line, .. }: &Quote, slug: &str) -> AnyView {
    let line = line.clone().unwrap_or_else(|| words().room.quote_gone.to_owned());
    view! {
        <a class="quote" href=paths::message(slug, *seq) rel="external" data-seq=*seq dir="auto">
            <bdi>{author.display.clone()}</bdi> " " {line}
        </a>
    }
    .into_any()
}

/// Without scripts they lead to where one reacts.
fn reactions(list: &[Reaction], acts: &str) -> AnyView {
    if list.is_empty() {
        return ().into_any();
    }
    let one = |Reaction { emoji, count, mine }: &Reaction| {
        let pressed = if *mine { "true" } else { "false" };
        view! {
            <a class="reaction" role="button" href=format!("{acts}#react") rel="external" data-emoji=emoji.clone() aria-pressed=pressed>
                {format!("{emoji} {count}")}
            </a>
        }
    };
    view! { <p class="reactions">{list.iter().map(one).collect_view()}</p> }.into_any()
}

/// The ways to all that people with an account can do with a message; `public/pkg/messages.js` shows
/// it here instead.
fn tools(acts: &str, id: MessageId, slug: &str, live: Live) -> AnyView {
    if !browser::MEMBER || live.me().is_none() {
        return ().into_any();
    }
    let t = words();
    let tool = |act: &'static str, sign: &'static str, label: &'static str| {
        let href = format!("{acts}#{act}");
        view! { <a class="said-tool" data-act=act href=href aria-label=label title=label>{sign}</a> }.into_any()
    };
    let moderate = live.hosts.then(|| {
        let href = format!("{}/messages/{id}", paths::room_admin(slug));
        view! { <a class="said-tool" href=href aria-label=t.room.moderate title=t.room.moderate>"⚑"</a> }
    });
    view! {
        <span class="said-tools">
            {[tool("reply", "↩", t.room.reply), tool("react", "☺", t.room.react)]}
            {moderate}
            {tool("more", "⋯", t.common.more)}
        </span>
    }
    .into_any()
}

fn pending_view(pending: &Pending, live: Live) -> AnyView {
    let text = pending.text.clone();
    let words = (!text.is_empty()).then(|| view! { <div class="bubble bubble-plain" dir="auto">{text}</div> });
    view! {
        <div class="said-body">
            {words}
            {attachments(&pending.files, live.id)}
            {state(pending, live)}
        </div>
    }
    .into_any()
}

fn state(pending: &Pending, live: Live) -> AnyView {
    let t = words();
    let at = pending.at;
    match &pending.sending {
        Sending::Stored { at } => view! { <span class="said-at">{t.clock(*at, live.tz)}</span> }.into_any(),
        Sending::Waiting => {
            let slow = move || live.now.get() - at > SLOW_MS;
            view! {
                <span class="said-at said-waits">{icon::clock()} {move || slow().then_some(t.room.sending)}</span>
            }
            .into_any()
        }
        Sending::Failed(Problem::Held) => {
            view! { <span class="said-at said-held" role="status">{icon::clock()} {t.problem(&Problem::Held)}</span> }
                .into_any()
        }
        Sending::Failed(problem) => {
            let (again, drop) = (pending.client_id.clone(), pending.client_id.clone());
            view! {
                <div class="said-failed" role="alert">
                    <p>{icon::alert()} <span><strong>{t.room.failed}</strong>" "{t.problem(problem)}</span></p>
                    <button type="button" class="button button-quiet" on:click=move |_| live.retry(Some(again.clone()))>
                        {t.common.retry}
                    </button>
                    <button type="button" class="button button-quiet" on:click=move |_| live.give_up(Some(drop.clone()))>
                        {t.common.delete}
                    </button>
                </div>
            }
            .into_any()
        }
    }
}

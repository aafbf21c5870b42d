//! The state of the connection in words. Never covers anything.

use super::icon;
use crate::browser;
use crate::live::Live;
use crate::live::link::{Banner as State, Cause, Ended};
use crate::paths;
use crate::visitor::words;
use domain::Problem;
use leptos::prelude::*;

#[component]
pub fn Banner(live: Live, slug: String) -> impl IntoView {
    view! {
        <div class="banner" role="status" data-state=move || name(&live.banner.read())>
            {move || content(live.banner.get(), live, &slug)}
        </div>
    }
}

/// For style and tests.
fn name(state: &State) -> Option<&'static str> {
    match state {
        State::Nothing => None,
        State::Reconnecting { .. } | State::Waiting { .. } => Some("off"),
        State::Restored { .. } | State::Reloaded => Some("restored"),
        State::EditDeclined => Some("declined"),
        State::LetIn => Some("restored"),
        State::NewVersion => Some("version"),
        State::Ended(_) => Some("ended"),
    }
}

fn content(state: State, live: Live, slug: &str) -> Option<AnyView> {
    let t = words();
    Some(match state {
        State::Nothing => return None,
        State::Reconnecting { cause } => view! { <p>{why(cause)}</p> }.into_any(),
        State::Waiting { cause, seconds } => view! {
            <p>{why(cause)} " " {t.next_try(seconds)}</p>
            <button type="button" class="button button-quiet" on:click=move |_| live.wake()>{t.room.retry_now}</button>
        }
        .into_any(),
        State::Restored { messages } => view! { <p>{icon::check()} {t.caught_up(messages)}</p> }.into_any(),
        State::Reloaded => view! { <p>{icon::check()} {t.room.reloaded}</p> }.into_any(),
        State::EditDeclined => view! { <p>{icon::alert()} {t.room.edit_declined}</p> }.into_any(),
        State::LetIn => view! { <p>{icon::check()} {t.room.let_in}</p> }.into_any(),
        State::NewVersion => reload(t.room.new_version, slug),
        State::Ended(Ended::Outdated) => view! { <p>{t.room.outdated}</p> {reload(t.common.reload, slug)} }.into_any(),
        State::Ended(Ended::SignedOut) => sign_in_again(t.room.signed_out, String::new(), slug),
        State::Ended(Ended::Replaced(device)) => sign_in_again(t.room.replaced, device, slug),
        State::Ended(Ended::Gone(problem @ Problem::OneDevice { may_come, .. })) if browser::MEMBER => {
            let label = if may_come { t.common.come_here } else { t.common.retry };
            view! {
                <p>{t.problem(&problem)}</p>
                <a class="button" href=paths::room(slug) rel="external">{label}</a>
            }
            .into_any()
        }
        State::Ended(Ended::Gone(problem)) => view! {
            <p>{t.room.gone} " " {t.problem(&problem)}</p>
            <a class="button" href="/" rel="external">{t.common.to_rooms}</a>
        }
        .into_any(),
    })
}

fn why(cause: Cause) -> &'static str {
    let room = words().room;
    match cause {
        Cause::Lost => room.lost,
        Cause::Offline => room.offline,
        Cause::Restart => room.restarting,
    }
}

fn sign_in_again(why: &'static str, device: String, slug: &str) -> AnyView {
    let href = paths::sign_in(&paths::room(slug));
    view! {
        <p>{why} " " <bdi>{device}</bdi></p>
        <a class="button" href=href rel="external">{words().room.sign_in_again}</a>
    }
    .into_any()
}

/// A full load: the new page brings the new scripts. Never by itself.
fn reload(label: &'static str, slug: &str) -> AnyView {
    view! { <a class="button button-quiet" href=paths::room(slug) rel="external">{label}</a> }.into_any()
}

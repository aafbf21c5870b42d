//! Why there is no page: said in the page's place, with a way on.

use crate::parts::button::{Submit, Tone};
use crate::parts::form::CallForm;
use crate::parts::frame::here_to_return;
use crate::parts::icon;
use crate::paths;
use crate::visitor::words;
use domain::{Problem, RoomId};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Refusal(problem: Problem) -> impl IntoView {
    let t = words();
    let title = title_of(&problem);
    let sign_in = problem == Problem::SignInNeeded;
    let retry = matches!(problem, Problem::Unavailable | Problem::Broken { .. } | Problem::OneDevice { .. });
    let back = here_to_return();
    view! {
        <Title text=t.title(title) />
        <section class="refusal" data-code=problem.code()>
            <span class="refusal-mark">{icon::alert()}</span>
            <h1>{title}</h1>
            <p>{t.problem(&problem)}</p>
            <div class="row">
                {if let Problem::OneDevice { room, may_come: true, .. } = problem {
                    come_here(room, back.get_untracked())
                } else if sign_in {
                    view! {
                        <a class="button button-primary" href=move || paths::sign_in(&back.get())>
                            {t.common.sign_in}
                        </a>
                    }
                        .into_any()
                } else if retry {
                    // An empty address is the present one, loaded anew.
                    view! { <a class="button button-primary" href="" rel="external">{t.common.retry}</a> }.into_any()
                } else {
                    view! { <a class="button button-primary" href="/">{t.common.to_rooms}</a> }.into_any()
                }}
            </div>
        </section>
    }
}

/// Comes into a room on this device, and leaves it on the other.
fn come_here(room: RoomId, from: String) -> AnyView {
    let t = words();
    view! {
        <CallForm call="come-here" from>
            <input type="hidden" name="room" value=room.to_string() />
            <Submit label=t.common.come_here tone=Tone::Primary />
        </CallForm>
        <a class="button" href="/">{t.common.to_rooms}</a>
    }
    .into_any()
}

fn title_of(problem: &Problem) -> &'static str {
    let common = words().common;
    match problem {
        Problem::SignInNeeded | Problem::WrongCredentials | Problem::WrongCode { .. } | Problem::Elsewhere { .. } => {
            common.sign_in_first_title
        }
        Problem::OneDevice { .. } => common.one_device_title,
        Problem::NotAllowed
        | Problem::Shut
        | Problem::Muted { .. }
        | Problem::MembersOnly
        | Problem::HostsOnly
        | Problem::NoFiles
        | Problem::Unanswered
        | Problem::Unreachable
        | Problem::Blocked
        | Problem::Removed { .. } => common.not_allowed_title,
        Problem::NotFound { .. } => common.not_found_title,
        Problem::Gone => common.gone_title,
        Problem::Unavailable | Problem::TooFast { .. } => common.unavailable_title,
        Problem::Invalid { .. }
        | Problem::Taken { .. }
        | Problem::Changed { .. }
        | Problem::TooLarge { .. }
        | Problem::Full { .. }
        | Problem::Slow { .. }
        | Problem::Filtered
        | Problem::Held
        | Problem::Declined
        | Problem::Objected { .. }
        | Problem::Broken { .. } => common.problem_title,
    }
}

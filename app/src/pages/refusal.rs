//! Why there is no page: said in the page's place, with a way on.

use crate::parts::frame::here_to_return;
use crate::parts::icon;
use crate::paths;
use crate::visitor::words;
use domain::Problem;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Refusal(problem: Problem) -> impl IntoView {
    let t = words();
    let title = title_of(&problem);
    let sign_in = problem == Problem::SignInNeeded;
    let retry = matches!(problem, Problem::Unavailable | Problem::Broken { .. });
    let back = here_to_return();
    view! {
        <Title text=t.title(title) />
        <section class="refusal" data-code=problem.code()>
            <span class="refusal-mark">{icon::alert()}</span>
            <h1>{title}</h1>
            <p>{t.problem(&problem)}</p>
            <p class="row">
                {if sign_in {
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
            </p>
        </section>
    }
}

fn title_of(problem: &Problem) -> &'static str {
    let common = words().common;
    match problem {
        Problem::SignInNeeded | Problem::WrongCredentials | Problem::WrongCode { .. } | Problem::Elsewhere { .. } => {
            common.sign_in_first_title
        }
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

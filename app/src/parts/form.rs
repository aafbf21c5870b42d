//! Forms that post to a call. Without JavaScript the browser posts and comes back, with a
//! refusal in the address if there was one; with it the page stays and keeps what was typed.

use crate::browser;
use crate::parts::problem::ProblemNote;
use crate::parts::undo::Deed;
use crate::paths;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::{Problem, Thing};
use leptos::context::Provider;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// What the parts of a form share.
#[derive(Clone, Copy)]
pub struct FormState {
    /// Endpoint of the call.
    pub call: &'static str,
    pub problem: RwSignal<Option<Problem>>,
    /// While the server has not answered.
    pub busy: RwSignal<bool>,
    /// After a success, until the next attempt.
    pub done: RwSignal<bool>,
}

/// What to do after a success. Counted, not in the arena of signals: the answer may come after
/// an event has taken the form off the page, and is to be told nevertheless.
pub type Done = Arc<dyn Fn() + Send + Sync>;

/// A form that posts to `/call/<call>`.
#[component]
pub fn CallForm(
    /// Endpoint.
    call: &'static str,
    /// The page to come back to without JavaScript.
    #[prop(into)]
    from: String,
    /// Names of the fields that show their own refusals; all others stand above the form.
    #[prop(optional)]
    fields: &'static [&'static str],
    #[prop(optional)] class: &'static str,
    /// What to do after a success that leads nowhere else.
    #[prop(optional)]
    done: Option<Done>,
    /// Where it is said what was done, if that can be undone: then the page stays.
    #[prop(optional)]
    did: Option<RwSignal<Option<Deed>>>,
    /// Whether to empty the fields after a success.
    #[prop(optional)]
    reset: bool,
    children: Children,
) -> impl IntoView {
    let state = FormState {
        call,
        problem: RwSignal::new(returned_problem(call)),
        busy: RwSignal::new(false),
        done: RwSignal::new(false),
    };
    let url = paths::call(call, &from);
    let action = url.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !state.busy.get_untracked() {
            send(state, event, url.clone(), After { done: done.clone(), did, reset });
        }
    };
    let elsewhere = move || state.problem.get().filter(|p| field_of(p).is_none_or(|f| !fields.contains(&f)));
    view! {
        <form method="post" action=action class=class on:submit=on_submit>
            {move || elsewhere().map(|problem| view! { <ProblemNote problem /> })}
            <Provider value=state>{children()}</Provider>
        </form>
    }
}

/// What a success leads to.
struct After {
    done: Option<Done>,
    did: Option<RwSignal<Option<Deed>>>,
    reset: bool,
}

impl After {
    /// Whether the page stays where it is.
    fn stays(&self, address: &str) -> bool {
        let deed = self.did.and_then(|did| Some((did, Deed::of_address(address)?)));
        deed.map(|(did, deed)| did.try_set(Some(deed))).is_some()
    }
}

fn send(state: FormState, event: SubmitEvent, url: String, after: After) {
    state.busy.set(true);
    state.done.set(false);
    let form = browser::form_of(&event);
    spawn_local(async move {
        match browser::post(event, url).await {
            // Stays busy until the other page is there.
            Ok(Some(address)) if !after.stays(&address) => return browser::go(&address),
            Ok(_) => {
                state.problem.set(None);
                state.done.set(true);
                if let Some(form) = form.filter(|_| after.reset) {
                    form.reset();
                }
                if let Some(done) = after.done {
                    done();
                }
            }
            Err(problem) => {
                state.problem.set(Some(problem));
                if let Some(form) = form {
                    browser::focus_refused(&form);
                }
            }
        }
        state.busy.set(false);
    });
}

/// The refusal that a form without JavaScript brought back, if it was of this call.
pub fn returned_problem(call: &str) -> Option<Problem> {
    let query = use_query_map();
    let query = query.read_untracked();
    if query.get_str("call") != Some(call) {
        return None;
    }
    serde_json::from_str(query.get_str("problem")?).ok()
}

/// The field that a refusal is about.
pub fn field_of(problem: &Problem) -> Option<&str> {
    match problem {
        Problem::Invalid { field, .. } => Some(field),
        Problem::WrongCode { .. } => Some("code"),
        Problem::Taken { thing: Thing::Person } => Some("name"),
        Problem::NotFound { thing: Thing::Person } => Some("name"),
        Problem::Taken { thing: Thing::Room } => Some("slug"),
        _ => None,
    }
}

/// Says that a form was saved, for those who stay on the page.
#[component]
pub fn SavedNote(#[prop(optional)] text: Option<&'static str>) -> impl IntoView {
    let text = text.unwrap_or(words().common.saved);
    let state = use_context::<FormState>();
    view! {
        <span class="saved" role="status">
            {move || state.is_some_and(|state| state.done.get()).then_some(text)}
        </span>
    }
}

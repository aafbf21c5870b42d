//! Buttons that submit the form around them.

use super::form::FormState;
use leptos::prelude::*;

/// How loud a button is. One `Primary` per view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    Primary,
    #[default]
    Plain,
    /// Without a border, for rows.
    Quiet,
    /// Takes something away.
    Danger,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Plain => "button",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// Submits; says so while the server has not answered.
#[component]
pub fn Submit(
    label: &'static str,
    /// While waiting; the label if empty.
    #[prop(optional)]
    busy: &'static str,
    #[prop(optional)] tone: Tone,
    /// For readers who do not see which row the button is in.
    #[prop(optional, into)]
    describe: Option<String>,
) -> impl IntoView {
    let waits = use_context::<FormState>().map(|state| state.busy);
    let waits = move || waits.is_some_and(|busy| busy.get());
    let text = move || if waits() && !busy.is_empty() { busy } else { label };
    view! {
        <button type="submit" class=tone.class() aria-label=describe aria-busy=move || waits().then_some("true")>
            {text}
        </button>
    }
}

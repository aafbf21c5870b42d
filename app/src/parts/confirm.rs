//! What cannot be undone is asked once more, by name: the first button unfolds what would happen and the
//! button that does it. The browser's own `<details>`: by keyboard and without scripts too.

use super::button::Tone;
use super::list::act;
use crate::visitor::words;
use domain::member::Role;
use domain::room::{Room, Visibility};
use leptos::prelude::*;

/// `whom` it concerns, for readers who do not see which row it is in; `sentence` says what would happen.
pub fn confirm((label, tone): (&'static str, Tone), whom: &str, sentence: String, doing: AnyView) -> AnyView {
    let describe = (!whom.is_empty()).then(|| format!("{label}: {whom}"));
    view! {
        <details class="ask">
            <summary class=tone.class() aria-label=describe>{label}</summary>
            <div class="ask-box">
                <p dir="auto">{sentence}</p>
                {doing}
            </div>
        </details>
    }
    .into_any()
}

/// [`act`], asked once more.
pub fn ask(
    call: &'static str,
    from: &str,
    fields: &[(&'static str, String)],
    (label, tone): (&'static str, Tone),
    whom: &str,
    sentence: String,
) -> AnyView {
    confirm((label, tone), whom, sentence, act(call, from, fields, (label, Tone::Danger), whom))
}

/// Leaving a room: asked only of those who could not come back by themselves as what they are.
pub fn leaving(room: &Room, role: Option<Role>, form: AnyView) -> AnyView {
    let (t, is_private) = (words(), room.visibility == Visibility::Private);
    if !is_private && role != Some(Role::Host) {
        return form;
    }
    confirm((t.room.leave, Tone::Quiet), "", t.leaves(&room.title, is_private), form)
}

//! A signed-in device, as its owner and administrators see it.

use super::icon;
use super::time::When;
use crate::visitor::words;
use domain::person::Session;
use leptos::prelude::*;

/// Which one it is, from where, and when it was last here.
pub fn device_words(session: &Session, now: i64) -> impl IntoView + use<> {
    let t = words();
    view! {
        <span class="row-icon">{icon::phone()}</span>
        <div class="row-words">
            <p class="row-name">
                {session.device.clone()}
                {session.is_this.then(|| view! { <span class="chip chip-accent">{t.me.this_device}</span> })}
            </p>
            <p class="row-note">{session.address.clone()} " · " <When at=session.seen_at now /></p>
        </div>
    }
}

//! A room's gate: what those in front of it see, and what its hosts do with it.

use super::button::{Submit, Tone};
use super::form::CallForm;
use crate::browser::Ticker;
use crate::live::Live;
use crate::paths;
use crate::visitor::words;
use domain::gate::{GateView, Opening, Phase};
use domain::picture::Size;
use leptos::prelude::*;

/// The page in front of a shut room. It becomes the room by itself.
#[component]
pub fn WaitingRoom(live: Live) -> impl IntoView {
    let t = words();
    // The first page of a new visitor does not know the zone yet.
    let ticker = use_context::<Ticker>();
    let zone = move || ticker.and_then(|ticker| ticker.0.get()).map_or(live.tz, |tick| tick.tz);
    let why = move || live.gate.get().map(|gate| t.why_shut(gate, live.now.get(), zone()));
    let others = move || live.gate.get().map(|gate| t.n_waiting(gate.waiting));
    let is_over = move || live.gate.get().is_some_and(|gate| gate.is_over(live.now.get()));
    let cover = cover(live);
    view! {
        <main id="main" class="waiting" tabindex="-1">
            {cover}
            <h1 dir="auto">{move || live.room.with(|room| room.title.clone())}</h1>
            <p class="waiting-why" role="status">{why}</p>
            <p class="lead" hidden=is_over>{t.room.gate_waiting}</p>
            <p class="lead waiting-count">{others}</p>
            <p dir="auto">{move || live.room.with(|room| room.about.clone())}</p>
            <a class="button" href="/">{t.common.to_rooms}</a>
        </main>
    }
}

fn cover(live: Live) -> Option<AnyView> {
    let cover = live.cover()?;
    let image = view! {
        <img
            class="waiting-cover"
            src=cover.url(live.id, Size::Side(640))
            width=cover.width.to_string()
            height=cover.height.to_string()
            alt=cover.alt.clone()
        />
    };
    Some(image.into_any())
}

/// For hosts, where the room is not always open: how the gate stands, who waits, one button.
#[component]
pub fn GateStrip(live: Live, slug: String) -> impl IntoView {
    let t = words();
    let from = paths::room(&slug);
    let strip = move |GateView { opening, phase, waiting, .. }: GateView| {
        let open = phase.is_open();
        let (label, tone) = if open { (t.room.gate_shut, Tone::Plain) } else { (t.room.gate_open, Tone::Primary) };
        view! {
            <div class="gate-strip" data-phase=phase.as_str()>
                <p role="status">
                    <strong>{t.phase(phase)}</strong>
                    {(opening == Opening::Host && phase == Phase::Closed).then_some(t.room.gate_away)}
                    {(waiting > 0).then(|| t.n_waiting(waiting))}
                </p>
                <CallForm call="open-gate" from=from.clone()>
                    <input type="hidden" name="room" value=live.id.to_string() />
                    <input type="hidden" name="open" value=(!open).to_string() />
                    <Submit label tone />
                </CallForm>
            </div>
        }
    };
    move || live.gate.get().filter(|gate| gate.opening != Opening::Always).map(&strip)
}

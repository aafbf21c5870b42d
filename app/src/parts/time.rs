//! A time: relative, refreshed each minute, the whole of it as a tooltip.

use crate::browser::{self, Ticker};
use crate::visitor::{prefs, words};
use domain::time::iso;
use leptos::prelude::*;

/// `now` is the server's clock when the page was made. The first render uses the zone that
/// the server knows; then the browser's own.
#[component]
pub fn When(at: i64, now: i64) -> impl IntoView {
    let t = words();
    let zone = prefs().tz;
    let ticker = use_context::<Ticker>();
    // The device's clock may be wrong, but it runs: only what passed since counts.
    let born = browser::now();
    let moment = move || match ticker.and_then(|ticker| ticker.0.get()) {
        Some(tick) => (now + (tick.now - born).max(0), tick.tz),
        None => (now, zone),
    };
    let shown = move || {
        let (now, tz) = moment();
        t.ago(at, now, tz)
    };
    view! { <time datetime=iso(at) title=move || t.moment(at, moment().1)>{shown}</time> }
}

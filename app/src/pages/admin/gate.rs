//! What opens a room: four ways, each with its consequence, and the times that go with them.

use crate::parts::button::{Submit, Tone};
use crate::parts::field::{Choice, Field};
use crate::parts::form::{CallForm, Done, SavedNote};
use crate::visitor::{prefs, words};
use domain::RoomId;
use domain::gate::{GateRule, GateView, Opening};
use domain::time::local;
use leptos::prelude::*;

/// Fields that show their own refusals.
const FIELDS: &[&str] = &["opens_at", "closes_at", "doors", "grace"];

#[component]
pub fn GatePanel(room: RoomId, rule: GateRule, gate: GateView, from: String, again: Done) -> impl IntoView {
    let t = words();
    let tz = prefs().tz;
    let time = move |at: Option<i64>| at.map(|at| local(at, tz)).unwrap_or_default();
    let choices = Opening::ALL.map(|choice| {
        let (label, hint) = match choice {
            Opening::Always => (t.admin.gate_always, t.admin.gate_always_hint),
            Opening::Host => (t.admin.gate_host, t.admin.gate_host_hint),
            Opening::Schedule => (t.admin.gate_schedule, t.admin.gate_schedule_hint),
            Opening::Never => (t.admin.gate_never, t.admin.gate_never_hint),
        };
        view! { <Choice name="opening" value=choice.as_str() label hint checked=choice == rule.opening usual=choice == Opening::default() /> }
    });
    view! {
        <h2>{t.admin.gate}</h2>
        <p class="lead">{t.phase(gate.phase)} " · " {t.n_waiting(gate.waiting)}</p>
        <CallForm call="change-gate" from fields=FIELDS class="form" done=again>
            <input type="hidden" name="room" value=room.to_string() />
            <fieldset class="choices" id="opening">
                <legend>{t.admin.gate_opens}</legend>
                {choices.collect_view()}
            </fieldset>
            <Field
                name="opens_at"
                label=t.admin.opens_at
                hint=t.admin.opens_at_hint
                kind="datetime-local"
                value=time(rule.opens_at)
                plain=true
            />
            <Field name="closes_at" label=t.admin.closes_at kind="datetime-local" value=time(rule.closes_at) plain=true />
            <Field
                name="doors"
                label=t.admin.doors
                hint=t.admin.doors_hint
                kind="number"
                value=(rule.doors / 60).to_string()
                plain=true
            />
            <Field name="grace" label=t.admin.grace hint=t.admin.grace_hint kind="number" value=rule.grace.to_string() plain=true />
            <div class="row">
                <Submit label=t.common.save busy=t.common.saving tone=Tone::Primary /> <SavedNote />
            </div>
        </CallForm>
    }
}

//! `/sign-in/step?from=/r/live`: what is asked on the way in besides a password.

use super::sign_in::next_page;
use crate::browser;
use crate::calls::Frame;
use crate::calls::identity::{StepPage as Data, load_step};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Code;
use crate::parts::form::{CallForm, Done, SavedNote};
use crate::parts::frame::here;
use crate::parts::page::{Layout, load, page};
use crate::visitor::{prefs, words};
use domain::sign_in::Step;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use std::sync::Arc;
use std::time::Duration;

#[component]
pub fn StepPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_step());
    let again: Done = Arc::new(move || loaded.refetch());
    page(Layout::Door, loaded, move |data, frame| content(data, frame, again.clone()))
}

fn content(data: Data, frame: Frame, again: Done) -> AnyView {
    let (t, i) = (words(), words().identity());
    let (title, inner) = match data.step {
        None => (i.over_title, over()),
        Some(Step::Code { hint, resend_ms, own: _ }) => (i.code_title, code(&hint, resend_ms, again)),
        Some(Step::Elsewhere { device, seen_at }) => {
            let ago = t.ago(seen_at, frame.now, prefs().tz);
            (i.elsewhere, elsewhere(&t.elsewhere_device(&device, &ago)))
        }
    };
    view! {
        <Title text=t.title(title) />
        <Meta name="robots" content="noindex" />
        <section class="door">
            <h1>{title}</h1>
            {inner}
        </section>
    }
    .into_any()
}

fn over() -> AnyView {
    let t = words();
    view! {
        <p>{t.identity().over}</p>
        <p><a class="button button-primary" href="/sign-in">{t.common.sign_in}</a></p>
    }
    .into_any()
}

fn code(hint: &str, resend_ms: i64, again: Done) -> AnyView {
    let (t, i) = (words(), words().identity());
    let from = here().get_untracked();
    view! {
        <p class="lead">{t.code_lead(hint)}</p>
        <CallForm call="enter-code" from=from.clone() fields=&["code"] class="form">
            <input type="hidden" name="next" value=next_page() />
            <Code />
            <Submit label=i.go_on busy=i.checking tone=Tone::Primary />
        </CallForm>
        <div class="door-more">
            <p class="field-hint">{i.no_mail}</p>
            <div class="row">
                <CallForm call="resend-code" from=from.clone() done=again>
                    <Submit label=i.resend /> <SavedNote text=i.resent />
                </CallForm>
                {give_up(from)}
            </div>
            {countdown(resend_ms)}
        </div>
    }
    .into_any()
}

/// How long it takes until another code may be asked for; only scripts can count.
fn countdown(resend_ms: i64) -> impl IntoView {
    let left = RwSignal::new(None);
    Effect::new(move || {
        let until = browser::now() + resend_ms;
        let count = move || left.set(Some(until - browser::now()).filter(|left| *left > 0));
        count();
        if let Ok(counting) = set_interval_with_handle(count, Duration::from_secs(1)) {
            on_cleanup(move || counting.clear());
        }
    });
    let t = words();
    let said =
        move || left.get().map(|left: i64| format!("{} {}", t.identity().resend_when, t.wait(left.unsigned_abs())));
    view! { <p class="field-hint">{said}</p> }
}

fn elsewhere(device: &str) -> AnyView {
    let i = words().identity();
    let from = here().get_untracked();
    view! {
        <p><bdi>{device.to_owned()}</bdi></p>
        <p class="lead">{i.elsewhere_lead}</p>
        <CallForm call="replace-elsewhere" from=from.clone() class="form">
            <input type="hidden" name="next" value=next_page() />
            <Submit label=i.replace tone=Tone::Primary />
        </CallForm>
        {give_up(from)}
    }
    .into_any()
}

fn give_up(from: String) -> impl IntoView {
    view! {
        <CallForm call="give-up" from>
            <Submit label=words().identity().cancel tone=Tone::Quiet />
        </CallForm>
    }
}

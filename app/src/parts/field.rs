//! Labelled fields of a form, each with its hint and its own refusal.

use super::form::{FormState, field_of};
use super::icon;
use crate::browser;
use crate::text::raw;
use crate::visitor::words;
use domain::sign_in::parse_code;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A one-line field.
#[component]
pub fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] focus: bool,
    /// In characters; 0 for no limit.
    #[prop(optional)]
    max: u32,
    /// Whether it holds people's words, which may run either way, or a name or an address.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let ids = Ids::new(name);
    let optional = words().common.optional;
    view! {
        <div class="field">
            <label for=ids.field.clone()>
                {label} {(!required).then(|| view! { <span class="optional">{optional}</span> })}
            </label>
            <input
                id=ids.field.clone()
                name=name
                type=kind
                value=value
                required=required
                autofocus=focus
                autocomplete=if autocomplete.is_empty() { "off" } else { autocomplete }
                maxlength=(max > 0).then_some(max)
                min=(kind == "number").then_some("1")
                dir=if plain { "ltr" } else { "auto" }
                autocapitalize=plain.then_some("none")
                spellcheck=plain.then_some("false")
                aria-describedby=ids.described(!hint.is_empty())
                aria-invalid=ids.invalid()
            />
            {ids.notes(hint)}
        </div>
    }
}

/// A field of several lines.
#[component]
pub fn Area(
    name: &'static str,
    label: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    /// In characters.
    max: u32,
) -> impl IntoView {
    let ids = Ids::new(name);
    let optional = words().common.optional;
    view! {
        <div class="field">
            <label for=ids.field.clone()>{label} <span class="optional">{optional}</span></label>
            <textarea
                id=ids.field.clone()
                name=name
                rows="2"
                maxlength=max
                dir="auto"
                aria-describedby=ids.described(!hint.is_empty())
                aria-invalid=ids.invalid()
            >
                {raw(&value)}
            </textarea>
            {ids.notes(hint)}
        </div>
    }
}

/// A password, with a button that shows it.
#[component]
pub fn Secret(
    name: &'static str,
    label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let t = words();
    let ids = Ids::new(name);
    let shown = RwSignal::new(false);
    let caps = RwSignal::new(false);
    let watch_caps = move |event: KeyboardEvent| caps.set(event.get_modifier_state("CapsLock"));
    let toggle = move || if shown.get() { t.auth.hide_password } else { t.auth.show_password };
    view! {
        <div class="field">
            <label for=ids.field.clone()>{label}</label>
            <div class="secret">
                <input
                    id=ids.field.clone()
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    required
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    dir="ltr"
                    aria-describedby=ids.described(!hint.is_empty())
                    aria-invalid=ids.invalid()
                    on:keyup=watch_caps
                />
                <button
                    type="button"
                    class="secret-eye needs-script"
                    aria-label=toggle
                    title=toggle
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || if shown.get() { icon::eye_off() } else { icon::eye() }}
                </button>
            </div>
            <p class="field-hint" role="status">{move || caps.get().then_some(t.auth.caps_lock)}</p>
            {ids.notes(hint)}
        </div>
    }
}

/// A code that was sent by mail. With scripts its form is sent by itself when the last digit is there.
#[component]
pub fn Code() -> impl IntoView {
    let i = words().identity();
    let ids = Ids::new("code");
    let before = StoredValue::new(0);
    let on_input = move |event| {
        let digits = parse_code(&event_target_value(&event)).map_or(0, |code| code.len());
        // Not while somebody corrects a refused one.
        if digits > before.get_value() {
            browser::submit_form_of(&event);
        }
        before.set_value(digits);
    };
    view! {
        <div class="field">
            <label for=ids.field.clone()>{i.code}</label>
            <input
                id=ids.field.clone()
                class="code"
                name="code"
                type="text"
                inputmode="numeric"
                autocomplete="one-time-code"
                autocapitalize="none"
                spellcheck="false"
                dir="ltr"
                required
                autofocus
                // Room for blanks: codes are pasted as "123 456".
                maxlength="16"
                aria-describedby=ids.described(true)
                aria-invalid=ids.invalid()
                on:input=on_input
            />
            {ids.notes(i.code_hint)}
        </div>
    }
}

/// One choice of several, each with its consequence in a line.
#[component]
pub fn Choice(
    name: &'static str,
    value: &'static str,
    label: &'static str,
    hint: &'static str,
    checked: bool,
    /// Whether it is so until somebody chooses.
    #[prop(optional)]
    usual: bool,
) -> impl IntoView {
    let id = format!("{name}-{value}");
    let note = format!("{id}-hint");
    view! {
        <div class="choice">
            <input type="radio" id=id.clone() name=name value=value checked=checked aria-describedby=note.clone() />
            <label for=id>
                {label} {usual.then(|| view! { <span class="chip">{words().common.usual}</span> })}
            </label>
            <p class="field-hint" id=note>{hint}</p>
        </div>
    }
}

/// Ids that tie a field to its notes, unique on a page by call and name.
#[derive(Clone)]
struct Ids {
    name: &'static str,
    field: String,
    state: Option<FormState>,
}

impl Ids {
    fn new(name: &'static str) -> Self {
        let state = use_context::<FormState>();
        let call = state.map_or("form", |state| state.call);
        Self { name, field: format!("{call}-{name}"), state }
    }

    /// The refusal of this field, in words.
    fn refusal(&self) -> Option<String> {
        let problem = self.state?.problem.get()?;
        (field_of(&problem) == Some(self.name)).then(|| words().problem(&problem))
    }

    fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + use<> {
        let ids = self.clone();
        move || ids.refusal().map(|_| "true")
    }

    fn described(&self, hint: bool) -> impl Fn() -> Option<String> + Send + use<> {
        let ids = self.clone();
        move || match (ids.refusal().is_some(), hint) {
            (true, true) => Some(format!("{0}-error {0}-hint", ids.field)),
            (true, false) => Some(format!("{}-error", ids.field)),
            (false, true) => Some(format!("{}-hint", ids.field)),
            (false, false) => None,
        }
    }

    fn notes(&self, hint: &'static str) -> impl IntoView + use<> {
        let ids = self.clone();
        let error_id = format!("{}-error", self.field);
        let hint_id = format!("{}-hint", self.field);
        view! {
            {move || {
                let id = error_id.clone();
                ids.refusal().map(|text| view! {
                    <p class="field-error" id=id role="alert">{icon::alert()} <span>{text}</span></p>
                })
            }}
            {(!hint.is_empty()).then(|| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words_in_a_textarea() {
        let html = Owner::new()
            .with(|| view! { <Area name="about" label="About" value="</textarea><b>&amp;" max=9 /> }.to_html());
        assert!(html.contains("&lt;/textarea>&lt;b>&amp;amp;</textarea>"), "{html}");
    }
}

//! For hosts: what everybody sees, by buttons and by keys. Every button, also those of the
//! pictures, belongs to one form (`form="show"`), which works without scripts.

use super::button::Tone;
use super::form::returned_problem;
use super::icon;
use super::player;
use super::problem::ProblemNote;
use crate::calls::stage::show_now;
use crate::live::Live;
use crate::paths;
use crate::visitor::words;
use domain::stage::Show;
use domain::{PictureId, Problem};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Sooner than this counts as at once, later than the second as late; milliseconds.
const SOON: u32 = 200;
const LATE: u32 = 500;

/// Puts things on the stage.
#[derive(Clone, Copy)]
struct Hand {
    live: Live,
    problem: RwSignal<Option<Problem>>,
}

impl Hand {
    /// `word`: a picture's number, `play`, `pause` or `nothing`.
    fn show(self, word: String, position: String) {
        spawn_local(async move {
            let answer = show_now(self.live.id, word, position).await;
            if !self.live.is_over() {
                self.problem.set(answer.err().map(|refused| refused.0));
            }
        });
    }

    /// The picture so many places from the one that is shown; the first if none is.
    fn neighbour(self, step: isize) -> Option<PictureId> {
        let shown = self.live.stage.with(|stage| stage.picture());
        self.live.wall.with(|wall| {
            let at = match shown.and_then(|shown| wall.position(shown)) {
                Some(at) => at.checked_add_signed(step)?,
                None => 0,
            };
            wall.pictures.get(at).map(|picture| picture.id)
        })
    }

    fn nth(self, n: usize) -> Option<PictureId> {
        self.live.wall.with(|wall| wall.pictures.get(n.checked_sub(1)?).map(|picture| picture.id))
    }

    /// Plays or pauses the room's video, if there is one.
    fn turn(self) -> Option<&'static str> {
        self.live.stage.with(|stage| match stage.show {
            Show::Video { playing: true, .. } => Some("pause"),
            _ => stage.video.is_some().then_some("play"),
        })
    }

    fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || player::is_busy_with_keys(event) {
            return;
        }
        let picture = |picture: Option<PictureId>| picture.map(|picture| picture.to_string());
        let word = untrack(|| match event.key().as_str() {
            "ArrowLeft" => picture(self.neighbour(-1)),
            "ArrowRight" => picture(self.neighbour(1)),
            " " => self.turn().map(str::to_owned),
            "0" => Some("nothing".to_owned()),
            digit => picture(digit.parse().ok().and_then(|n| self.nth(n))),
        });
        if let Some(word) = word {
            event.prevent_default();
            self.show(word, String::new());
        }
    }
}

/// `from`: the page to come back to without scripts.
#[component]
pub fn Presenter(live: Live, from: String) -> impl IntoView {
    let t = words();
    let hand = Hand { live, problem: RwSignal::new(returned_problem("show-now")) };
    let keys = RwSignal::new(false);
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if keys.get_untracked() {
            hand.key(&event);
        }
    });
    on_cleanup(move || listener.remove());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(word) = event.submitter().and_then(|button| button.get_attribute("value")) {
            hand.show(word, player::position_in(&event));
        }
    };
    let playing = move || live.stage.with(|stage| matches!(stage.show, Show::Video { playing: true, .. }));
    let has_video = Memo::new(move |_| live.stage.with(|stage| stage.video.is_some()));
    let video = format!("{}/video", paths::room(&live.room.with_untracked(|room| room.slug.clone())));
    let shows = move || live.stage.with(|stage| stage.show != Show::Nothing);
    view! {
        <form id="show" class="presenter" method="post" action=paths::call("show-now", &from) aria-label=t.stage.presenting on:submit=submit>
            <input type="hidden" name="room" value=live.id.to_string() />
            // Where the video is on this screen, when its own controls are used.
            <input type="hidden" name="position" value="" />
            {move || hand.problem.get().map(|problem| view! { <ProblemNote problem /> })}
            {move || turn(hand, -1)}
            {move || turn(hand, 1)}
            {move || has_video.get().then(|| view! {
                <button class=Tone::Quiet.class() name="show" value="play" hidden=playing>{t.stage.play}</button>
                <button class=Tone::Quiet.class() name="show" value="pause" hidden=move || !playing()>{t.stage.pause}</button>
            })}
            {move || shows().then(|| view! {
                <button class=Tone::Quiet.class() name="show" value="nothing">{t.stage.stop}</button>
            })}
            <button
                type="button"
                class="button button-quiet presenter-keys needs-script"
                aria-pressed=move || if keys.get() { "true" } else { "false" }
                title=t.stage.keys_hint
                on:click=move |_| keys.update(|keys| *keys = !*keys)
            >
                {t.stage.keys}
            </button>
            <a class=Tone::Quiet.class() href=video>{t.stage.video}</a>
            <Reach live />
            <p class="presenter-hint">{move || keys.get().then_some(t.stage.keys_hint)}</p>
        </form>
    }
}

/// The neighbour of what is shown.
fn turn(hand: Hand, step: isize) -> Option<AnyView> {
    let t = words();
    let picture = hand.neighbour(step)?;
    let (label, icon) =
        if step < 0 { (t.stage.previous, icon::chevron_left()) } else { (t.stage.next, icon::chevron_right()) };
    let button = view! {
        <button class="icon-button" name="show" value=picture.to_string() aria-label=label title=label>{icon}</button>
    };
    Some(button.into_any())
}

/// Who is here, and how soon they see what is shown.
#[component]
fn Reach(live: Live) -> impl IntoView {
    let t = words();
    let viewers = move || live.people.with(|people| t.n_viewers(people.count()));
    let reached = move || {
        live.followers.get().map(|(count, p95)| {
            let light = match p95 {
                0..=SOON => "ok",
                delay if delay <= LATE => "warn",
                _ => "late",
            };
            view! { <span class="presenter-light" data-light=light>{t.reached(count, p95)}</span> }
        })
    };
    view! { <p class="presenter-reach"><span>{viewers}</span> {reached}</p> }
}

/// The same in a row of icons. `label` says which picture it is.
pub fn show_icon(picture: PictureId, label: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    let t = words();
    view! {
        <button class="icon-button" form="show" name="show" value=picture.to_string() title=t.stage.show_now aria-label=label>
            {icon::screen()}
        </button>
    }
    .into_any()
}

/// Shows a picture: for wherever one stands.
pub fn show_button(picture: PictureId) -> AnyView {
    let t = words();
    view! {
        <button class="button show-button" form="show" name="show" value=picture.to_string()>{t.stage.show_now}</button>
    }
    .into_any()
}

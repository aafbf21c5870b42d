//! The stage: what a host shows to everybody, above the wall. It can be folded to a strip; who
//! wants to look at it in peace detaches, and comes back.

use super::player;
use super::tile::{address, name_of};
use crate::browser;
use crate::live::Live;
use crate::visitor::{prefs, words};
use domain::picture::{Picture, Size};
use domain::stage::{Show, Stage as Shown, Video};
use leptos::prelude::*;

#[component]
pub fn Stage(live: Live, slug: String) -> impl IntoView {
    let t = words();
    // What was there when the viewer detached.
    let kept = RwSignal::new(None::<Shown>);
    let shown = Memo::new(move |_| kept.get().unwrap_or_else(|| live.stage.get()));
    let picture = Memo::new(move |_| find_picture(live, &shown.get()));
    let is_detached = move || kept.with(Option::is_some);
    let follow = move |_| {
        let now = if kept.with_untracked(Option::is_some) { None } else { Some(shown.get_untracked()) };
        kept.set(now);
    };
    let by = move || shown.with(|shown| shown.by.as_ref().map(|by| t.shown_by(&by.display)));
    let video = Memo::new(move |_| shown.with(find_video));
    let is_there = Memo::new(move |_| is_detached() || picture.with(Option::is_some) || video.with(Option::is_some));
    let box_of = move |video: Video| following(live, video, shown, kept);
    let view = move || {
        let slug = slug.clone();
        view! {
            <details class="stage" open class:stage-detached=is_detached>
                <summary class="stage-head">
                    {move || picture.get().map(|(_, _, picture)| thumbnail(live, &picture))}
                    <span class="stage-title" dir="auto">{move || title(video)}</span>
                    <span class="stage-by" dir="auto">{by}</span>
                </summary>
                <div class="stage-view">
                    {move || picture.get().map(|found| large(live, &slug, found))}
                    {move || video.get().map(box_of)}
                </div>
                <div class="stage-bar needs-script">
                    <p role="status">{move || is_detached().then_some(t.stage.detached)}</p>
                    <button type="button" class="button button-quiet stage-detach" on:click=follow>
                        {move || if is_detached() { t.stage.back } else { t.stage.detach }}
                    </button>
                </div>
            </details>
        }
    };
    move || is_there.get().then(&view)
}

/// The captions of a video.
pub fn captions(video: &Video) -> AnyView {
    let label = words().stage.captions;
    let language = (!video.language.is_empty()).then(|| video.language.clone());
    view! { <track kind="captions" src=video.captions.clone() srclang=language label=label default /> }.into_any()
}

/// The video, while it is shown.
fn find_video(shown: &Shown) -> Option<Video> {
    if matches!(shown.show, Show::Video { .. }) { shown.video.clone() } else { None }
}

/// That of the video, else what this is.
fn title(video: Memo<Option<Video>>) -> String {
    let title = video.with(|video| video.as_ref().map(|video| video.title.clone()).unwrap_or_default());
    if title.is_empty() { words().stage.stage.to_owned() } else { title }
}

/// The video as any browser plays it. What it should do is written beside it, for the script that
/// makes it follow (`public/pkg/stage.js`); so it is never made anew while it plays.
fn following(live: Live, video: Video, shown: Memo<Shown>, kept: RwSignal<Option<Shown>>) -> AnyView {
    let t = words();
    player::load_player();
    let state = move || match shown.with(|shown| shown.show) {
        Show::Video { position, playing } => (position, playing),
        Show::Nothing | Show::Picture(_) => (0, false),
    };
    // When it was at its beginning, by the clock of this device.
    let zero = move || shown.with(|shown| live.device_time(shown.at)) - state().0;
    Effect::new(move || {
        shown.track();
        player::after_paint(move || live.painted());
    });
    // Later the script sets it, if the policy of the page allows it.
    let src = browser::is_first_draw().then(|| video.src.clone());
    let poster = (!video.poster.is_empty()).then(|| video.poster.clone());
    let track = (!video.captions.is_empty()).then(|| captions(&video));
    view! {
        <div
            class="stage-video"
            data-src=video.src.clone()
            data-stream=video.stream.to_string()
            data-playing=move || state().1.to_string()
            data-position=move || state().0.to_string()
            data-zero=move || zero().to_string()
            data-detached=move || kept.with(Option::is_some).to_string()
        >
            <video controls playsinline preload=preload() src=src poster=poster>
                {track}
            </video>
            <button type="button" class="button stage-unmute">{t.stage.unmute}</button>
            <p class="stage-waiting">{t.stage.tap}</p>
            <p class="stage-stalled" role="status">{t.stage.stalled}</p>
            <p class="stage-ended">{t.stage.ended}</p>
            <div class="stage-fault" role="alert">
                <p>{t.stage.fault}</p>
                <button type="button" class="button stage-retry">{t.common.retry}</button>
            </div>
        </div>
    }
    .into_any()
}

/// Nothing is loaded ahead for those with little data to spare.
fn preload() -> &'static str {
    if prefs().saves_data { "none" } else { "metadata" }
}

/// The picture that is shown, with its place and the number of all.
fn find_picture(live: Live, shown: &Shown) -> Option<(usize, usize, Picture)> {
    let id = shown.picture()?;
    live.wall.with(|wall| {
        let at = wall.position(id)?;
        Some((at, wall.pictures.len(), wall.pictures[at].clone()))
    })
}

fn thumbnail(live: Live, picture: &Picture) -> AnyView {
    view! { <img class="stage-thumb" src=picture.url(live.id, Size::Side(320)) alt="" /> }.into_any()
}

fn large(live: Live, slug: &str, (at, of, picture): (usize, usize, Picture)) -> AnyView {
    view! {
        <a href=address(slug, picture.id) data-inside="">
            <img
                src=picture.url(live.id, Size::Side(if prefs().saves_data { 320 } else { 1280 }))
                srcset=(!prefs().saves_data).then(|| picture.srcset(live.id))
                sizes="(min-width: 1100px) 60vw, 100vw"
                width=picture.width.to_string()
                height=picture.height.to_string()
                alt=name_of(&picture, at + 1, of)
                fetchpriority="high"
                on:load=move |_| player::after_paint(move || live.painted())
            />
        </a>
    }
    .into_any()
}

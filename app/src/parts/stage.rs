//! The stage: what a host shows to everybody, above the wall. It can be folded to a strip; who
//! wants to look at it in peace detaches, and comes back.

use super::button::Tone;
use super::tile::{address, name_of};
use crate::browser;
use crate::live::Live;
use crate::visitor::words;
use domain::picture::{Picture, Size};
use domain::stage::Stage as Shown;
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
    let is_there = Memo::new(move |_| is_detached() || picture.with(Option::is_some));
    let view = move || {
        let slug = slug.clone();
        view! {
            <details class="stage" open class:stage-detached=is_detached>
                <summary class="stage-head">
                    {move || picture.get().map(|(_, _, picture)| thumbnail(live, &picture))}
                    <span class="stage-title">{t.stage.stage}</span>
                    <span class="stage-by" dir="auto">{by}</span>
                </summary>
                <div class="stage-view">{move || picture.get().map(|found| large(live, &slug, found))}</div>
                <div class="stage-bar needs-script">
                    <p role="status">{move || is_detached().then_some(t.stage.detached)}</p>
                    <button type="button" class=Tone::Quiet.class() on:click=follow>
                        {move || if is_detached() { t.stage.back } else { t.stage.detach }}
                    </button>
                </div>
            </details>
        }
    };
    move || is_there.get().then(&view)
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
        <a href=address(slug, picture.id) data-noscroll="">
            <img
                src=picture.url(live.id, Size::Side(1280))
                srcset=picture.srcset(live.id)
                sizes="(min-width: 1100px) 60vw, 100vw"
                width=picture.width.to_string()
                height=picture.height.to_string()
                alt=name_of(&picture, at + 1, of)
                fetchpriority="high"
                on:load=move |_| browser::after_paint(move || live.painted())
            />
        </a>
    }
    .into_any()
}

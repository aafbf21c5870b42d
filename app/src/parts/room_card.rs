//! A room in the list: cover, name, last words, what is unread, who is there.

use super::avatar::initial;
use super::icon;
use super::room_menu::RoomMenu;
use super::time::When;
use crate::paths;
use crate::visitor::words;
use domain::PersonId;
use domain::gate::Phase;
use domain::picture::Size;
use domain::room::{LastWords, Room, RoomLine, Visibility};
use domain::unread::Level;
use leptos::prelude::*;

/// The whole card leads to the room; its name is the link that is read aloud.
#[component]
pub fn RoomCard(line: RoomLine, me: Option<PersonId>, from: String, now: i64) -> impl IntoView {
    let t = words();
    let badge = line.role.is_some().then(|| badge(&line));
    let menu = line.role.is_some().then(|| view! { <RoomMenu line=line.clone() from /> });
    let is_quiet = line.level != Level::Everything;
    let described = format!("unread-{0} present-{0}", line.room.id);
    let RoomLine { room, last, draft, present, cover, phase, pinned, .. } = line;
    let href = paths::room(&room.slug);
    let picture = match &cover {
        Some(cover) => view! {
            <img
                class="room-cover"
                src=cover.url(room.id, Size::Side(320))
                alt=""
                width="96"
                height="96"
                loading="lazy"
                decoding="async"
            />
        }
        .into_any(),
        None => blank_cover(&room),
    };
    view! {
        <article class="room-card">
            {picture}
            <div class="room-words">
                <h2 class="room-card-name"><a href=href dir="auto" aria-describedby=described>{room.title.clone()}</a> {mark(&room)} {shut(phase)} {pinned.then(pin)} {is_quiet.then(muted)}</h2>
                {match draft {
                    Some(draft) => half_written(draft),
                    None => last_words(&room, last, me, now),
                }}
                <p class="room-present" id=format!("present-{}", room.id) hidden=present == 0>
                    <span class="dot" aria-hidden="true"></span>
                    <span>{(present > 0).then(|| t.n_present(present))}</span>
                </p>
            </div>
            {badge}
            {menu}
        </article>
    }
}

/// What is unread. It is there without anything unread as well, and says nothing then:
/// `public/pkg/unread.js` keeps it true.
fn badge(line: &RoomLine) -> AnyView {
    let t = words();
    let class = if line.level == Level::Everything { "badge" } else { "badge badge-quiet" };
    let id = line.room.id.to_string();
    view! {
        <span class="badges" id=format!("unread-{id}") data-unread=id hidden=line.unread == 0>
            <span class="badge badge-mention" hidden=line.mentions == 0>
                <span aria-hidden="true">"@"</span>
                <span class="sr">{(line.mentions > 0).then(|| t.n_mentions(line.mentions))}</span>
            </span>
            <span class=class>
                <span aria-hidden="true">{t.badge(line.unread)}</span>
                <span class="sr">{(line.unread > 0).then(|| t.n_unread(line.unread))}</span>
            </span>
        </span>
    }
    .into_any()
}

fn pin() -> AnyView {
    view! { <span class="room-muted">{icon::pin()}<span class="sr">{words().rooms.pinned}</span></span> }.into_any()
}

fn muted() -> AnyView {
    view! { <span class="room-muted">{icon::bell_off()}<span class="sr">{words().rooms.muted}</span></span> }.into_any()
}

/// A room without pictures shows its first letter on a tone of its own.
fn blank_cover(room: &Room) -> AnyView {
    let face = if room.is_direct() { " room-face" } else { "" };
    let class = format!("room-cover room-blank{face} tone-{}", room.id.0.rem_euclid(8));
    view! { <span class=class aria-hidden="true">{initial(&room.title)}</span> }.into_any()
}

/// That it may not be entered now.
fn shut(phase: Phase) -> Option<AnyView> {
    let t = words();
    (!phase.is_open()).then(|| view! { <span class="chip">{icon::lock()} {t.rooms.shut}</span> }.into_any())
}

/// Who may see it, where that is not everybody.
fn mark(room: &Room) -> Option<AnyView> {
    let t = words();
    if room.archived {
        return Some(view! { <span class="chip">{icon::archive()} {t.rooms.archived}</span> }.into_any());
    }
    match room.visibility {
        Visibility::Public | Visibility::Open | Visibility::Direct => None,
        Visibility::Private => Some(view! { <span class="chip">{icon::lock()} {t.rooms.private}</span> }.into_any()),
    }
}

/// What one has not said yet comes before what others said.
fn half_written(draft: String) -> AnyView {
    view! {
        <p class="room-last">
            <span class="room-said"><span class="room-draft">{words().rooms.draft}</span> " " <bdi>{draft}</bdi></span>
        </p>
    }
    .into_any()
}

fn last_words(room: &Room, last: Option<LastWords>, me: Option<PersonId>, now: i64) -> AnyView {
    let t = words();
    match last {
        Some(last) => view! {
            <p class="room-last">
                <bdi class="room-said">{t.said(if Some(last.by) == me { t.room.you } else { &last.author }, &last.text)}</bdi>
                <span class="room-time"><When at=last.at now /></span>
            </p>
        }
        .into_any(),
        None if room.about.is_empty() => {
            view! { <p class="room-last"><span class="room-said">{t.rooms.quiet}</span></p> }.into_any()
        }
        None => view! { <p class="room-last"><bdi class="room-said">{room.about.clone()}</bdi></p> }.into_any(),
    }
}

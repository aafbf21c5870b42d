//! `/search?q=…`: what was said, hung, and who is here. A page of links and one form.

use crate::calls::Frame;
use crate::calls::search::{SearchPage as Data, search};
use crate::parts::avatar::Avatar;
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::time::When;
use crate::paths;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::RoomId;
use domain::person::Person;
use domain::picture::Size;
use domain::room::Room;
use domain::search::{FileHit, Found, Kind, MAX_CHARS, MessageHit, PictureHit, Piece};
use leptos::prelude::*;
use leptos_meta::Title;

/// Filters and what they do, for those who do not know them.
const EXAMPLES: [&str; 7] =
    ["from:ana", "in:hall", "has:picture", "has:link", "has:file", "after:2026-01-31", "before:2026-12-31"];

#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_query_map();
    let older = query.read_untracked().get("older").and_then(|id| id.parse::<i64>().ok());
    let part = move |name: &str| query.read_untracked().get(name).unwrap_or_default();
    page(Layout::Column, load(String::new, move |_| search(part("q"), part("kind"), older)), move |data, frame| {
        content(data, frame, older.is_some())
    })
}

fn content(Data { asked, kind, found }: Data, frame: Frame, is_later_page: bool) -> AnyView {
    let t = words();
    let now = frame.now;
    let title = if asked.is_empty() { t.search.title.to_owned() } else { format!("{asked} · {}", t.search.title) };
    let answer = if asked.trim().is_empty() {
        examples().into_any()
    } else if found.is_empty() {
        nothing(&asked).into_any()
    } else {
        hits(found, &asked, kind, now, is_later_page).into_any()
    };
    view! {
        <Title text=t.title(&title) />
        <div class="page-head"><h1>{t.search.title}</h1></div>
        <form class="search" role="search" method="get" action="/search">
            <label class="sr" for="search-q">{t.search.label}</label>
            <input
                id="search-q"
                type="search"
                name="q"
                value=asked.clone()
                placeholder=t.search.label
                maxlength=MAX_CHARS.to_string()
                enterkeyhint="search"
                dir="auto"
                autofocus=asked.is_empty()
            />
            {kind.map(|kind| view! { <input type="hidden" name="kind" value=kind.as_str() /> })}
            <button class="button">{icon::search()} {t.common.search}</button>
        </form>
        <div id="found">{kinds(&asked, kind)} {answer}</div>
        <script src="/search.js" nonce=leptos::nonce::use_nonce() defer></script>
    }
    .into_any()
}

/// Links to the same question of one kind alone.
fn kinds(asked: &str, kind: Option<Kind>) -> impl IntoView + use<> {
    let t = words();
    let base = format!("/search?q={}", paths::encode(asked));
    let link = |to: Option<Kind>| {
        let href = to.map_or_else(|| base.clone(), |to| format!("{base}&kind={}", to.as_str()));
        view! { <a class="tab" href=href aria-current=(to == kind).then_some("page")>{t.found_kind(to)}</a> }
    };
    let links = [None].into_iter().chain(Kind::ALL.map(Some)).map(link).collect_view();
    view! { <nav class="found-kinds" aria-label=t.search.kinds>{links}</nav> }
}

fn examples() -> impl IntoView {
    let t = words().search;
    let meanings = [t.from, t.room, t.picture, t.link, t.file, t.after, t.before];
    let rows = EXAMPLES.into_iter().zip(meanings);
    view! {
        <section class="panel found-help">
            <p>{t.hint}</p>
            <dl>{rows.map(|(filter, means)| view! { <div><dt><code>{filter}</code></dt><dd>{means}</dd></div> }).collect_view()}</dl>
        </section>
    }
}

fn nothing(asked: &str) -> impl IntoView {
    let t = words();
    view! {
        <div class="empty" role="status">
            <p dir="auto">{t.nothing_found(asked)}</p>
            <p>{t.search.nothing_hint}</p>
        </div>
        {examples()}
    }
}

fn hits(found: Found, asked: &str, kind: Option<Kind>, now: i64, is_later_page: bool) -> impl IntoView {
    let t = words().search;
    let kind = kind.map(|kind| format!("&kind={}", kind.as_str())).unwrap_or_default();
    let base = format!("/search?q={}{kind}", paths::encode(asked));
    let older = found.older.map(|older| {
        view! { <a class="button" rel="next" href=format!("{base}&older={older}")>{t.older}</a> }
    });
    let places = found.places;
    let place = |room: RoomId| places.iter().find(move |place| place.id == room);
    view! {
        {section(t.rooms, found.rooms, |room| room_hit(&room).into_any())}
        {section(t.people, found.people, |person| person_hit(person).into_any())}
        {section(t.pictures, found.pictures, |hit| place(hit.room).map(|room| picture_hit(&hit, room)).into_any())}
        {section(t.files, found.files, |hit| place(hit.room).map(|room| file_hit(hit, room, now)).into_any())}
        {section(t.messages, found.messages, |hit| place(hit.room).map(|room| message_hit(hit, room, now)).into_any())}
        <p class="row">
            {is_later_page.then(|| view! { <a class="button button-quiet" href=base.clone()>{t.newest}</a> })}
            {older}
        </p>
    }
}

fn section<T>(title: &'static str, hits: Vec<T>, draw: impl Fn(T) -> AnyView) -> Option<AnyView> {
    if hits.is_empty() {
        return None;
    }
    let rows = hits.into_iter().map(|hit| view! { <li class="found">{draw(hit)}</li> }).collect_view();
    Some(
        view! { <section><h2 class="section-head">{title}</h2><ul class="rows panel">{rows}</ul></section> }.into_any(),
    )
}

fn room_hit(room: &Room) -> impl IntoView {
    view! {
        <a class="found-link" href=paths::room(&room.slug)>
            <strong dir="auto">{room.title.clone()}</strong>
            <span class="found-note" dir="auto">{room.about.clone()}</span>
        </a>
    }
}

fn person_hit(person: Person) -> impl IntoView {
    let href = paths::person(&person.name);
    view! {
        <a class="found-link found-person" href=href>
            <Avatar person=person.clone() />
            <bdi>{person.display.clone()}</bdi>
            <span class="found-note">"@"{person.name}</span>
        </a>
    }
}

fn picture_hit(PictureHit { picture, .. }: &PictureHit, room: &Room) -> impl IntoView + use<> {
    let (width, height) = picture.pixels(Size::Side(320));
    view! {
        <a class="found-link found-picture" href=format!("{}/p/{}", paths::room(&room.slug), picture.id)>
            <img
                src=picture.url(room.id, Size::Side(320))
                width=width.to_string()
                height=height.to_string()
                alt=picture.alt.clone()
                loading="lazy"
            />
            <span>
                <strong dir="auto">{picture.caption.clone()}</strong>
                <span class="found-note" dir="auto">{room.title.clone()}</span>
            </span>
        </a>
    }
}

fn message_hit(hit: MessageHit, room: &Room, now: i64) -> impl IntoView + use<> {
    let href = paths::message(&room.slug, hit.seq);
    view! {
        <a class="found-link" href=href>
            {said(hit.author, room, hit.at, now)}
            <span dir="auto">{marked(hit.pieces)}</span>
        </a>
    }
}

/// Leads to its message, where it can be seen, heard or saved.
fn file_hit(hit: FileHit, room: &Room, now: i64) -> impl IntoView + use<> {
    let href = paths::message(&room.slug, hit.seq);
    view! {
        <a class="found-link" href=href>
            {said(hit.author, room, hit.at, now)}
            <span>
                <strong dir="auto">{marked(hit.pieces)}</strong> " "
                <span class="found-note">{words().bytes(hit.file.bytes)}</span>
            </span>
        </a>
    }
}

/// By whom, where and when.
fn said(author: Person, room: &Room, at: i64, now: i64) -> impl IntoView + use<> {
    view! {
        <span class="found-note"><bdi>{author.display}</bdi> " · " <bdi>{room.title.clone()}</bdi> " · " <When at now /></span>
    }
}

/// What was asked for stands out.
fn marked(pieces: Vec<Piece>) -> impl IntoView {
    let piece = |Piece { text, is_hit }| {
        if is_hit { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
    };
    pieces.into_iter().map(piece).collect_view()
}

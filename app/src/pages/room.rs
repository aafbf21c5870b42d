//! `/r/<room>`: its wall, its conversation, its people; `/r/<room>/p/<picture>` as well.

use crate::browser;
use crate::calls::Frame;
use crate::calls::rooms::{RoomPageData, open_room};
use crate::live::Live;
use crate::parts::banner::Banner;
use crate::parts::button::{Submit, Tone};
use crate::parts::composer::{Composer, Typing};
use crate::parts::contact::{ContactBar, Here};
use crate::parts::form::CallForm;
use crate::parts::gate::{GateStrip, WaitingRoom};
use crate::parts::icon;
use crate::parts::lightbox::Lightbox;
#[cfg(feature = "ssr")]
use crate::parts::meta;
use crate::parts::page::{Layout, load, page};
use crate::parts::presenter::Presenter;
use crate::parts::problem::{ProblemNote, ReturnedProblem};
use crate::parts::roster::Roster;
use crate::parts::stage::Stage;
use crate::parts::transcript::Transcript;
use crate::parts::undo::{Deed, Undo};
use crate::parts::wall::Wall;
use crate::paths;
use crate::place::{use_params_map, use_query_map};
use crate::visitor::words;
use domain::room::Visibility;
use domain::{ClientId, Problem};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn RoomPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("slug").unwrap_or_default());
    // An earlier page of the history is asked for once; later it is loaded into the page.
    let query = use_query_map();
    let before = query.read_untracked().get("before").and_then(|n| n.parse::<i64>().ok());
    let at_end = query.read_untracked().get_str("at") == Some("end");
    #[cfg(feature = "ssr")]
    let spot = meta::Spot { before, picture: params.read_untracked().get("picture") };
    let loaded = load(move || slug.get(), move |slug| open_room(slug, before, at_end));
    page(Layout::Own, loaded, move |data, frame| {
        #[cfg(feature = "ssr")]
        meta::room(&data, &spot);
        content(data, frame)
    })
}

fn content(data: RoomPageData, frame: Frame) -> AnyView {
    let t = words();
    let me = frame.me.map(|me| me.person);
    let (slug, client_id, may_host) = (data.room.slug.clone(), data.client_id.clone(), data.may_host);
    let may_write = me.is_some() && !data.room.archived;
    // What the policy of this page allows to be played.
    let media = data.stage.video.as_ref().map(|video| video.src.clone());
    let live = Live::new(data, me, frame.now);
    // Outside the arena of signals: the server reads the title after the page's own signals are gone.
    let title = ArcRwSignal::new(live.room.with_untracked(|room| t.title(&room.title)));
    let renamed = title.clone();
    Effect::new(move || renamed.set(live.room.with(|room| t.title(&room.title))));
    let tab = use_tab();
    let inside = move || {
        let (slug, client_id, media) = (slug.clone(), client_id.clone(), media.clone());
        inside(live, (slug, client_id, media), may_host, may_write, tab)
    };
    view! {
        <Title text=move || title.get() />
        {move || if live.shut.get() { view! { <WaitingRoom live /> }.into_any() } else { inside() }}
    }
    .into_any()
}

type Given = (String, ClientId, Option<String>);

fn inside(live: Live, (slug, client_id, media): Given, may_host: bool, may_write: bool, tab: Memo<Tab>) -> AnyView {
    let t = words();
    if browser::MEMBER && live.is_private() {
        return private(live, slug, client_id);
    }
    view! {
        // All of it is the page's main part: on a phone any of the three may be the one shown.
        <main id="main" class="room" tabindex="-1" data-tab=move || tab.get().as_str() data-media=media>
            <Head live slug=slug.clone() may_host />
            <Tabs live slug=slug.clone() tab />
            <section class="room-wall" aria-label=t.room.wall>
                {(may_host && browser::MEMBER).then(|| view! { <Presenter live from=paths::room(&slug) /> })}
                <Stage live slug=slug.clone() />
                <Wall live slug=slug.clone() may_host />
            </section>
            <div class="room-talk">
                <Transcript live slug=slug.clone() may_write />
                {(may_host && browser::MEMBER).then(|| undone(live, &slug))}
                <Typing live />
                <Banner live slug=slug.clone() />
                <Composer live slug=slug.clone() client_id />
            </div>
            <section class="room-people" aria-label=t.room.members>
                <Roster live slug=slug.clone() />
            </section>
            <Lightbox live slug may_host />
        </main>
    }
    .into_any()
}

/// What a host just did about somebody, and the way to undo it.
fn undone(live: Live, slug: &str) -> AnyView {
    let (last, problem) = (RwSignal::new(Deed::returned()), RwSignal::new(None));
    let refused = move || problem.get().map(|problem| view! { <ProblemNote problem /> });
    view! { {refused} <Undo last room=live.id problem from=paths::room(slug) /> }.into_any()
}

/// A private chat has no wall and no roster.
fn private(live: Live, slug: String, client_id: ClientId) -> AnyView {
    view! {
        <main id="main" class="room room-private" tabindex="-1" data-tab="chat">
            <Head live slug=slug.clone() may_host=false />
            <div class="room-talk">
                <ContactBar live />
                <Transcript live slug=slug.clone() may_write=true />
                <Typing live />
                <Banner live slug=slug.clone() />
                <Composer live slug client_id />
            </div>
        </main>
    }
    .into_any()
}

/// The part of the room that small screens show alone. On wide ones the wall always stands
/// beside, and chat and people share a side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Chat,
    Pictures,
    People,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Chat, Self::Pictures, Self::People];

    fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Pictures => "pictures",
            Self::People => "people",
        }
    }
}

fn use_tab() -> Memo<Tab> {
    let query = use_query_map();
    Memo::new(move |_| {
        let query = query.read();
        let named = query.get_str("tab");
        Tab::ALL.into_iter().find(|tab| Some(tab.as_str()) == named).unwrap_or(Tab::Chat)
    })
}

/// Name, purpose, and what this visitor may do with the room.
#[component]
fn Head(live: Live, slug: String, may_host: bool) -> impl IntoView {
    let t = words();
    let guest = live.me().is_none();
    let about = move || live.room.with(|room| room.about.clone());
    let count = move || live.people.with(|people| people.count());
    let may_join = Memo::new(move |_| {
        let closed = live.room.with(|room| room.archived || room.visibility == Visibility::Private);
        let asks = live.quiet.with(|quiet| matches!(quiet, Some((Problem::MembersOnly, _))));
        !guest && !closed && !asks && live.role.get().is_none()
    });
    let from = paths::room(&slug);
    let private = browser::MEMBER && live.is_private();
    let manages = may_host && browser::MEMBER;
    view! {
        <section class="room-head" aria-labelledby="room-title">
            <div class="room-name">
                <h1 id="room-title" dir="auto">{move || live.room.with(|room| room.title.clone())}</h1>
                {match private {
                    true => view! { <Here live /> }.into_any(),
                    false => view! { <p dir="auto">{about}</p> }.into_any(),
                }}
            </div>
            {(!private).then(|| view! {
                <p class="room-count" title=move || t.n_present(count())>
                    <span class="dot" aria-hidden="true"></span>
                    <span aria-hidden="true">{count}</span>
                    <span class="sr">{move || t.n_present(count())}</span>
                </p>
            })}
            {private.then(|| live.contact.get_untracked()).flatten().map(|contact| view! {
                <a class="icon-button" href=paths::person(&contact.person.name) aria-label=t.contact.profile title=t.contact.profile>
                    {icon::people()}
                </a>
            })}
            {browser::MEMBER.then_some(move || may_join.get().then(|| view! {
                <CallForm call="enter-room" from=from.clone() class="room-join">
                    <input type="hidden" name="room" value=live.id.to_string() />
                    <Submit label=t.room.join tone=Tone::Plain />
                </CallForm>
            }))}
            {manages.then(|| view! {
                <a class="icon-button" href=format!("/r/{slug}/pictures") aria-label=t.room.manage_pictures title=t.room.manage_pictures>
                    {icon::picture()}
                </a>
                <a class="icon-button" href=paths::room_admin(&slug) aria-label=t.room.settings title=t.room.settings>
                    {icon::settings()}
                </a>
            })}
            {manages.then(|| {
                let href = format!("{}/queue", paths::room_admin(&slug));
                let held = move || (live.held.get() > 0).then(|| t.n_to_approve(live.held.get()));
                let asking = move || (live.asking.get() > 0).then(|| t.n_asking(live.asking.get()));
                view! {
                    <span role="status">
                        <a class="button" href=href.clone() hidden=move || live.asking.get() == 0>{asking}</a>
                        " " <a class="button" href=href hidden=move || live.held.get() == 0>{held}</a>
                    </span>
                }
            })}
            <ReturnedProblem calls=&["leave-room", "open-gate", "moderate", "undo-deed"] />
            {manages.then(|| view! { <GateStrip live slug=slug.clone() /> })}
        </section>
    }
}

/// Links, so that they work at once and Back undoes them.
#[component]
fn Tabs(live: Live, slug: String, tab: Memo<Tab>) -> impl IntoView {
    let t = words();
    let link = move |to: Tab, label: &'static str| {
        let base = paths::room(&slug);
        let href = if to == Tab::Chat { base } else { format!("{base}?tab={}", to.as_str()) };
        let here = move || (tab.get() == to).then_some("page");
        let count = move || match to {
            Tab::Chat => None,
            Tab::Pictures => Some(live.wall.with(|wall| wall.pictures.len()).to_string()),
            Tab::People => Some(live.people.with(|people| people.members.len()).to_string()),
        };
        view! {
            <a class=format!("tab room-tab room-tab-{}", to.as_str()) href=href aria-current=here data-inside="">
                {label} <span class="count">{count}</span>
            </a>
        }
    };
    view! {
        <nav class="room-tabs" aria-label=t.room.views>
            {link(Tab::Chat, t.room.chat)} {link(Tab::Pictures, t.room.pictures)} {link(Tab::People, t.room.members)}
        </nav>
    }
}

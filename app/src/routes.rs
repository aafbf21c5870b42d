//! Every address of the product. All pages are whole HTML before any script runs.

use crate::pages;
use leptos::prelude::{AnyView, IntoAny};
use leptos::tachys::view::iterators::StaticVec;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::{NestedRoute, PossibleRouteMatch, SsrMode, path};
use std::sync::Arc;

/// Pages that the same program of the browser brings to life (docs/decisions/0011).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A room, as those without an account see it.
    Guest,
    /// The same addresses for people with an account: they write there, and run it.
    Member,
    /// Arranging a room's pictures.
    Pictures,
    /// Around the rooms: their list, one's own account, running the site.
    Site,
    /// Links and forms alone, for what is seldom needed: no program at all.
    Plain,
}

impl Group {
    /// That of the page at `path`.
    pub fn of(path: &str) -> Self {
        let mut segments = path.split('/').skip(1);
        match segments.next() {
            Some("r") => match segments.nth(1) {
                Some("pictures") => Self::Pictures,
                Some("kiosks" | "video") => Self::Plain,
                _ => Self::Guest,
            },
            Some("join" | "reset" | "search") => Self::Plain,
            Some("admin") => Self::of_admin(segments.collect::<Vec<_>>().as_slice()),
            _ => Self::Site,
        }
    }

    /// Of the administration, by what follows `/admin/`.
    fn of_admin(segments: &[&str]) -> Self {
        match segments {
            ["rooms", _] | ["rooms", _, "queue"] => Self::Site,
            _ => Self::Plain,
        }
    }

    /// Whether this build of the page has its pages.
    pub const fn is_here(self) -> bool {
        match self {
            Self::Guest => cfg!(feature = "guest"),
            Self::Member => cfg!(feature = "member"),
            Self::Pictures => cfg!(feature = "pictures"),
            Self::Site => cfg!(feature = "site"),
            Self::Plain => cfg!(feature = "ssr"),
        }
    }
}

/// All of them in this build of the page.
pub fn all() -> StaticVec<AnyNestedRoute> {
    let mut all = Vec::new();
    // Not a loop over a list of functions: what is not here must not be compiled in.
    if Group::Guest.is_here() {
        all.extend(rooms());
    }
    if Group::Pictures.is_here() {
        all.extend(pictures());
    }
    if Group::Site.is_here() {
        all.extend(site());
    }
    if Group::Plain.is_here() {
        all.extend(plain());
    }
    all.into()
}

fn rooms() -> Vec<AnyNestedRoute> {
    vec![room()]
}

fn pictures() -> Vec<AnyNestedRoute> {
    vec![route(path!("/r/:slug/pictures"), || pages::pictures::PicturesPage().into_any())]
}

fn site() -> Vec<AnyNestedRoute> {
    vec![
        route(path!("/"), || pages::rooms::RoomsPage().into_any()),
        route(path!("/sign-in"), || pages::sign_in::SignInPage().into_any()),
        route(path!("/register"), || pages::register::RegisterPage().into_any()),
        route(path!("/register/:invite"), || pages::register::RegisterPage().into_any()),
        route(path!("/setup/:token"), || pages::setup::SetupPage().into_any()),
        route(path!("/me"), || pages::me::MePage().into_any()),
        route(path!("/admin/rooms/new"), || pages::admin::new_room::NewRoomPage().into_any()),
        route(path!("/admin/rooms/:slug"), || pages::admin::room::AdminRoomPage().into_any()),
        route(path!("/admin/rooms/:slug/queue"), || pages::admin::queue::QueuePage().into_any()),
    ]
}

fn plain() -> Vec<AnyNestedRoute> {
    vec![
        route(path!("/search"), || pages::search::SearchPage().into_any()),
        route(path!("/r/:slug/kiosks"), || pages::kiosks::KiosksPage().into_any()),
        route(path!("/admin/rooms/:slug/audit"), || pages::admin::audit::RoomAuditPage().into_any()),
        route(path!("/r/:slug/video"), || pages::video::VideoPage().into_any()),
        route(path!("/admin/rooms/:slug/moderation"), || pages::admin::moderation::ModerationPage().into_any()),
        route(path!("/admin/rooms/:slug/messages/:message"), || pages::admin::message::MessagePage().into_any()),
        route(path!("/admin/words"), || pages::admin::moderation::SiteWordsPage().into_any()),
        route(path!("/admin/audit"), || pages::admin::audit::AuditPage().into_any()),
        route(path!("/join/:token"), || pages::join::JoinPage().into_any()),
        route(path!("/reset/:token"), || pages::reset::ResetPage().into_any()),
        route(path!("/admin/rooms"), || pages::admin::rooms::AdminRoomsPage().into_any()),
        route(path!("/admin/rooms/:slug/people"), || pages::admin::room_people::RoomPeoplePage().into_any()),
        route(path!("/admin/people"), || pages::admin::people::PeoplePage().into_any()),
        route(path!("/admin/people/:person"), || pages::admin::account::AccountPage().into_any()),
        route(path!("/admin/system"), || pages::admin::system::SystemPage().into_any()),
    ]
}

/// One page for two addresses, so that opening a picture keeps the room and its socket. The
/// children draw nothing.
fn room() -> AnyNestedRoute {
    let nothing: fn() -> AnyView = || ().into_any();
    let children: StaticVec<_> = vec![route(path!(""), nothing), route(path!("p/:picture"), nothing)].into();
    let view: fn() -> AnyView = || pages::room::RoomPage().into_any();
    NestedRoute::new(path!("/r/:slug"), view).ssr_mode(SsrMode::Async).child(children).into_any_nested_route()
}

/// Of one type whatever the path and the page, so that the router is compiled once.
fn route(path: impl PossibleRouteMatch + Send + Sync + 'static, view: fn() -> AnyView) -> AnyNestedRoute {
    let path: Arc<dyn PossibleRouteMatch + Send + Sync> = Arc::new(path);
    NestedRoute::new(path, view).ssr_mode(SsrMode::Async).into_any_nested_route()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos_router::{MatchNestedRoutes, PathSegment};

    /// Every address of these routes, with its parameters' names for their values.
    fn addresses(routes: Vec<AnyNestedRoute>) -> Vec<String> {
        let all: Vec<_> =
            routes.iter().flat_map(|route| route.generate_routes().into_iter().collect::<Vec<_>>()).collect();
        let path = |segments: Vec<PathSegment>| -> String {
            let names = segments.iter().map(|segment| segment.as_raw_str().trim_matches('/'));
            names.filter(|name| !name.is_empty()).map(|name| format!("/{name}")).collect()
        };
        all.into_iter().map(|route| path(route.segments)).collect()
    }

    /// Else a page would be sent with a program that does not know it.
    #[test]
    fn a_page_is_sent_with_a_program_that_knows_it() {
        let groups = [
            (Group::Guest, rooms(), "/r/slug/p/picture"),
            (Group::Pictures, pictures(), "/r/slug/pictures"),
            (Group::Site, site(), "/register/invite"),
        ];
        for (group, routes, known) in groups {
            let addresses = addresses(routes);
            assert!(addresses.contains(&known.to_owned()), "{addresses:?}");
            for path in addresses {
                assert_eq!(Group::of(&path), group, "{path}");
            }
        }
        for path in addresses(plain()) {
            assert_eq!(Group::of(&path), Group::Plain, "{path}");
        }
    }

    #[test]
    fn each_program_knows_its_own_pages_only() {
        let programs: [(Group, StaticVec<_>); 3] =
            [(Group::Guest, rooms().into()), (Group::Pictures, pictures().into()), (Group::Site, site().into())];
        let paths = [
            "/",
            "/sign-in",
            "/r/hall",
            "/r/hall/p/7",
            "/register",
            "/register/abc",
            "/me",
            "/setup/abc",
            "/admin/rooms",
            "/admin/rooms/new",
            "/admin/rooms/hall",
            "/admin/rooms/hall/people",
            "/admin/people",
            "/admin/people/7",
            "/admin/system",
            "/join/abc",
            "/reset/abc",
            "/r/hall/pictures",
        ];
        for path in paths {
            for (group, routes) in &programs {
                assert_eq!(routes.match_nested(path).0.is_some(), Group::of(path) == *group, "{path} {group:?}");
            }
        }
    }
}

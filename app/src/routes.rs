//! Every address of the product. All pages are whole HTML before any script runs.

use crate::pages;
use leptos::prelude::{AnyView, IntoAny};
use leptos::tachys::view::iterators::StaticVec;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::{NestedRoute, PossibleRouteMatch, SsrMode, path};
use std::sync::Arc;

/// Whether the page at `path` is among [`managing`].
pub fn is_managing(path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    match segments.next() {
        Some("register" | "setup" | "me" | "admin") => true,
        Some("r") => segments.nth(1) == Some("pictures"),
        _ => false,
    }
}

/// All of them in this build of the page.
pub fn all() -> StaticVec<AnyNestedRoute> {
    let mut all = visiting();
    if cfg!(feature = "every_page") {
        all.extend(managing());
    }
    all.into()
}

/// What visitors come for. The browser gets a small program with these alone.
fn visiting() -> Vec<AnyNestedRoute> {
    vec![
        route(path!("/"), || pages::rooms::RoomsPage().into_any()),
        route(path!("/sign-in"), || pages::sign_in::SignInPage().into_any()),
        room(),
    ]
}

/// What few people need, and seldom.
fn managing() -> Vec<AnyNestedRoute> {
    vec![
        route(path!("/register"), || pages::register::RegisterPage().into_any()),
        route(path!("/register/:invite"), || pages::register::RegisterPage().into_any()),
        route(path!("/setup/:token"), || pages::setup::SetupPage().into_any()),
        route(path!("/me"), || pages::me::MePage().into_any()),
        route(path!("/admin/rooms"), || pages::admin::rooms::AdminRoomsPage().into_any()),
        route(path!("/admin/rooms/new"), || pages::admin::new_room::NewRoomPage().into_any()),
        route(path!("/admin/rooms/:slug"), || pages::admin::room::AdminRoomPage().into_any()),
        route(path!("/admin/people"), || pages::admin::people::PeoplePage().into_any()),
        route(path!("/r/:slug/pictures"), || pages::pictures::PicturesPage().into_any()),
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

    /// Else a page would be sent with the program that does not know it.
    #[test]
    fn a_page_is_sent_with_a_program_that_knows_it() {
        let (visiting, managing) = (addresses(visiting()), addresses(managing()));
        assert!(visiting.contains(&"/r/slug/p/picture".to_owned()), "{visiting:?}");
        assert!(managing.contains(&"/r/slug/pictures".to_owned()), "{managing:?}");
        for path in visiting {
            assert!(!is_managing(&path), "{path}");
        }
        for path in managing {
            assert!(is_managing(&path), "{path}");
        }
    }

    #[test]
    fn the_small_program_is_sent_with_the_pages_it_knows() {
        let visiting: StaticVec<_> = visiting().into();
        for path in ["/", "/sign-in", "/r/hall", "/r/hall/p/7"] {
            assert!(!is_managing(path) && visiting.match_nested(path).0.is_some(), "{path}");
        }
        for path in [
            "/register",
            "/register/abc",
            "/me",
            "/setup/abc",
            "/admin/rooms",
            "/admin/rooms/hall",
            "/admin/people",
            "/r/hall/pictures",
        ] {
            assert!(is_managing(path) && visiting.match_nested(path).0.is_none(), "{path}");
        }
    }
}

//! Every address of the product. All pages are whole HTML before any script runs.

use crate::place::Named;
use crate::{pages, paths};
use leptos::prelude::{AnyView, IntoAny};

/// An address and its page. A part of the address that begins with `:` stands for any.
#[derive(Clone, Copy)]
pub struct Route {
    address: &'static str,
    pub page: fn() -> AnyView,
}

impl Route {
    /// The parts that the address names, if `path` is one of its kind.
    fn named(self, path: &str) -> Option<Named> {
        let (pattern, path) = (self.address.split('/'), path.split('/'));
        if pattern.clone().count() != path.clone().count() {
            return None;
        }
        let pairs = pattern.zip(path).map(|(part, given)| match part.strip_prefix(':') {
            Some(name) if !given.is_empty() => Some(Some((name.to_owned(), paths::decode(given)))),
            None if part == given => Some(None),
            _ => None,
        });
        pairs.collect::<Option<Vec<_>>>().map(|pairs| pairs.into_iter().flatten().collect())
    }
}

/// The page at `path`, if this program has it.
pub fn find(path: &str) -> Option<Route> {
    all().into_iter().find(|route| route.named(path).is_some())
}

/// The parts of `path` that its route names.
pub fn params(path: &str) -> Named {
    all().into_iter().find_map(|route| route.named(path)).unwrap_or_default()
}

/// Pages that the same program of the browser brings to life (docs/decisions/0011).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A room, as those without an account see it.
    Guest,
    /// The same addresses for people with an account: they write there, and run it.
    Member,
    /// Arranging a room's pictures.
    Pictures,
    /// Around the rooms: coming in, one's own account, running the site.
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
                Some("kiosks" | "messages" | "video") => Self::Plain,
                _ => Self::Guest,
            },
            Some("embed") => Self::Guest,
            Some("" | "join" | "reset" | "search" | "share" | "forgot" | "people" | "report") => Self::Plain,
            Some("me") if segments.next().is_some() => Self::Plain,
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
fn all() -> Vec<Route> {
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
    all
}

fn rooms() -> Vec<Route> {
    // One page for several addresses, so that opening a picture keeps the room and its socket.
    vec![
        route("/r/:slug", || pages::room::RoomPage().into_any()),
        route("/r/:slug/p/:picture", || pages::room::RoomPage().into_any()),
        // Inside a page of another site.
        route("/embed/:slug", || pages::room::RoomPage().into_any()),
    ]
}

fn pictures() -> Vec<Route> {
    vec![route("/r/:slug/pictures", || pages::pictures::PicturesPage().into_any())]
}

fn site() -> Vec<Route> {
    vec![
        route("/sign-in", || pages::sign_in::SignInPage().into_any()),
        route("/sign-in/step", || pages::step::StepPage().into_any()),
        route("/register", || pages::register::RegisterPage().into_any()),
        route("/register/:invite", || pages::register::RegisterPage().into_any()),
        route("/setup/:token", || pages::setup::SetupPage().into_any()),
        route("/me", || pages::me::MePage().into_any()),
        route("/admin/rooms/new", || pages::admin::new_room::NewRoomPage().into_any()),
        route("/admin/rooms/:slug", || pages::admin::room::AdminRoomPage().into_any()),
        route("/admin/rooms/:slug/queue", || pages::admin::queue::QueuePage().into_any()),
    ]
}

fn plain() -> Vec<Route> {
    vec![
        route("/", || pages::rooms::RoomsPage().into_any()),
        route("/search", || pages::search::SearchPage().into_any()),
        route("/me/notices", || pages::notices::NoticesPage().into_any()),
        route("/share", || pages::share::SharePage().into_any()),
        route("/r/:slug/messages/:message", || pages::message::MessagePage().into_any()),
        route("/r/:slug/kiosks", || pages::kiosks::KiosksPage().into_any()),
        route("/people", || pages::people::PeoplePage().into_any()),
        route("/me/privacy", || pages::privacy::PrivacyPage().into_any()),
        route("/report/:message", || pages::report::ReportPage().into_any()),
        route("/admin/reports", || pages::admin::reports::ReportsPage().into_any()),
        route("/admin/rooms/:slug/audit", || pages::admin::audit::RoomAuditPage().into_any()),
        route("/r/:slug/video", || pages::video::VideoPage().into_any()),
        route("/admin/rooms/:slug/webhooks", || pages::admin::webhooks::WebhooksPage().into_any()),
        route("/admin/rooms/:slug/integration", || pages::admin::integration::IntegrationPage().into_any()),
        route("/admin/rooms/:slug/moderation", || pages::admin::moderation::ModerationPage().into_any()),
        route("/admin/rooms/:slug/messages/:message", || pages::admin::message::MessagePage().into_any()),
        route("/admin/words", || pages::admin::moderation::SiteWordsPage().into_any()),
        route("/admin/audit", || pages::admin::audit::AuditPage().into_any()),
        route("/join/:token", || pages::join::JoinPage().into_any()),
        route("/forgot", || pages::forgot::ForgotPage().into_any()),
        route("/people/:name", || pages::profile::ProfilePage().into_any()),
        route("/me/close", || pages::close::ClosePage().into_any()),
        route("/reset/:token", || pages::reset::ResetPage().into_any()),
        route("/admin/rooms", || pages::admin::rooms::AdminRoomsPage().into_any()),
        route("/admin/rooms/:slug/people", || pages::admin::room_people::RoomPeoplePage().into_any()),
        route("/admin/people", || pages::admin::people::PeoplePage().into_any()),
        route("/admin/people/:person", || pages::admin::account::AccountPage().into_any()),
        route("/admin/settings", || pages::admin::settings::SettingsPage().into_any()),
        route("/admin/system", || pages::admin::system::SystemPage().into_any()),
    ]
}

fn route(address: &'static str, page: fn() -> AnyView) -> Route {
    Route { address, page }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Else a page would be sent with a program that does not know it.
    #[test]
    fn a_page_is_sent_with_a_program_that_knows_it() {
        let groups =
            [(Group::Guest, rooms()), (Group::Pictures, pictures()), (Group::Site, site()), (Group::Plain, plain())];
        for (group, routes) in groups {
            assert!(!routes.is_empty());
            for route in routes {
                let path = route.address.replace(':', "");
                assert_eq!(Group::of(&path), group, "{path}");
                assert_eq!(find(&path).map(|found| found.address), Some(route.address), "{path}");
            }
        }
    }

    #[test]
    fn parts_of_an_address_have_names() {
        let named = params("/r/a%20b/p/7");
        assert_eq!((named.get_str("slug"), named.get_str("picture")), (Some("a b"), Some("7")));
        assert_eq!(params("/admin/rooms/new").get("slug"), None);
        assert_eq!(params("/admin/rooms/hall").get_str("slug"), Some("hall"));
        for nowhere in ["/r", "/r/", "/r//p/7", "/r/hall/", "/r/hall/x", "//", "", "/nowhere"] {
            assert!(find(nowhere).is_none(), "{nowhere:?}");
        }
    }
}

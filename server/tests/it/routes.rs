//! Every address × every kind of visitor: nobody gets more than is theirs.

use crate::town::{Browser, Town};
use domain::ClientId;
use domain::room::Visibility;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use server::router::{DOORS, PAGES};
use std::collections::BTreeSet;

/// Stranger, member of the private room, its host, site administrator.
pub type Statuses = [u16; 4];

pub struct Visitors(pub [Browser; 4]);

pub struct Places {
    pub room: String,
    pub picture: String,
    blob: String,
    pub message: String,
    setup: String,
    person: String,
}

/// Status of each page. The room is private; the picture hangs in it.
const PAGE_ROWS: [(&str, Statuses); 41] = [
    ("/", [200, 200, 200, 200]),
    ("/search", [200, 200, 200, 200]),
    ("/sign-in", [200, 200, 200, 200]),
    ("/register", [200, 200, 200, 200]),
    ("/register/{invite}", [200, 200, 200, 200]),
    ("/setup/{token}", [410, 410, 410, 410]),
    ("/r/{slug}", [404, 200, 200, 200]),
    ("/r/{slug}/p/{picture}", [404, 200, 200, 200]),
    ("/r/{slug}/pictures", [404, 403, 200, 200]),
    ("/r/{slug}/video", [404, 403, 200, 200]),
    ("/r/{slug}/kiosks", [404, 403, 200, 200]),
    ("/r/{slug}/messages/{message}", [404, 200, 200, 200]),
    ("/admin/rooms", [401, 403, 403, 200]),
    ("/admin/rooms/new", [401, 403, 403, 200]),
    ("/admin/rooms/{slug}", [404, 403, 200, 200]),
    ("/admin/rooms/{slug}/audit", [404, 403, 200, 200]),
    ("/admin/rooms/{slug}/integration", [404, 403, 200, 200]),
    ("/admin/rooms/{slug}/webhooks", [404, 403, 200, 200]),
    ("/admin/rooms/{slug}/moderation", [404, 403, 200, 200]),
    ("/admin/rooms/{slug}/queue", [404, 403, 200, 200]),
    ("/admin/rooms/{slug}/messages/{message}", [404, 403, 200, 200]),
    ("/admin/words", [401, 403, 403, 200]),
    ("/admin/audit", [401, 403, 403, 200]),
    ("/admin/reports", [401, 403, 403, 200]),
    ("/admin/rooms/{slug}/people", [404, 403, 200, 200]),
    ("/admin/people", [401, 403, 403, 200]),
    ("/admin/people/{person}", [401, 403, 403, 200]),
    // Without a room.
    ("/admin/settings", [401, 403, 403, 200]),
    ("/admin/system", [401, 403, 403, 200]),
    ("/join/{token}", [410, 410, 410, 410]),
    ("/reset/{token}", [410, 410, 410, 410]),
    ("/people", [401, 200, 200, 200]),
    // One's own message is not reported.
    ("/report/{message}", [401, 200, 403, 200]),
    ("/me", [401, 200, 200, 200]),
    ("/me/notices", [401, 200, 200, 200]),
    ("/share", [401, 200, 200, 200]),
    ("/sign-in/step", [200, 200, 200, 200]),
    ("/forgot", [200, 200, 200, 200]),
    ("/people/{name}", [401, 200, 200, 200]),
    ("/me/close", [401, 200, 200, 200]),
    ("/me/privacy", [401, 200, 200, 200]),
];

const DOOR_ROWS: [(&str, Statuses); 28] = [
    ("/call/{endpoint}", [404, 404, 404, 404]),
    ("/upload/pictures/{room}", [404, 403, 422, 422]),
    ("/upload/pictures/{room}/{picture}/file", [404, 403, 422, 422]),
    ("/media/{room}/{blob}/{size}", [404, 200, 200, 200]),
    ("/upload/video/{room}", [404, 403, 422, 422]),
    // A picture is no video.
    ("/video/{room}/{blob}", [404, 404, 404, 404]),
    // Neither a file announced, nor parts of one, nor a form; and a picture is no file of a message.
    ("/upload/files/{room}", [404, 422, 422, 422]),
    ("/upload/files/{room}/{blob}", [404, 404, 404, 404]),
    ("/upload/message/{room}", [404, 422, 422, 422]),
    ("/file/{room}/{blob}/{size}", [404, 404, 404, 404]),
    ("/r/{slug}/wall.atom", [404, 200, 200, 200]),
    // Without a day.
    ("/r/{slug}/on", [404, 422, 422, 422]),
    ("/r/{slug}/conversation.zip", [404, 200, 200, 200]),
    ("/export/pictures/{room}", [404, 403, 200, 200]),
    // Nobody has this link, whoever they are.
    ("/wall/{token}", [410, 410, 410, 410]),
    ("/wall/{token}/pictures", [410, 410, 410, 410]),
    ("/wall/{token}/{blob}/{size}", [410, 410, 410, 410]),
    ("/upload/portrait", [401, 422, 422, 422]),
    // Nobody has one; to guests nobody ever has.
    ("/portrait/{person}/{version}", [404, 404, 404, 404]),
    ("/export/account", [401, 200, 200, 200]),
    // The same for every room, and for none; then no ticket.
    ("/embed/{slug}", [200, 200, 200, 200]),
    ("/embed/{slug}/stay", [422, 422, 422, 422]),
    // The same for every token, and for none.
    ("/join/{token}/code.svg", [200, 200, 200, 200]),
    // Not an upgrade.
    ("/api/v1/live", [426, 426, 426, 426]),
    ("/sw.js", [200, 200, 200, 200]),
    ("/csp-report", [204, 204, 204, 204]),
    ("/healthz", [200, 200, 200, 200]),
    ("/readyz", [200, 200, 200, 200]),
];

pub type Fields = &'static [(&'static str, &'static str)];

/// Fields and status of each call, in an order that can be walked: what takes away comes
/// last. 422 for the calls that change something means: let in, but the fields say nothing.
#[rustfmt::skip]
pub const CALL_ROWS: &[(&str, Fields, Statuses)] = &[
    ("load-door", &[], [200, 200, 200, 200]),
    ("load-nothing", &[], [200, 200, 200, 200]),
    ("load-setup", &[("token", "x")], [200, 200, 200, 200]),
    ("load-rooms", &[], [200, 200, 200, 200]),
    ("search", &[("asked", "words")], [200, 200, 200, 200]),
    ("load-me", &[], [200, 200, 200, 200]),
    ("load-notices", &[], [200, 200, 200, 200]),
    ("load-share", &[], [200, 200, 200, 200]),
    ("change-notices", &[("quiet_from", "late")], [401, 422, 422, 422]),
    ("add-subscription", &[("endpoint", "x"), ("p256dh", "x"), ("auth", "x")], [401, 422, 422, 422]),
    ("end-subscription", &[("subscription", "0")], [401, 404, 404, 404]),
    ("open-room", &[("slug", "den")], [200, 200, 200, 200]),
    ("open-pictures", &[("slug", "den")], [200, 200, 200, 200]),
    ("load-admin-rooms", &[], [200, 200, 200, 200]),
    ("load-new-room", &[], [200, 200, 200, 200]),
    ("load-room-settings", &[("slug", "den")], [200, 200, 200, 200]),
    ("load-integration", &[("slug", "den")], [200, 200, 200, 200]),
    ("change-embed", &[("room", "{room}"), ("origins", "*")], [404, 403, 422, 422]),
    ("load-moderation", &[("slug", "den")], [200, 200, 200, 200]),
    ("load-queue", &[("slug", "den")], [200, 200, 200, 200]),
    ("load-message", &[("slug", "den"), ("message", "{message}")], [200, 200, 200, 200]),
    ("load-site-words", &[], [200, 200, 200, 200]),
    ("load-message-acts", &[("slug", "den"), ("message", "{message}")], [200, 200, 200, 200]),
    ("suggest-mentions", &[("room", "{room}"), ("typed", "a")], [404, 200, 200, 200]),
    ("hide-message", &[("room", "{room}"), ("message", "0"), ("on", "true")], [404, 404, 404, 404]),
    ("recall-message", &[("room", "{room}"), ("message", "0")], [404, 404, 404, 404]),
    ("moderate", &[("room", "{room}"), ("person", "0"), ("act", "kick")], [404, 403, 404, 404]),
    ("lift-restriction", &[("room", "{room}"), ("person", "0")], [404, 403, 404, 404]),
    ("approve-held", &[("room", "{room}"), ("held", "0")], [404, 403, 410, 410]),
    ("decline-held", &[("room", "{room}"), ("held", "0")], [404, 403, 410, 410]),
    ("change-policy", &[("room", "{room}"), ("posting", "?")], [404, 403, 422, 422]),
    ("change-room-words", &[("room", "{room}"), ("words", "...")], [404, 403, 422, 422]),
    ("change-site-words", &[("words", "...")], [401, 403, 403, 422]),
    ("load-audit", &[], [200, 200, 200, 200]),
    ("load-room-audit", &[("slug", "den")], [200, 200, 200, 200]),
    ("load-kiosks", &[("slug", "den")], [200, 200, 200, 200]),
    ("create-kiosk", &[("room", "{room}"), ("seconds", "0")], [404, 403, 422, 422]),
    ("remove-kiosk", &[("room", "{room}"), ("kiosk", "0")], [404, 403, 410, 410]),
    ("load-people", &[], [200, 200, 200, 200]),
    ("load-account", &[("person", "{person}")], [200, 200, 200, 200]),
    ("load-directory", &[], [200, 200, 200, 200]),
    ("load-privacy", &[], [200, 200, 200, 200]),
    ("load-report", &[("message", "{message}")], [200, 200, 200, 200]),
    ("load-reports", &[], [200, 200, 200, 200]),
    ("start-private", &[("name", "nobody")], [401, 404, 404, 404]),
    ("accept-contact", &[("person", "0")], [401, 404, 404, 404]),
    ("block-person", &[("person", "0")], [401, 404, 404, 404]),
    ("unblock-person", &[("person", "0")], [401, 200, 200, 200]),
    ("change-privacy", &[("presence", "1")], [401, 200, 200, 200]),
    ("report-message", &[("message", "0")], [401, 404, 404, 404]),
    ("resolve-report", &[("report", "0")], [401, 403, 403, 410]),
    ("change-first-contact", &[("most", "0"), ("hours", "1")], [401, 403, 403, 422]),
    ("load-webhooks", &[("slug", "den")], [200, 200, 200, 200]),
    ("create-webhook", &[("room", "{room}"), ("url", "x:")], [404, 403, 422, 422]),
    ("change-webhook", &[("room", "{room}"), ("webhook", "0"), ("url", "x:")], [404, 403, 404, 404]),
    ("pause-webhook", &[("room", "{room}"), ("webhook", "0"), ("paused", "true")], [404, 403, 404, 404]),
    ("rotate-webhook", &[("room", "{room}"), ("webhook", "0")], [404, 403, 404, 404]),
    ("remove-webhook", &[("room", "{room}"), ("webhook", "0")], [404, 403, 404, 404]),
    ("test-webhook", &[("room", "{room}"), ("webhook", "0")], [404, 403, 404, 404]),
    ("replay-delivery", &[("room", "{room}"), ("webhook", "0"), ("delivery", "0")], [404, 403, 404, 404]),
    ("load-room-people", &[("slug", "den")], [200, 200, 200, 200]),
    ("load-system", &[], [200, 200, 200, 200]),
    ("load-settings", &[("room", "den")], [200, 200, 200, 200]),
    ("load-step", &[], [200, 200, 200, 200]),
    ("load-forgot", &[], [200, 200, 200, 200]),
    ("load-profile", &[("name", "ben")], [200, 200, 200, 200]),
    ("load-close", &[], [200, 200, 200, 200]),
    ("load-invitation", &[("token", "x")], [200, 200, 200, 200]),
    ("load-reset", &[("token", "x")], [200, 200, 200, 200]),
    ("choose-language", &[("lang", "zh")], [200, 200, 200, 200]),
    ("choose-opening", &[("opens", "newest")], [200, 200, 200, 200]),
    ("choose-theme", &[("theme", "dark")], [200, 200, 200, 200]),
    ("sign-in", &[("name", "nobody"), ("password", "x")], [401, 401, 401, 401]),
    ("register", &[("name", "<"), ("display", "x"), ("password", "long enough")], [422, 422, 422, 422]),
    ("setup", &[("token", "x"), ("name", "x"), ("display", "x"), ("password", "x")], [410, 410, 410, 410]),
    ("history", &[("room", "{room}")], [404, 200, 200, 200]),
    ("wall", &[("room", "{room}")], [404, 200, 200, 200]),
    ("mark-seen", &[("room", "{room}"), ("seq", "1")], [401, 200, 200, 200]),
    ("mark-room", &[("room", "{room}")], [401, 200, 200, 200]),
    ("mark-all-read", &[], [401, 200, 200, 200]),
    ("choose-level", &[("room", "{room}"), ("level", "mentions")], [401, 200, 200, 404]),
    ("pin-room", &[("room", "{room}"), ("on", "false")], [401, 200, 200, 404]),
    ("find-room", &[("invitation", "no such")], [422, 422, 422, 422]),
    ("enter-room", &[("room", "{room}")], [401, 200, 200, 200]),
    // Where nobody has to ask, they are in at once.
    ("ask-to-join", &[("room", "{room}")], [404, 200, 200, 200]),
    ("approve-join-request", &[("room", "{room}"), ("person", "0")], [404, 403, 410, 410]),
    ("decline-join-request", &[("room", "{room}"), ("person", "0")], [404, 403, 410, 410]),
    ("come-here", &[("room", "{room}")], [404, 200, 200, 200]),
    ("save-draft", &[("room", "{room}"), ("text", "half")], [404, 200, 200, 200]),
    ("load-draft", &[("room", "{room}")], [404, 200, 200, 200]),
    ("post-message", &[("room", "{room}"), ("client_id", "walk"), ("text", "")], [404, 422, 422, 422]),
    ("forward-message", &[("room", "{room}"), ("message", "0"), ("to", "{room}"), ("client_id", "f")], [404, 404, 404, 404]),
    // Others' messages are not theirs.
    ("edit-message", &[("room", "{room}"), ("message", "{message}"), ("text", "")], [404, 403, 422, 403]),
    ("react-message", &[("room", "{room}"), ("message", "{message}"), ("emoji", "?"), ("on", "true")], [404, 422, 422, 422]),
    ("change-room", &[("room", "{room}"), ("title", ""), ("slug", ""), ("about", ""), ("visibility", "?")], [404, 403, 422, 422]),
    ("archive-room", &[("room", "{room}"), ("archived", "false")], [404, 403, 200, 200]),
    ("change-gate", &[("room", "{room}"), ("opening", "?")], [404, 403, 422, 422]),
    ("open-gate", &[("room", "{room}"), ("open", "true")], [404, 403, 200, 200]),
    ("show-now", &[("room", "{room}"), ("show", "0")], [404, 403, 404, 404]),
    ("open-video", &[("slug", "den")], [200, 200, 200, 200]),
    ("remove-video", &[("room", "{room}")], [404, 403, 404, 404]),
    ("choose-cover", &[("room", "{room}"), ("picture", "0")], [404, 403, 404, 404]),
    ("add-member", &[("room", "{room}"), ("name", "nobody"), ("role", "member")], [404, 403, 404, 404]),
    ("change-role", &[("room", "{room}"), ("person", "0"), ("role", "member")], [404, 403, 404, 404]),
    ("remove-member", &[("room", "{room}"), ("person", "0")], [404, 403, 404, 404]),
    ("add-picture-from", &[("room", "{room}"), ("url", "x:"), ("caption", ""), ("alt", "")], [404, 403, 422, 422]),
    ("describe-picture", &[("room", "{room}"), ("picture", "0"), ("caption", ""), ("alt", "")], [404, 403, 404, 404]),
    ("move-picture", &[("room", "{room}"), ("picture", "0"), ("place", "first")], [404, 403, 404, 404]),
    ("set-picture-order", &[("room", "{room}"), ("picture", "0"), ("order", "1")], [404, 403, 404, 404]),
    ("held-pictures", &[("room", "{room}")], [404, 403, 200, 200]),
    ("change-pictures", &[("room", "{room}"), ("act", "hold"), ("pictures[0]", "0")], [404, 403, 404, 404]),
    ("picture-sources", &[("room", "{room}")], [404, 403, 200, 200]),
    ("refetch-link", &[("room", "{room}"), ("link", "0")], [404, 403, 404, 404]),
    ("undo-deed", &[("room", "{room}"), ("deed", "0")], [404, 403, 410, 410]),
    ("remove-picture", &[("room", "{room}"), ("picture", "0")], [404, 403, 404, 404]),
    ("restore-picture", &[("room", "{room}"), ("picture", "0")], [404, 403, 404, 404]),
    ("create-room", &[("title", ""), ("slug", ""), ("about", ""), ("visibility", "?")], [401, 403, 403, 422]),
    ("create-invite", &[("uses", "1"), ("days", "1")], [401, 403, 403, 200]),
    ("remove-invite", &[("invite", "0")], [401, 403, 403, 404]),
    ("create-room-invite", &[("room", "{room}"), ("uses", "0"), ("days", "7")], [404, 403, 422, 422]),
    ("remove-room-invite", &[("room", "{room}"), ("invite", "0")], [404, 403, 404, 404]),
    ("accept-invitation", &[("token", "x")], [401, 410, 410, 410]),
    ("hand-over", &[("room", "{room}"), ("person", "0")], [404, 403, 404, 403]),
    ("reset-password", &[("token", "x"), ("new", "long enough 1"), ("again", "long enough 1")], [410, 410, 410, 410]),
    ("remove-room", &[("room", "{room}"), ("room_name", "another name")], [401, 403, 403, 422]),
    ("change-site-role", &[("person", "0"), ("role", "member")], [401, 403, 403, 404]),
    ("disable-person", &[("person", "0"), ("disabled", "true")], [401, 403, 403, 404]),
    ("end-session-of", &[("person", "{person}"), ("session", "0")], [401, 403, 403, 404]),
    ("create-reset", &[("person", "0")], [401, 403, 403, 404]),
    ("end-sessions-of", &[("person", "0")], [401, 403, 403, 404]),
    ("change-profile", &[("display", "")], [401, 422, 422, 422]),
    ("change-email", &[("email", "nonsense"), ("password", "x")], [401, 422, 422, 422]),
    ("forgot-password", &[("email", "nonsense")], [422, 422, 422, 422]),
    ("enter-code", &[("code", "123456")], [422, 422, 422, 422]),
    ("resend-code", &[], [422, 422, 422, 422]),
    ("replace-elsewhere", &[], [410, 410, 410, 410]),
    ("give-up", &[], [200, 200, 200, 200]),
    ("remove-portrait", &[], [401, 200, 200, 200]),
    ("back-up", &[], [401, 403, 403, 200]),
    ("test-mail", &[("email", "nonsense")], [401, 403, 403, 422]),
    ("close-account", &[("password", "x")], [401, 401, 401, 401]),
    ("end-other-sessions", &[], [401, 200, 200, 200]),
    ("change-password", &[("old", "x"), ("new", "long enough 1"), ("again", "other")], [401, 422, 422, 422]),
    ("end-session", &[("session", "0")], [401, 404, 404, 404]),
    ("leave-room", &[("room", "0")], [401, 404, 404, 404]),
    ("sign-out", &[], [200, 200, 200, 200]),
];

pub async fn stage(town: &Town) -> (Visitors, Places) {
    let (ben, ana, root) = (town.person("ben").await, town.person("ana").await, town.admin().await);
    let room = town.room("den", Visibility::Private, &ana).await;
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let member = ben.who.as_ref().unwrap().person.id;
    town.chat.add_member(&host, member, domain::member::Role::Member).await.unwrap();
    let picture = town.picture(&ana, &room, "").await;
    let writer = town.chat.writer(ana.who.as_ref(), room.id).await.unwrap();
    let message = town.chat.post(&writer, &ClientId::parse("staged").unwrap(), "hello").await.unwrap().message;
    let places = Places {
        room: room.id.to_string(),
        picture: picture.id.to_string(),
        blob: picture.blob.to_string(),
        message: message.id.to_string(),
        setup: "x".repeat(43),
        person: member.to_string(),
    };
    (Visitors([town.stranger(), ben, ana, root]), places)
}

impl Places {
    pub fn fill(&self, path: &str) -> String {
        path.replace("{room}", &self.room)
            .replace("{picture}", &self.picture)
            .replace("{blob}", &self.blob)
            .replace("{size}", "full")
            .replace("{message}", &self.message)
            .replace("{slug}", "den")
            .replace("{token}", &self.setup)
            .replace("{person}", &self.person)
            .replace("{version}", "x")
            .replace("{name}", "ben")
            .replace("{invite}", "x")
            .replace("{endpoint}", "no-such-call")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_doors() {
    let listed: BTreeSet<&str> = PAGES.into_iter().chain(DOORS.map(|(_, path)| path)).collect();
    let rows: BTreeSet<&str> = PAGE_ROWS.iter().chain(&DOOR_ROWS).map(|(path, _)| *path).collect();
    assert_eq!(listed, rows, "every address has its row");
    let town = Town::new().await;
    let (visitors, places) = stage(&town).await;
    let mut wrong = Vec::new();
    for (path, expected) in PAGE_ROWS.iter().chain(&DOOR_ROWS) {
        let method = DOORS.iter().find(|(_, door)| door == path).map_or("GET", |(method, _)| method);
        for (visitor, expected) in visitors.0.iter().zip(expected) {
            let request = visitor.request(Method::from_bytes(method.as_bytes()).unwrap(), &places.fill(path));
            let accept = if PAGES.contains(path) { "text/html" } else { "application/json" };
            let answer = request.header(ACCEPT, accept).send().await.unwrap();
            let status = answer.status().as_u16();
            let name = visitor.who.as_ref().map_or("stranger", |who| who.person.name.as_str());
            if status != *expected {
                wrong.push(format!("{path} {name}: {status}, not {expected}"));
            }
            if PAGES.contains(path) {
                // What the page is made from follows after its end.
                assert!(answer.text().await.unwrap().contains("</html>"), "{path}: the whole page");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls() {
    let registered: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.trim_start_matches("/call/")).collect();
    let rows: BTreeSet<&str> = CALL_ROWS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(registered, rows, "every call has its row");
    let town = Town::new().await;
    let (visitors, places) = stage(&town).await;
    let mut wrong = Vec::new();
    for (endpoint, fields, expected) in CALL_ROWS {
        let fields: Vec<(&str, String)> = fields.iter().map(|(k, v)| (*k, places.fill(v))).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        for (visitor, expected) in visitors.0.iter().zip(expected) {
            let (status, body) = visitor.call(endpoint, &fields).await;
            let name = visitor.who.as_ref().map_or("stranger", |who| who.person.name.as_str());
            if status != *expected {
                wrong.push(format!("{endpoint} {name}: {status}, not {expected}: {body:.200}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A page is for reading, a call for writing; the other method is refused.
#[tokio::test(flavor = "multi_thread")]
async fn the_other_method_is_refused() {
    let town = Town::new().await;
    let guest = town.stranger();
    for (method, path) in
        [("POST", "/sign-in"), ("GET", "/call/sign-in"), ("PUT", "/r/den"), ("DELETE", "/media/1/x/full")]
    {
        let request = guest.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
        let status = request.header(CONTENT_TYPE, "text/plain").send().await.unwrap().status();
        assert_eq!(status, 405, "{method} {path}");
    }
}

//! Pages of people, invitations and the system, as every kind of visitor gets them: plain
//! links and forms, no scripts.

use crate::town::{Browser, PASSWORD, Town};
use domain::room::Visibility;
use reqwest::StatusCode;
use reqwest::header::LOCATION;

async fn html(browser: &Browser, path: &str) -> (StatusCode, String) {
    let answer = browser.get(path).await;
    (answer.status(), answer.text().await.unwrap())
}

/// The address within a page that begins like this, up to the next quote.
fn found(page: &str, beginning: &str) -> String {
    let at = page.find(beginning).unwrap_or_else(|| panic!("no {beginning} in {page}"));
    page[at..].split(['"', '&']).next().unwrap().to_owned()
}

fn place(answer: &reqwest::Response) -> String {
    assert_eq!(answer.status(), 303);
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_from_its_making_to_its_end() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("den", Visibility::Private, &ana).await;
    let id = room.id.to_string();
    let people = "/admin/rooms/den/people";
    let fields = [("room", &*id), ("uses", "1"), ("days", "7")];
    let made = place(&ana.submit("create-room-invite", people, &fields).await);
    assert!(made.starts_with(&format!("{people}?invite=")), "{made}");
    let (_, page) = html(&ana, &made).await;
    let link = found(&page, &format!("{}/join/", town.base()));
    let join = link.strip_prefix(&town.base()).unwrap();
    assert!(page.contains("1 use left") && !page.contains("<script src"), "{page}");
    let (_, again) = html(&ana, people).await;
    assert!(!again.contains("/join/"), "only once");

    let (status, page) = html(&town.stranger(), join).await;
    assert_eq!(status, 200);
    assert!(page.contains("ana invites you to") && page.contains("Room den"), "{page}");
    let from = format!("from={}", app::paths::encode(join));
    assert!(page.contains(&format!("/sign-in?{from}")) && page.contains(&format!("/register?{from}")), "{page}");
    assert!(page.contains("noindex") && !page.contains("Join room"));
    assert_eq!(ben.get("/r/den").await.status(), 404);

    let token = join.trim_start_matches("/join/");
    assert!(html(&ben, join).await.1.contains("Join room"));
    assert_eq!(place(&ben.submit("accept-invitation", join, &[("token", token)]).await), "/r/den");
    assert_eq!(ben.get("/r/den").await.status(), 200);

    let eve = town.person("eve").await;
    let (used, forged) = (html(&eve, join).await, html(&eve, "/join/forged").await);
    assert_eq!((used.0, forged.0), (StatusCode::GONE, StatusCode::GONE));
    for page in [&used.1, &forged.1] {
        assert!(page.contains("This link does not work any more") && !page.contains("Room den"), "{page}");
    }
    let refused = place(&eve.submit("accept-invitation", join, &[("token", token)]).await);
    assert!(refused.starts_with(join) && refused.contains("gone"), "{refused}");
}

/// Registering through a link leads back to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_comes_back_to_the_link() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("den", Visibility::Private, &ana).await;
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let token = town.chat.create_room_invite(&host, 1, None).await.unwrap();
    let join = format!("/join/{token}");
    let register = format!("/register?from={}", app::paths::encode(&join));
    let (_, page) = html(&town.stranger(), &register).await;
    assert!(page.contains(&format!("value=\"{join}\"")), "{page}");
    let fields = [("name", "eve"), ("display", "Eve"), ("password", PASSWORD), ("invite", ""), ("next", &*join)];
    let answer = town.stranger().submit("register", &register, &fields).await;
    assert_eq!(place(&answer), join);
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_hand_on_and_send_away_by_forms() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("den", Visibility::Private, &ana).await;
    let (id, people) = (room.id.to_string(), "/admin/rooms/den/people");
    let (ana_id, ben_id) =
        (ana.who.as_ref().unwrap().person.id.to_string(), ben.who.as_ref().unwrap().person.id.to_string());
    let added = ana.submit("add-member", people, &[("room", &id), ("name", "ben"), ("role", "member")]).await;
    assert_eq!(place(&added), people);
    let alone = place(&ana.submit("remove-member", people, &[("room", &id), ("person", &ana_id)]).await);
    assert!(html(&ana, &alone).await.1.contains("The last one has to stay."));
    let (_, page) = html(&ana, people).await;
    assert_eq!(page.matches("aria-label=\"Hand over: ben\"").count(), 2, "asked once more: {page}");
    assert!(page.contains("ben becomes host and you a member.") && !page.contains("Hand over: ana"), "{page}");
    let handed = ana.submit("hand-over", people, &[("room", &id), ("person", &ben_id)]).await;
    assert_eq!(place(&handed), "/r/den");
    assert_eq!(ana.get(people).await.status(), 403);
    let (status, page) = html(&ben, &format!("{people}?q=nobody")).await;
    assert_eq!(status, 200);
    assert!(page.contains("Nobody matches.") && page.contains("Clear"), "{page}");
    let (_, page) = html(&ben, people).await;
    assert!(page.contains("ben, a host, is removed") && !page.contains("ana, a host"), "{page}");
    let gone = place(&ben.submit("remove-member", people, &[("room", &id), ("person", &ana_id)]).await);
    assert_eq!(ana.get("/r/den").await.status(), 404);
    // One act, and no question before it: it can be undone.
    let (_, page) = html(&ben, &gone).await;
    assert!(page.contains("ana was removed from the room.") && page.contains("Undo"), "{page}");
    let deed = gone.split("undo=").nth(1).unwrap().split('&').next().unwrap();
    assert_eq!(place(&ben.submit("undo-deed", people, &[("room", &id), ("deed", deed)]).await), people);
    assert_eq!(ana.get("/r/den").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_ordered_and_kept_out() {
    let town = Town::new().await;
    let (root, ana) = (town.admin().await, town.person("ana").await);
    for n in 0..60 {
        town.chat.add_person(&format!("person{n:02}"), PASSWORD, domain::person::SiteRole::Member).await.unwrap();
    }
    let (_, first) = html(&root, "/admin/people").await;
    assert!(first.contains("aria-sort=\"ascending\"") && first.contains("Next page"), "{first}");
    let next = found(&first, "/admin/people?after=");
    let (_, second) = html(&root, &next).await;
    assert!(second.contains("person59") && !second.contains("person00") && first.contains("person00"), "{second}");
    let (_, hit) = html(&root, "/admin/people?q=ana&sort=-seen").await;
    assert!(hit.contains("aria-sort=\"descending\"") && !hit.contains("person00"), "{hit}");
    let (_, none) = html(&root, "/admin/people?q=zzz&state=disabled").await;
    assert!(none.contains("Nobody matches.") && none.contains("Clear"), "{none}");

    // By more than names, and only they.
    let address = &town.chat.sessions(ana.who.as_ref().unwrap()).await.unwrap()[0].address;
    let by_address = format!("/admin/people?q={address}");
    let (_, hit) = html(&root, &by_address).await;
    assert!(hit.contains(&format!("/admin/people/{}", ana.who.as_ref().unwrap().person.id)), "{hit}");
    assert!(!hit.contains("person00") && hit.contains("id=\"q-hint\""), "{hit}");
    assert_eq!(html(&ana, &by_address).await.0, StatusCode::FORBIDDEN);
    let (_, refused) = ana.call("load-people", &[("query", address)]).await;
    assert!(refused.to_string().contains("not_allowed"), "{refused}");
    for path in ["/people?q=", "/search?q="] {
        let (status, page) = html(&ana, &format!("{path}{address}")).await;
        assert!(status == 200 && !page.contains("row-line"), "{path}: {page}");
    }

    let id = ana.who.as_ref().unwrap().person.id.to_string();
    let account = format!("/admin/people/{id}");
    let (_, page) = html(&root, &account).await;
    for words in ["Make administrator", "Administrators run all rooms", "Disable the account of ana?", "test"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let own = format!("/admin/people/{}", root.who.as_ref().unwrap().person.id);
    let (_, page) = html(&root, &own).await;
    assert!(page.contains("Another administrator") && !page.contains("Disable account"), "{page}");

    root.submit("disable-person", &account, &[("person", &id), ("disabled", "true")]).await;
    assert_eq!(ana.get("/me").await.status(), 401);
    assert!(html(&root, "/admin/people?state=disabled").await.1.contains("Disabled"));
    assert_eq!(root.get("/admin/people/0").await.status(), 404);
    assert_eq!(root.get("/admin/people/x").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_chosen_anew_by_link() {
    let town = Town::new().await;
    let (root, ana) = (town.admin().await, town.person("ana").await);
    let id = ana.who.as_ref().unwrap().person.id.to_string();
    let account = format!("/admin/people/{id}");
    let made = place(&root.submit("create-reset", &account, &[("person", &id)]).await);
    let (_, page) = html(&root, &made).await;
    let link = found(&page, &format!("{}/reset/", town.base()));
    let reset = link.strip_prefix(&town.base()).unwrap();
    let token = reset.trim_start_matches("/reset/");
    let stranger = town.stranger();
    assert!(html(&stranger, reset).await.1.contains("value=\"ana\""));
    let other = [("token", token), ("new", "a new horse 1"), ("again", "another")];
    let refused = place(&stranger.submit("reset-password", reset, &other).await);
    assert!(html(&stranger, &refused).await.1.contains("The two passwords differ."));
    let same = [("token", token), ("new", "a new horse 1"), ("again", "a new horse 1")];
    assert_eq!(place(&stranger.submit("reset-password", reset, &same).await), "/sign-in");
    assert_eq!(ana.get("/me").await.status(), 401, "signed out everywhere");
    assert_eq!(stranger.get(reset).await.status(), 410);
    let (status, _) = stranger.call("sign-in", &[("name", "ana"), ("password", "a new horse 1")]).await;
    assert_eq!(status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_listed_and_removed_by_their_name() {
    let town = Town::new().await;
    let (root, ana) = (town.admin().await, town.person("ana").await);
    let (_, none) = html(&root, "/admin/rooms").await;
    assert!(none.contains("The first one starts with a name."), "{none}");
    let room = town.room("hall", Visibility::Public, &ana).await;
    let (_, page) = html(&root, "/admin/rooms?sort=-active").await;
    assert!(page.contains("Room hall") && page.contains("aria-sort=\"descending\""), "{page}");
    let (_, none) = html(&root, "/admin/rooms?state=archived").await;
    assert!(none.contains("No matching room") && none.contains("Clear"), "{none}");

    let settings = "/admin/rooms/hall";
    assert!(!html(&ana, settings).await.1.contains("Delete room"), "a host archives");
    assert!(html(&root, settings).await.1.contains("Delete room"));
    let id = room.id.to_string();
    let mut socket = ana.socket().await;
    socket.enter(&room, None).await;
    let wrong = place(&root.submit("remove-room", settings, &[("room", &id), ("room_name", "hall")]).await);
    let (_, page) = html(&root, &wrong).await;
    assert!(page.contains("room&#x27;s name.") || page.contains("room's name."), "{page}");
    let done = root.submit("remove-room", settings, &[("room", &id), ("room_name", "Room hall")]).await;
    assert_eq!(place(&done), "/admin/rooms");
    assert_eq!(socket.hears("gone").await["problem"]["code"], "not_found");
    assert_eq!(town.stranger().get("/r/hall").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_system_says_how_it_is_doing() {
    let town = Town::new().await;
    let root = town.admin().await;
    let (status, page) = html(&root, "/admin/system").await;
    assert_eq!(status, 200);
    for words in ["SQLite", "Disk left", "Nothing was delivered lately.", "None yet.", env!("CARGO_PKG_VERSION")] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

//! Private chat through the doors: two people and nobody else, with and without scripts.

use crate::town::{Browser, Town};
use domain::contact::Privacy;
use domain::room::Room;
use serde_json::{Value, json};

async fn begins(town: &Town, who: &Browser, name: &str) -> Room {
    town.chat.start_private(who.who.as_ref().unwrap(), name).await.unwrap()
}

/// Where a form leads.
async fn leads(browser: &Browser, call: &str, from: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.submit(call, from, fields).await;
    assert_eq!(answer.status(), 303, "{call}");
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn text(browser: &Browser, path: &str) -> (u16, String) {
    let answer = browser.get(path).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn id(browser: &Browser) -> String {
    browser.who.as_ref().unwrap().person.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_begins_and_goes_on_without_scripts() {
    let town = Town::new().await;
    let (ana, ming) = (town.person("ana").await, town.person("小明").await);
    // From the list of people, by one press.
    let (status, list) = text(&ana, "/people").await;
    assert_eq!(status, 200);
    assert!(list.contains("小明") && list.contains("start-private"), "{list}");
    let chat = "/r/@%E5%B0%8F%E6%98%8E";
    assert_eq!(leads(&ana, "start-private", "/people", &[("name", "小明")]).await, chat);
    let (status, page) = text(&ana, chat).await;
    assert!(status == 200 && page.contains("小明") && page.contains("name=\"client_id\""));
    assert!(!page.contains("room-wall") && !page.contains("leave-room"), "no wall, and no way out");
    let room = begins(&town, &ana, "小明").await.id.to_string();
    let say = async |browser: &Browser, from: &str, id: &str| {
        leads(browser, "post-message", from, &[("room", &room), ("client_id", id), ("text", "hello")]).await
    };
    for i in 0..5 {
        assert_eq!(say(&ana, chat, &format!("a{i}")).await, chat);
    }
    let (_, page) = text(&ana, chat).await;
    assert!(page.contains("You cannot send more until they answer."));
    assert!(say(&ana, chat, "a5").await.contains("unanswered"), "the refusal comes back with the form");
    // The other one finds it in the list, and what can be done above the messages.
    let (_, home) = text(&ming, "/").await;
    assert!(home.contains("href=\"/r/@ana\"") && home.contains("ana: hello"), "{home}");
    let (_, page) = text(&ming, "/r/@ana").await;
    for call in ["accept-contact", "block-person", "/report/@ana"] {
        assert!(page.contains(call), "{call}");
    }
    assert_eq!(leads(&ming, "accept-contact", "/r/@ana", &[("person", &id(&ana))]).await, "/r/@ana");
    assert_eq!(say(&ana, chat, "a5").await, chat);
    let (_, page) = text(&ming, "/r/@ana").await;
    assert!(!page.contains("accept-contact"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_gets_in_by_any_door() {
    const SECRET: &str = "between-the-two";
    let town = Town::new().await;
    let (ana, ben, eve, root) =
        (town.person("ana").await, town.person("ben").await, town.person("eve").await, town.admin().await);
    let room = begins(&town, &ana, "ben").await;
    town.says(&ana, &room, "c", SECRET).await;
    let number = room.id.to_string();
    for browser in [&town.stranger(), &eve, &root] {
        for path in ["/r/@ben", "/r/@ana", "/r/@1.2", "/", "/admin/rooms", &format!("/r/{number}"), "/search?q=between"]
        {
            let (_, page) = text(browser, path).await;
            assert!(!page.contains(SECRET), "{path}");
        }
        for (call, fields) in [
            ("history", vec![("room", number.as_str())]),
            ("wall", vec![("room", number.as_str())]),
            ("post-message", vec![("room", number.as_str()), ("client_id", "x"), ("text", "me too")]),
        ] {
            let (status, body) = browser.call(call, &fields).await;
            assert_eq!((status.as_u16(), &body["code"]), (404, &json!("not_found")), "{call}");
        }
        let mut socket = browser.socket().await;
        assert_eq!(socket.enter(&room, None).await["problem"]["code"], "not_found");
    }
    // What is not there yet leads to where it can begin.
    let answer = eve.get("/r/@ben").await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (302, "/people/ben"));
    assert_eq!(town.stranger().get("/r/@ben").await.status(), 404);
    assert!(text(&ben, "/r/@ana").await.1.contains(SECRET));
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_told_how_it_stands() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = begins(&town, &ana, "ben").await;
    let mut hers = ana.socket().await;
    hers.enter(&room, None).await;
    assert_eq!(hers.hears("contact").await["contact"]["person"]["name"], "ben");
    for i in 0..5 {
        let post = json!({"room": room.id, "client_id": format!("a{i}"), "text": "hello"});
        hers.send("post", post).await;
        hers.hears("posted").await;
    }
    hears(&mut hers, "she may say no more", |contact| contact["left"] == 0).await;
    hers.send("post", json!({"room": room.id, "client_id": "a5", "text": "hello"})).await;
    assert_eq!(hers.hears("refused").await["problem"]["code"], "unanswered");
    let mut his = ben.socket().await;
    his.enter(&room, None).await;
    hears(&mut his, "he is asked", |contact| contact["asks"] == true).await;
    hears(&mut hers, "delivered", |contact| contact["delivered"]["seq"] == 5).await;
    his.send("seen", json!({"room": room.id, "seq": 5})).await;
    hears(&mut hers, "read", |contact| contact["read"]["seq"] == 5).await;
    his.send("post", json!({"room": room.id, "client_id": "b0", "text": "hi"})).await;
    hears(&mut hers, "answered", |contact| contact["left"].is_null()).await;
    hers.send("post", json!({"room": room.id, "client_id": "a5", "text": "hello"})).await;
    hers.hears("posted").await;
}

async fn hears(socket: &mut crate::town::Socket, what: &str, is: impl Fn(&Value) -> bool) {
    for _ in 0..50 {
        if is(&socket.hears("contact").await["contact"]) {
            return;
        }
    }
    panic!("never: {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_reporting_and_privacy_work_with_plain_forms() {
    let town = Town::new().await;
    let (ana, ben, root) = (town.person("ana").await, town.person("ben").await, town.admin().await);
    let room = begins(&town, &ana, "ben").await;
    town.says(&ana, &room, "c", "buy this").await;
    let (status, page) = text(&ben, "/report/@ana").await;
    assert!(status == 200 && page.contains("buy this") && page.contains("report-message"), "{page}");
    let message = page.split("name=\"message\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [("message", message), ("reason", "spam & more"), ("block", "1")];
    let done = leads(&ben, "report-message", "/report/@ana", &fields).await;
    assert!(text(&ben, &done).await.1.contains("It was sent to the administrators."));
    // Blocked as well, and to be seen in one's account; she is told nothing but that it did not arrive.
    assert!(text(&ben, "/me/privacy").await.1.contains("unblock-person"));
    let (status, refused) =
        ana.call("post-message", &[("room", &room.id.to_string()), ("client_id", "d"), ("text", "more")]).await;
    assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("unreachable")));
    let (_, page) = text(&root, "/admin/reports").await;
    assert!(page.contains("buy this") && page.contains("spam &amp; more") && page.contains("Private chat"), "{page}");
    let report = page.split("name=\"report\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(!page.contains("value=\"mute\"") && !page.contains("value=\"delete\""), "a private chat is theirs");
    let refused = leads(&root, "resolve-report", "/admin/reports", &[("report", report), ("act", "mute")]).await;
    assert!(refused.contains("not_found"), "{refused}");
    assert_eq!(leads(&root, "resolve-report", "/admin/reports", &[("report", report)]).await, "/admin/reports");
    assert!(!text(&root, "/admin/reports").await.1.contains("buy this"));
    assert!(text(&root, "/admin/reports?state=resolved").await.1.contains("buy this"));
    assert!(text(&root, "/admin/audit").await.1.contains("resolved report about"));
    assert_eq!(leads(&ben, "unblock-person", "/me/privacy", &[("person", &id(&ana))]).await, "/me/privacy");
    assert!(!text(&ben, "/me/privacy").await.1.contains("unblock-person"));
    // A box that is not ticked is not sent.
    leads(&ben, "change-privacy", "/me/privacy", &[("receipts", "1")]).await;
    let privacy = town.chat.privacy(ben.who.as_ref().unwrap()).await.unwrap();
    assert_eq!(privacy, Privacy { presence: false, receipts: true, listed: false });
    assert!(
        !text(&ana, "/people").await.1.contains("@</span>ben")
            && !text(&ana, "/people").await.1.contains("/people/ben")
    );
    let rule = [("most", "2"), ("hours", "x")];
    assert!(leads(&root, "change-first-contact", "/admin/reports", &rule).await.contains("hours"));
    leads(&root, "change-first-contact", "/admin/reports", &[("most", "2"), ("hours", "24")]).await;
    assert!(text(&root, "/admin/reports").await.1.contains("value=\"24\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_people_tells_nobodys_secrets() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    for name in ["ben", "cai"] {
        town.person(name).await;
    }
    let (_, body) = ana.call("load-directory", &[]).await;
    let people = body["body"]["Ok"]["people"].as_array().unwrap().clone();
    assert_eq!(people.len(), 3);
    let known: Vec<&String> = people[0].as_object().unwrap().keys().collect();
    assert_eq!(known, ["person", "presence"]);
    let known: Vec<&String> = people[0]["person"].as_object().unwrap().keys().collect();
    assert_eq!(known, ["display", "id", "name"], "no address, no role, nothing to sign in with");
    assert!(text(&ana, "/people?q=ca").await.1.contains("/people/cai"));
    assert!(!text(&ana, "/people?q=ca").await.1.contains("/people/ben"));
    assert!(text(&ana, "/people?q=nobody").await.1.contains("Nobody matches."));
    assert_eq!(town.stranger().get("/people").await.status(), 401);
    assert_eq!(ana.get("/people/nobody").await.status(), 404);
}

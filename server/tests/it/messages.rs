//! What is done with messages: the same by every way in, and all of it without scripts.

use crate::town::{Browser, Town};
use domain::moderation::{MuteFor, WordList};
use domain::room::{Room, Visibility};
use serde_json::{Value, json};

/// What a script's call is refused with.
async fn by_call(browser: &Browser, call: &str, fields: &[(&str, &str)]) -> Value {
    let (status, body) = browser.call(call, fields).await;
    assert!(status.as_u16() >= 202, "{call}: {status} {body}");
    body["code"].clone()
}

/// What a form is led back with, and whether the page then says it.
async fn by_form(browser: &Browser, call: &str, from: &str, fields: &[(&str, &str)]) -> Value {
    let answer = browser.submit(call, from, fields).await;
    let place = answer.headers()["location"].to_str().unwrap().to_owned();
    let query = place.split_once('?').unwrap_or_else(|| panic!("{call} was let in: {place}")).1;
    let problem = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "problem").unwrap().1;
    let page = browser.get(&place).await.text().await.unwrap();
    assert!(page.contains("role=\"alert\""), "{call}: the page says why");
    serde_json::from_str::<Value>(&problem).unwrap()["code"].clone()
}

async fn hall(town: &Town) -> (Browser, Browser, Room) {
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    (ana, ben, room)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_refused_alike_on_every_way_in() {
    let town = Town::new().await;
    let (ana, ben, room) = hall(&town).await;
    town.says(&ben, &room, "b1", "mine").await;
    town.says(&ana, &room, "a1", "hers").await;
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let words = WordList { words: "casino".into(), holds: false };
    town.chat.change_room_words(&host, words).await.unwrap();
    let number = room.id.to_string();
    let (own, hers) = ("1", "2");
    let text = |message, text| vec![("room", &*number), ("message", message), ("text", text)];
    let face = |message, emoji| vec![("room", &*number), ("message", message), ("emoji", emoji), ("on", "true")];
    type Fields<'a> = Vec<(&'a str, &'a str)>;
    let rows: [(&str, Fields, &str); 9] = [
        ("edit-message", text(own, "the casino"), "filtered"),
        ("edit-message", text(hers, "x"), "not_allowed"),
        ("edit-message", text("99", "x"), "not_found"),
        ("edit-message", text(own, " "), "invalid"),
        ("react-message", face(hers, "ok"), "invalid"),
        ("react-message", face("99", "👍"), "not_found"),
        ("hide-message", vec![("room", &number), ("message", "99"), ("on", "true")], "not_found"),
        ("recall-message", vec![("room", &number), ("message", hers)], "not_allowed"),
        (
            "forward-message",
            vec![("room", &number), ("message", "99"), ("to", &number), ("client_id", "f")],
            "not_found",
        ),
    ];
    for (call, fields, code) in rows {
        assert_eq!(by_call(&ben, call, &fields).await, code, "{call} {fields:?}");
        assert_eq!(by_form(&ben, call, "/r/hall/messages/1", &fields).await, code, "{call} {fields:?}");
    }
    // An answer, by the socket too.
    let mut socket = ben.socket().await;
    socket.enter(&room, None).await;
    socket.send("post", json!({"room": room.id, "client_id": "s1", "text": "well", "reply": 99})).await;
    assert_eq!(socket.hears("refused").await["problem"]["code"], "not_found");
    let reply = |id| vec![("room", &*number), ("client_id", id), ("text", "well"), ("reply", "99")];
    assert_eq!(by_call(&ben, "post-message", &reply("s2")).await, "not_found");
    assert_eq!(by_form(&ben, "post-message", "/r/hall/messages/1", &reply("s3")).await, "not_found");
    // Whoever is muted neither changes nor reacts, and may still hide.
    town.chat.mute(&host, ben.who.as_ref().unwrap().person.id, MuteFor::Good, "").await.unwrap();
    for (call, fields) in [("edit-message", text(own, "quiet")), ("react-message", face(hers, "👍"))] {
        assert_eq!(by_call(&ben, call, &fields).await, "muted");
        assert_eq!(by_form(&ben, call, "/r/hall/messages/1", &fields).await, "muted");
    }
    let hide = [("room", &*number), ("message", hers), ("on", "true")];
    assert_eq!(ben.call("hide-message", &hide).await.0, 200);
}

/// All of it by the forms of one page.
#[tokio::test(flavor = "multi_thread")]
async fn everything_works_without_scripts() {
    let town = Town::new().await;
    let (ana, ben, room) = hall(&town).await;
    let den = town.room("den", Visibility::Private, &ben).await;
    let seq = town.says(&ben, &room, "b1", "<b>frist</b>").await;
    let line = format!("id=\"m{seq}\"");
    let (number, to) = (room.id.to_string(), den.id.to_string());
    let page = async |who: &Browser, path: &str| who.get(path).await.text().await.unwrap();
    let acts = "/r/hall/messages/1";
    assert!(page(&ben, "/r/hall").await.contains(&format!("href=\"{acts}#more\"")), "the way there");
    let own = page(&ben, acts).await;
    for there in ["salon.css", "&lt;b&gt;frist", "edit-message", "recall-message", "hide-message", "forward-message"] {
        assert!(own.contains(there), "{there}");
    }
    assert!(!own.contains("salon.js"), "a plain page");
    let hers = page(&ana, acts).await;
    assert!(!hers.contains("edit-message") && !hers.contains("recall-message") && hers.contains("/admin/rooms/hall/"));
    let guest = page(&town.stranger(), acts).await;
    assert!(!guest.contains("/call/react-message") && guest.contains("&lt;b&gt;frist"));
    let submit = async |who: &Browser, call: &str, fields: &[(&str, &str)]| {
        let always = [("room", &*number), ("message", "1")];
        let fields: Vec<(&str, &str)> = always.into_iter().chain(fields.iter().copied()).collect();
        let answer = who.submit(call, acts, &fields).await;
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    assert_eq!(submit(&ben, "edit-message", &[("text", "premiere")]).await, "/r/hall");
    assert_eq!(submit(&ana, "react-message", &[("emoji", "🎉"), ("on", "true")]).await, "/r/hall");
    let reply = [("reply", "1"), ("client_id", "r1"), ("text", "so it is")];
    assert_eq!(submit(&ana, "post-message", &reply).await, "/r/hall");
    let talk = page(&town.stranger(), "/r/hall").await;
    for there in ["🎉 1", "edited", "class=\"quote\"", "so it is"] {
        assert!(talk.contains(there), "{there}");
    }
    assert!(!talk.contains("frist") && !talk.contains("data-act"), "a guest reads, and no more");
    assert!(page(&ben, acts).await.contains("Who reacted"));
    assert_eq!(submit(&ben, "forward-message", &[("to", &to), ("client_id", "f1")]).await, "/r/den");
    assert!(page(&ben, "/r/den").await.contains("Forwarded from ben · Room hall"));
    assert_eq!(submit(&ana, "hide-message", &[("on", "true")]).await, acts);
    assert!(page(&ana, acts).await.contains("Show again"));
    assert!(!page(&ana, "/r/hall").await.contains(&line) && page(&ben, "/r/hall").await.contains(&line));
    assert_eq!(submit(&ben, "recall-message", &[]).await, "/r/hall");
    let talk = page(&ben, "/r/hall").await;
    assert!(talk.contains("ben recalled a message") && talk.contains("The message was recalled"));
    assert!(!talk.contains("🎉 1") && !talk.contains("premiere"));
    assert_eq!(
        by_form(&ben, "edit-message", acts, &[("room", &number), ("message", "1"), ("text", "back")]).await,
        "gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_offered_in_the_asker_s_language() {
    let town = Town::new().await;
    let (ana, ben, room) = hall(&town).await;
    town.says(&ben, &room, "b1", "here").await;
    let number = room.id.to_string();
    let (status, offered) = ana.call("suggest-mentions", &[("room", &number), ("typed", "")]).await;
    assert_eq!(status, 200);
    let everyone = json!({"insert": "all", "label": "@all", "note": "tells 1 person"});
    assert_eq!(offered, json!([{"insert": "ben", "label": "ben", "note": "@ben"}, everyone]));
    let (_, offered) = ben.call("suggest-mentions", &[("room", &number), ("typed", "a")]).await;
    assert_eq!(offered, json!([{"insert": "ana", "label": "ana", "note": "@ana"}]), "not for members");
}

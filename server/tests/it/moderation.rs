//! Moderation: whatever is refused is refused alike by the socket, by a script's call, by a form
//! without scripts and by a program's request. For the old protocols: `compat/same_rules.rs`.

use crate::api::Program;
use crate::town::{Browser, Socket, Town};
use chat::RoomHost;
use domain::moderation::{MuteFor, Policy, Posting, WordList};
use domain::room::{Room, Visibility};
use serde_json::{Value, json};

async fn host(town: &Town, ana: &Browser, room: &Room) -> RoomHost {
    town.chat.host(ana.who.as_ref(), room.id).await.unwrap()
}

async fn by_socket(socket: &mut Socket, room: &Room, id: &str, text: &str) -> Value {
    socket.send("post", json!({"room": room.id, "client_id": id, "text": text})).await;
    let refused = socket.hears("refused").await;
    assert_eq!(refused["of"], id);
    refused["problem"].clone()
}

async fn by_call(browser: &Browser, room: &Room, id: &str, text: &str) -> (u16, Value) {
    let room = room.id.to_string();
    let fields = [("room", room.as_str()), ("client_id", id), ("text", text)];
    let (status, body) = browser.call("post-message", &fields).await;
    (status.as_u16(), body)
}

/// Where the form leads back to, with the refusal in it; and what that page then says.
async fn by_form(browser: &Browser, room: &Room, id: &str, text: &str) -> (Value, String) {
    let number = room.id.to_string();
    let fields = [("room", number.as_str()), ("client_id", id), ("text", text)];
    let answer = browser.submit("post-message", "/r/hall", &fields).await;
    assert_eq!(answer.status(), 303);
    let place = answer.headers()["location"].to_str().unwrap().to_owned();
    let query = place.split_once('?').expect("a refusal").1;
    let problem = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "problem").unwrap().1;
    let problem = serde_json::from_str(&problem).unwrap();
    (problem, browser.get(&place).await.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_holds_alike_on_every_way_in() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let chat = &town.chat;
    let id = ben.who.as_ref().unwrap().person.id;
    let program = Program::keyed(&town, "ben", &["read", "write"]).await;
    let list = |holds| WordList { words: "賭博".into(), holds };
    let rules = [
        ("members_only", 403, "a host has to add them"),
        ("hosts_only", 403, "Only hosts can write here"),
        ("filtered", 422, "a word that is not allowed"),
        ("held", 202, "Waiting for a host to approve it."),
        ("muted", 403, "You are muted in this room. Reason: spam."),
        ("slow", 429, "Slow mode"),
        ("removed", 403, "You are banned from this room."),
    ];
    for (code, status, words) in rules {
        let host = host(&town, &ana, &room).await;
        chat.change_policy(&host, Policy::default()).await.unwrap();
        chat.change_room_words(&host, WordList::default()).await.unwrap();
        let mut socket = ben.socket().await;
        socket.enter(&room, None).await;
        match code {
            "members_only" | "hosts_only" => {
                let posting = if code == "members_only" { Posting::Members } else { Posting::Hosts };
                chat.change_policy(&host, Policy { posting, ..Policy::default() }).await.unwrap();
            }
            "filtered" => chat.change_room_words(&host, list(false)).await.unwrap(),
            "held" => chat.change_room_words(&host, list(true)).await.unwrap(),
            "muted" => _ = chat.mute(&host, id, MuteFor::Good, "spam").await.unwrap(),
            "slow" => {
                chat.unmute(&host, id).await.unwrap();
                town.says(&ben, &room, "before", "hello").await;
                chat.change_policy(&host, Policy { slow: 3_000, ..Policy::default() }).await.unwrap();
            }
            _ => _ = chat.ban(&host, id, "").await.unwrap(),
        }
        let text = "来赌 博吧";
        let told = by_socket(&mut socket, &room, &format!("{code}-1"), text).await;
        let (answered, called) = by_call(&ben, &room, &format!("{code}-2"), text).await;
        let (submitted, page) = by_form(&ben, &room, &format!("{code}-3"), text).await;
        let (programs, by_key) = program.post("/rooms/hall/messages", json!({"text": text})).await;
        assert_eq!((answered, programs.as_u16()), (status, status), "{code}: {called} {by_key}");
        for problem in [told, called, submitted, by_key] {
            assert_eq!(problem["code"], code, "{problem}");
        }
        assert!(page.contains(words), "{code}: {words}");
    }
    let said: Vec<i64> = chat
        .history(&chat.reader(None, room.id).await.unwrap(), None)
        .await
        .unwrap()
        .messages
        .iter()
        .map(|message| message.seq)
        .collect();
    assert_eq!(said.len(), 1, "nothing but what was said before slow mode");
}

/// A host's whole work by plain forms: queue, message, restrictions, trail.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_moderates_without_scripts() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let (number, person) = (room.id.to_string(), ben.who.as_ref().unwrap().person.id.to_string());
    let admin = |page: &str| format!("/admin/rooms/hall/{page}");
    let page = async |path: &str| ana.get(path).await.text().await.unwrap();
    let submit = async |call: &str, from: &str, fields: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> = [("room", number.as_str())].into_iter().chain(fields.iter().copied()).collect();
        let answer = ana.submit(call, from, &fields).await;
        let place = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(!place.contains("problem="), "{call}: {place}");
        place
    };
    submit("change-policy", &admin("moderation"), &[("posting", "everyone"), ("slow", "5"), ("holds", "on")]).await;
    assert!(page(&admin("moderation")).await.contains("value=\"5\""));
    let (held, _) = by_form(&ben, &room, "b1", "please <b>let me</b>").await;
    assert_eq!(held["code"], "held");
    let queue = page(&admin("queue")).await;
    assert!(queue.contains("please &lt;b&gt;let me"), "{queue}");
    let declined = submit("decline-held", &admin("queue"), &[("held", "1")]).await;
    let queue = page(&declined).await;
    assert!(
        queue.contains("A message of ben was declined.") && queue.contains("/call/undo-deed?"),
        "{declined}: {queue}"
    );
    let deed = declined.split("undo=").nth(1).unwrap().split('&').next().unwrap();
    assert_eq!(submit("undo-deed", &admin("queue"), &[("deed", deed)]).await, admin("queue"));
    assert!(page(&admin("queue")).await.contains("please &lt;b&gt;let me"));
    submit("approve-held", &admin("queue"), &[("held", "1")]).await;
    assert!(page(&admin("queue")).await.contains("Nothing is waiting."));
    let talk = page("/r/hall").await;
    assert!(talk.contains("/admin/rooms/hall/messages/1"), "the way to all a host can do");
    let message = page(&admin("messages/1")).await;
    assert!(message.contains("value=\"mute-10m\"") && !message.contains("salon.js"), "a plain page");
    let acts = [("person", person.as_str()), ("message", "1"), ("reason", "too loud")];
    let with = |act: &'static str| [&[("act", act)], &acts[..]].concat();
    assert_eq!(submit("moderate", &admin("messages/1"), &with("recall")).await, "/r/hall");
    let asked = page(&admin("messages/1")).await;
    assert!(asked.contains("All that ben said in the last hour is recalled"), "what cannot be undone: {asked}");
    let muted = submit("moderate", &admin("messages/1"), &with("mute-good")).await;
    let talk = page(&muted).await;
    assert!(talk.contains("ana recalled a message"));
    assert!(talk.contains("ben is muted for good.") && talk.contains("/call/undo-deed?"), "{muted}: {talk}");
    let deed = muted.split("undo=").nth(1).unwrap().split('&').next().unwrap();
    assert_eq!(submit("undo-deed", "/r/hall", &[("deed", deed)]).await, "/r/hall");
    assert!(page(&admin("moderation")).await.contains("Nobody is muted or banned."));
    submit("moderate", &admin("messages/1"), &with("mute-1h")).await;
    let restricted = page(&admin("moderation")).await;
    assert!(restricted.contains("Muted until") && restricted.contains("too loud"));
    submit("lift-restriction", &admin("moderation"), &[("person", &person)]).await;
    assert!(page(&admin("moderation")).await.contains("Nobody is muted or banned."));
    let trail = page(&format!("{}?person=ben&act=muted", admin("audit"))).await;
    assert!(trail.contains("for 1 hour · too loud") && !trail.contains("let me"), "who, what and why, never the words");
    // Administrators see all rooms' lines, and find those they look for.
    let root = town.admin().await;
    for (sought, is_found) in [
        ("", true),
        ("?person=ben&act=muted", true),
        ("?room=hall&person=ana", true),
        ("?room=hall&person=ben&act=banned", false),
        ("?room=elsewhere", false),
    ] {
        let trail = root.get(&format!("/admin/audit{sought}")).await.text().await.unwrap();
        assert_eq!(trail.contains("for 1 hour · too loud"), is_found, "{sought}");
    }
    assert_eq!(ana.get("/admin/audit").await.status(), 403, "a host sees the rooms they run");
    // Nobody else gets any of it.
    for path in ["moderation", "queue", "messages/1", "audit"] {
        assert_eq!(ben.get(&admin(path)).await.status(), 403, "{path}");
    }
}

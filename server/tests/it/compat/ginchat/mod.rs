//! `ginchat` (seed document 004), by the rows of its features.

mod accounts;
mod heartbeat;
mod log;
mod logins;
mod pictures;
mod rooms;
mod rows;

use super::replay;
use crate::town::{Terms, Town, client};
use chat::{Visit, Who};
use domain::room::RoomWords;
use domain::{ClientId, RoomId};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A town with the facade; people have the password `password` and the face 1231.
struct Six {
    town: Town,
    base: String,
}

impl Six {
    async fn new() -> Self {
        Self::at(0).await
    }

    async fn at(mount: usize) -> Self {
        Self::with(mount, Compat::default()).await
    }

    async fn with(mount: usize, old: Compat) -> Self {
        Self::on(mount, Terms { old, ..Terms::old() }).await
    }

    async fn on(mount: usize, terms: Terms) -> Self {
        let old = Compat { compat: [vec![Facade::Ginchat], terms.old.compat].concat(), ..terms.old };
        let town = Town::on(Terms { old, ..terms }).await;
        let base = town.mounts(Facade::Ginchat).await[mount].clone();
        Self { town, base }
    }

    /// Logs somebody in; their token.
    async fn person(&self, name: &str) -> String {
        let fields = json!({"username": name, "password": "password", "avatar_id": "1231"});
        let answer = client().post(format!("{}/login", self.base)).json(&fields).send().await.unwrap();
        answer.headers()["token"].to_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str, token: &str) -> Value {
        let request = client().get(format!("{}{path}", self.base)).header("token", token);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn uid(&self, token: &str) -> i64 {
        self.get("/home", token).await["data"]["user_info"]["uid"].as_i64().unwrap()
    }

    async fn socket(&self, token: &str, room: u8) -> Result<Socket, u16> {
        let mut request = format!("{}/ws", self.base.replacen("http", "ws", 1)).into_client_request().unwrap();
        request.headers_mut().insert("token", token.parse().unwrap());
        match connect_async(request).await {
            Ok((stream, _)) => {
                let mut socket = Socket(stream);
                if room > 0 {
                    socket.say(json!({"state": 1, "data": {"room_id": room}})).await;
                }
                socket.0.send(Message::text("ping")).await.unwrap();
                assert_eq!(socket.frame().await["data"], "heartbeat ok");
                Ok(socket)
            }
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(cause) => panic!("{cause}"),
        }
    }

    /// The same person on our own page.
    async fn native(&self, name: &str) -> Who {
        let visit = Visit { address: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: "test".into() };
        self.town.chat.sign_in(name, "password", &visit).await.unwrap().who
    }

    async fn room(&self, number: u8) -> RoomId {
        self.town.chat.find_room_of("ginchat", &number.to_string()).await.unwrap().unwrap()
    }

    async fn says(&self, who: &Who, room: RoomId, text: &str) {
        let writer = self.town.chat.writer(Some(who), room).await.unwrap();
        let id = ClientId::parse(&format!("page-{:016x}", rand::random::<u64>())).unwrap();
        self.town.chat.post(&writer, &id, text).await.unwrap();
    }

    async fn upload(&self, token: &str, bytes: Vec<u8>) -> Value {
        let part = reqwest::multipart::Part::bytes(bytes).file_name("a.png");
        let form = reqwest::multipart::Form::new().part("file", part);
        let request = client().post(format!("{}/img-upload", self.base)).header("token", token).multipart(form);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn history(&self, who: &Who, room: RoomId) -> Vec<domain::message::Message> {
        let reader = self.town.chat.reader(Some(who), room).await.unwrap();
        self.town.chat.history(&reader, None).await.unwrap().messages
    }
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn say(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    async fn next(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(Duration::from_secs(10), self.0.next()).await.expect("a frame") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    async fn frame(&mut self) -> Value {
        self.next().await.expect("an open socket")
    }

    /// The next thing that is said.
    async fn said(&mut self) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["state"] == 3 || frame["state"] == 5 {
                return frame;
            }
        }
    }

    async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(400), self.next()).await.is_err()
    }
}

/// Replays an exchange at both mounts, with the tokens of people called user1, user2, user3.
async fn played(name: &str, people: usize) {
    for mount in 0..2 {
        let six = Six::at(mount).await;
        let prefix = if mount == 0 { "/compat/ginchat" } else { "" };
        let path = if mount == 0 { prefix } else { "/" };
        let mut known = vec![
            ("home".to_owned(), format!("{prefix}/")),
            ("room".to_owned(), format!("{prefix}/room/1")),
            ("path".to_owned(), path.to_owned()),
        ];
        for i in 1..=people {
            known.push((format!("token{i}"), six.person(&format!("user{i}")).await));
        }
        let known: Vec<(&str, &str)> = known.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        replay(&format!("ginchat/{name}"), &six.base, &known).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_f9_login_pages_and_logout() {
    played("pages", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_f9_refusals() {
    played("refused", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_a_second_login_in_a_room_replaces_the_first() {
    played("replaced", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_f4_f5_group_history_and_heartbeat() {
    played("chat", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_private() {
    played("private", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_history_is_paged_by_hundreds() {
    let six = Six::new().await;
    let token = six.person("user1").await;
    let (who, room) = (six.native("user1").await, six.room(2).await);
    let writer = six.town.chat.writer(Some(&who), room).await.unwrap();
    for i in 0..250 {
        let id = ClientId::parse(&format!("many-{i}")).unwrap();
        six.town.chat.post(&writer, &id, &format!("m{i}")).await.unwrap();
    }
    let page = async |query: &str| {
        let data = six.get(&format!("/pagination?{query}"), &token).await["data"].clone();
        let list = data["list"].as_array().cloned().unwrap_or_default();
        assert_eq!(data["count"], list.len());
        list.iter().map(|row| row["content"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let named = |from: i32, to: i32| (from..to).map(|i| format!("m{i}")).collect::<Vec<_>>();
    let back = |from: i32, to: i32| (from..to).rev().map(|i| format!("m{i}")).collect::<Vec<_>>();
    for first in ["room_id=2", "room_id=2&offset=0", "room_id=2&offset=-5", "room_id=2&offset=x", "room_id=2&uid="] {
        assert_eq!(page(first).await, named(150, 250), "{first}");
    }
    assert_eq!(page("room_id=2&offset=100").await, back(50, 150));
    assert_eq!(page("room_id=2&offset=200").await, back(0, 50));
    for none in ["room_id=2&offset=250", "room_id=2&offset=9223372036854775807", "room_id=3", "uid=x"] {
        assert!(page(none).await.is_empty(), "{none}");
    }
    let shown = six.get("/room/2", &token).await["data"].clone();
    assert_eq!((&shown["msg_list_count"], &shown["msg_list"][0]["content"]), (&json!(100), &json!("m150")));
    let own = six.get("/private-chat", &token).await["data"]["msg_list"].clone();
    assert_eq!((own.as_array().unwrap().len(), &own[99]["content"]), (100, &json!("m249")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_a_front_end_elsewhere_and_redirects_without_a_body() {
    let six = Six::new().await;
    for path in ["/home", "/room/1", "/private-chat", "/pagination?room_id=1", "/ws"] {
        let answer = client().get(format!("{}{path}", six.base)).header("token", "x").send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()),
            (302, "/compat/ginchat/")
        );
        assert!(answer.bytes().await.unwrap().is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_on_our_page_is_heard_here_and_the_other_way_round() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let (native, room) = (six.native("user2").await, six.room(1).await);
    let mut socket = six.socket(&one, 1).await.unwrap();
    six.says(&native, room, "hello <b>\nyou").await;
    let frame = socket.said().await;
    assert_eq!((&frame["state"], &frame["data"]["content"]), (&json!(3), &json!("hello &lt;b&gt;<br/>you")));
    let content = "one<br/>two &amp; <img src=\"images/face/3.gif\" alt=\"\" />";
    socket.say(json!({"state": 3, "data": {"room_id": "1", "content": content}})).await;
    // In private, as well; to whoever is in a room here, also from a door without rooms.
    let private = six.town.chat.start_private(&native, "user1").await.unwrap().id;
    six.says(&native, private, "psst").await;
    let frame = socket.said().await;
    assert_eq!(
        (&frame["state"], &frame["data"]["content"], &frame["data"]["room_id"]),
        (&json!(5), &json!("psst"), &json!("1"))
    );
    let said = six.history(&native, room).await;
    assert_eq!(domain::span::plain(&said[1].spans), "one two & [em_3]");
    let rows = six.get(&format!("/pagination?uid={}", native.person.id), &one).await["data"]["list"].clone();
    assert_eq!((&rows[0]["room_id"], &rows[0]["content"]), (&json!(0), &json!("psst")));
    // Our page is told of the room by its name.
    let words: RoomWords = {
        let reader = six.town.chat.reader(Some(&native), room).await.unwrap();
        let room = reader.room().clone();
        RoomWords { slug: room.slug, title: room.title, about: room.about, visibility: room.visibility }
    };
    assert_eq!((words.slug.as_str(), words.title.as_str()), ("ginchat-1", "1 号房间"));
    drop(two);
}

#[tokio::test(flavor = "multi_thread")]
async fn active_html_is_text_for_everybody() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let mut speaker = six.socket(&one, 1).await.unwrap();
    let mut hearer = six.socket(&two, 1).await.unwrap();
    let evil = "<img src=\"x\" onerror=\"alert(1)\"><script>alert(2)</script>";
    speaker.say(json!({"state": 3, "data": {"room_id": "1", "content": evil, "image_url": "javascript:x"}})).await;
    let heard = hearer.said().await["data"]["content"].as_str().unwrap().to_owned();
    assert!(!heard.contains('<'), "{heard}");
    let row = six.get("/room/1", &two).await["data"]["msg_list"][0].clone();
    assert_eq!((row["content"].as_str().unwrap(), &row["image_url"]), (heard.as_str(), &json!("")));
}

#[tokio::test(flavor = "multi_thread")]
async fn moderation_holds_here() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let root = six.town.admin().await;
    let admin = six.town.chat.admin(root.who.as_ref()).unwrap();
    let list = domain::moderation::WordList::parse("spam", false).unwrap();
    six.town.chat.change_site_words(&admin, list).await.unwrap();
    let mut speaker = six.socket(&one, 1).await.unwrap();
    let mut hearer = six.socket(&two, 1).await.unwrap();
    assert_eq!(speaker.frame().await["state"], 1, "the other one came");
    speaker.say(json!({"state": 3, "data": {"room_id": "1", "content": "spam"}})).await;
    assert!(hearer.is_silent().await);
    // Whoever is banned hears nothing more, and reads nothing.
    let room = six.room(1).await;
    let host = six.town.chat.host(root.who.as_ref(), room).await.unwrap();
    let banned = six.native("user1").await;
    six.town.chat.writer(Some(&banned), room).await.unwrap();
    six.town.chat.ban(&host, banned.person.id, "").await.unwrap();
    assert_eq!(hearer.frame().await["state"], 2, "they are gone");
    hearer.say(json!({"state": 3, "data": {"room_id": "1", "content": "secret"}})).await;
    speaker.say(json!({"state": 3, "data": {"room_id": "1", "content": "me"}})).await;
    speaker.say(json!({"state": 1, "data": {"room_id": "1"}})).await;
    assert!(speaker.is_silent().await && hearer.is_silent().await);
    let refused = six.get("/room/1", &one).await;
    assert_eq!((&refused["code"], &refused["data"]), (&json!(7), &json!({})));
    assert_eq!(six.get("/room/2", &one).await["code"], 0);
    // A stranger may say five things in private.
    let uid = six.uid(&one).await;
    for i in 0..9 {
        hearer.say(json!({"state": 5, "data": {"room_id": "1", "to_uid": uid, "content": format!("m{i}")}})).await;
    }
    hearer.0.send(Message::text("ping")).await.unwrap();
    hearer.frame().await;
    assert_eq!(six.get(&format!("/pagination?uid={uid}"), &two).await["data"]["count"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_this_door_only_and_ends_with_its_sockets() {
    let six = Six::new().await;
    let one = six.person("user1").await;
    let visit = Visit { address: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: "test".into() };
    let token = six.town.chat.sign_in_at("gindemo", "user1", "password", &visit, None).await.unwrap().token;
    assert_eq!(six.socket(&token, 0).await.err(), Some(302));
    assert_eq!(six.socket("x", 0).await.err(), Some(302));
    let mut socket = six.socket(&one, 1).await.unwrap();
    six.get("/logout", &one).await;
    assert_eq!(socket.next().await, None);
    let count: Value = client().get(format!("{}/", six.base)).send().await.unwrap().json().await.unwrap();
    assert_eq!(count["data"]["OnlineUserCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn huge_frames_end_one_connection_and_nothing_else() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let mut socket = six.socket(&one, 1).await.unwrap();
    let mut other = six.socket(&two, 1).await.unwrap();
    socket.say(json!({"state": 3, "data": {"room_id": "1", "content": "字".repeat(5_000)}})).await;
    assert_eq!(other.said().await["data"]["content"].as_str().unwrap().chars().count(), 800);
    socket.say(json!({"state": 3, "data": {"room_id": "1", "content": "x".repeat(300 * 1024)}})).await;
    while socket.next().await.is_some() {}
    assert_eq!(other.frame().await["state"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_of_ours_can_be_one_of_the_six() {
    let six = Six::new().await;
    let ana = six.town.person("ana").await;
    let lobby = six.town.room("lobby", domain::room::Visibility::Public, &ana).await;
    six.town.chat.link_room("lobby", "ginchat", "1").await.unwrap();
    let token = six.person("user1").await;
    let mut socket = six.socket(&token, 1).await.unwrap();
    six.says(ana.who.as_ref().unwrap(), lobby.id, "in the lobby").await;
    assert_eq!(socket.said().await["data"]["content"], "in the lobby");
    socket.say(json!({"state": 3, "data": {"room_id": "1", "content": "hello lobby"}})).await;
    // Answered once what was said before is done.
    socket.0.send(Message::text("ping")).await.unwrap();
    assert_eq!(socket.frame().await["data"], "heartbeat ok");
    let said = six.history(ana.who.as_ref().unwrap(), lobby.id).await;
    assert_eq!(said.iter().map(|said| said.author.name.as_str()).collect::<Vec<_>>(), ["ana", "user1"]);
}

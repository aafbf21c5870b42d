//! `gindemo` (seed document 003), by the rows of its features.

mod bad_input;
mod offline;
mod rules;

use super::replay;
use crate::town::{Town, client};
use chat::{Visit, Who};
use domain::ClientId;
use futures::{SinkExt, StreamExt};
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A town with the facade; people have the password `password`.
struct Demo {
    town: Town,
    base: String,
}

impl Demo {
    async fn new() -> Self {
        Self::at(0, Vec::new()).await
    }

    async fn at(mount: usize, legacy: Vec<Facade>) -> Self {
        let old = Compat { compat: vec![Facade::Gindemo], compat_legacy_sockets: legacy, ..Compat::default() };
        let town = Town::compat(old).await;
        let base = town.mounts(Facade::Gindemo).await[mount].clone();
        Self { town, base }
    }

    async fn post(&self, path: &str, fields: Value) -> reqwest::Response {
        client().post(format!("{}{path}", self.base)).json(&fields).send().await.unwrap()
    }

    /// Registers somebody and logs them in; the cookie's value.
    async fn person(&self, name: &str) -> String {
        let fields = json!({"user_name": name, "password": "password"});
        let answer: Value = self.post("/user/register", fields.clone()).await.json().await.unwrap();
        assert_eq!(answer["status"], 41001, "{answer}");
        self.login(name).await
    }

    async fn login(&self, name: &str) -> String {
        let answer = self.post("/user/login", json!({"user_name": name, "password": "password"})).await;
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
        cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned()
    }

    async fn socket(&self, uid: &str, to: &str, cookie: Option<&str>) -> Result<Socket, u16> {
        let url = format!("{}/chat/test?uid={uid}&to_uid={to}", self.base.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        if let Some(cookie) = cookie {
            request.headers_mut().insert(COOKIE, format!("mysession={cookie}").parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => {
                let mut socket = Socket(stream);
                assert_eq!(socket.frame().await["op_type"], 40003);
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

    async fn says(&self, who: &Who, to: &str, text: &str) -> domain::RoomId {
        let room = self.town.chat.start_private(who, to).await.unwrap().id;
        let writer = self.town.chat.writer(Some(who), room).await.unwrap();
        let id = ClientId::parse(&format!("page-{:016x}", rand::random::<u64>())).unwrap();
        self.town.chat.post(&writer, &id, text).await.unwrap();
        room
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

    async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(400), self.next()).await.is_err()
    }
}

/// Replays an exchange between people called 1, 2 and 3, who are logged in, at both mounts.
async fn played(name: &str, people: &[&str]) {
    for mount in 0..2 {
        let demo = Demo::at(mount, Vec::new()).await;
        let path = if mount == 0 { "/compat/gindemo" } else { "/" };
        let mut known = vec![("path".to_owned(), path.to_owned())];
        for person in people {
            known.push((format!("cookie{person}"), demo.person(person).await));
        }
        let known: Vec<(&str, &str)> = known.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        replay(&format!("gindemo/{name}"), &demo.base, &known).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_to_f4_and_f12_accounts_and_ping() {
    played("account", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_to_f4_refusals() {
    played("account_refused", &["1", "2"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_single_messages_online() {
    played("single", &["1", "2"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_f7_f9_offline_unread_and_marked_as_read() {
    played("offline", &["1", "2"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_f8_history_and_deleting() {
    played("history", &["1", "2"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_interception() {
    played("intercepted", &["1", "2"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_group() {
    played("group", &["1", "2", "3"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_are_refused_in_their_order() {
    played("refused", &["1", "2"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_on_our_page_is_heard_here_and_the_other_way_round() {
    let demo = Demo::new().await;
    let (one, _) = (demo.person("1").await, demo.person("2").await);
    let mut socket = demo.socket("1", "2", Some(&one)).await.unwrap();
    let two = demo.native("2").await;
    // Nobody had begun to talk when the socket was opened, and it names another partner.
    let room = demo.says(&two, "1", "hello **you**").await;
    let frame = socket.frame().await;
    assert_eq!((&frame["from"], &frame["to"], &frame["op_type"]), (&json!("2"), &json!("1"), &json!(40011)));
    let (id, text) = frame["content"].as_str().unwrap().split_once('\n').unwrap();
    assert_eq!((id.len(), text), (24, "hello you"));
    // It counts as read, since its reader was here.
    let reader = demo.town.chat.reader(Some(&two), room).await.unwrap();
    for _ in 0..100 {
        if demo.town.chat.waiting_messages(&reader, 9).await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(demo.town.chat.waiting_messages(&reader, 9).await.unwrap().is_empty());
    // And back: live on our page, its words without the client's id.
    let (outbox, mut queue) = demo.town.chat.hub().connect(Some(two.clone()));
    demo.town.chat.listen(reader, &outbox, None).await.unwrap();
    socket.say(json!({"to": "2", "op_type": 1, "content": "m-1\nand you"})).await;
    assert_eq!(socket.frame().await["op_type"], 40018, "they are here, on our page");
    let mut heard = String::new();
    while !heard.contains("and you") {
        let take = tokio::time::timeout(Duration::from_secs(5), queue.next()).await.expect("a frame");
        if let chat::hub::Take::Frames(pieces) = take {
            pieces.iter().for_each(|piece| heard.push_str(&String::from_utf8_lossy(piece)));
        }
    }
    assert!(!heard.contains("m-1\\nand you"), "{heard}");
    // What our page wrote is its author's to take back.
    socket.say(json!({"op_type": 5, "content": id})).await;
    assert_eq!(socket.frame().await["content"], "删除失败not_allowed");
    socket.say(json!({"op_type": 5, "content": "m-1"})).await;
    assert_eq!(socket.frame().await["op_type"], 40013);
    let reader = demo.town.chat.reader(Some(&two), room).await.unwrap();
    let left = demo.town.chat.history(&reader, None).await.unwrap().messages;
    assert!(domain::span::recalled(&left[1].spans).is_some(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_connections_of_a_person_hear_and_one_leaves_alone() {
    let demo = Demo::new().await;
    let (one, two) = (demo.person("1").await, demo.person("2").await);
    let mut sender = demo.socket("1", "2", Some(&one)).await.unwrap();
    let mut first = demo.socket("2", "1", Some(&two)).await.unwrap();
    let mut second = demo.socket("2", "1", Some(&two)).await.unwrap();
    for text in ["a\nhello", "b\nagain"] {
        sender.say(json!({"to": "2", "op_type": 1, "content": text})).await;
        assert_eq!(sender.frame().await["op_type"], 40018);
        assert_eq!(first.frame().await["content"], text);
        if text.starts_with('a') {
            assert_eq!(second.frame().await["content"], text);
            second.0.close(None).await.unwrap();
        }
    }
    // Nothing comes back to oneself, and nobody talks to themselves.
    sender.say(json!({"to": "1", "op_type": 1, "content": "c\nme"})).await;
    assert_eq!(sender.frame().await["op_type"], 40008);
    assert!(sender.is_silent().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn blocked_people_stay_blocked() {
    let demo = Demo::new().await;
    let (one, two) = (demo.person("1").await, demo.person("2").await);
    let mut sender = demo.socket("1", "2", Some(&one)).await.unwrap();
    let mut other = demo.socket("2", "1", Some(&two)).await.unwrap();
    let (me, them) = (demo.native("1").await, demo.native("2").await);
    demo.town.chat.block(&them, me.person.id).await.unwrap();
    sender.say(json!({"to": "2", "op_type": 1, "content": "a\nhello"})).await;
    assert_eq!(sender.frame().await["op_type"], 40019, "as if they were away");
    other.say(json!({"to": "1", "op_type": 1, "content": "b\nhello"})).await;
    assert_eq!(other.frame().await["content"], "发送失败blocked");
    assert!(other.is_silent().await && sender.is_silent().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_are_not_let_through_and_long_ones() {
    let demo = Demo::new().await;
    let (one, two) = (demo.person("1").await, demo.person("2").await);
    let root = demo.town.admin().await;
    let admin = demo.town.chat.admin(root.who.as_ref()).unwrap();
    let list = domain::moderation::WordList::parse("spam", false).unwrap();
    demo.town.chat.change_site_words(&admin, list).await.unwrap();
    let mut socket = demo.socket("1", "2", Some(&one)).await.unwrap();
    let mut other = demo.socket("2", "1", Some(&two)).await.unwrap();
    for (op, content, reason) in [
        (1, "m\nspam".to_owned(), "发送失败filtered"),
        (6, "SPAM".to_owned(), "发送失败filtered"),
        (6, " ".to_owned(), "发送失败text is not valid"),
        (1, "m\n".to_owned(), "发送失败text is not valid"),
        (1, "m\na\u{0}b".to_owned(), "发送失败text is not valid"),
        (1, format!("m\n{}", "x".repeat(4_001)), "发送失败text is not valid"),
    ] {
        socket.say(json!({"to": "2", "op_type": op, "content": content})).await;
        let frame = socket.frame().await;
        assert_eq!((&frame["op_type"], &frame["content"]), (&json!(40008), &json!(reason)), "{content:.20}");
    }
    assert!(other.is_silent().await);
    // Larger than a frame may be: the connection ends, and nothing else.
    socket.say(json!({"to": "2", "op_type": 1, "content": "x".repeat(300 * 1024)})).await;
    assert_eq!(socket.next().await, None);
    other.say(json!({"to": "1", "op_type": 1, "content": "b\nhello"})).await;
    assert_eq!(other.frame().await["op_type"], 40019);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_others_open_nothing() {
    let demo = Demo::new().await;
    let (one, _, three) = (demo.person("1").await, demo.person("2").await, demo.person("3").await);
    let mut socket = demo.socket("1", "2", Some(&one)).await.unwrap();
    let mut eve = demo.socket("3", "2", Some(&three)).await.unwrap();
    socket.say(json!({"to": "2", "op_type": 1, "content": "secret\nhello"})).await;
    socket.frame().await;
    socket.say(json!({"to": "2", "op_type": 2, "content": ""})).await;
    let frame = socket.frame().await;
    let key = frame["content"].as_str().unwrap().split('\n').next().unwrap().to_owned();
    for id in ["secret", key.as_str(), "ffffffffffffffffffffffff", "", "消息id"] {
        for (op, code) in [(4, 40006), (5, 40012)] {
            eve.say(json!({"op_type": op, "content": id})).await;
            assert_eq!(eve.frame().await["op_type"], code, "{op} {id}");
        }
    }
    // Nor does the conversation of two others.
    eve.say(json!({"from": "1", "to": "2", "op_type": 2, "content": ""})).await;
    eve.say(json!({"from": "1", "to": "2", "op_type": 3, "content": ""})).await;
    assert!(eve.is_silent().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_opens_this_door_only_and_ends_with_its_sockets() {
    let demo = Demo::new().await;
    let (one, _) = (demo.person("1").await, demo.person("2").await);
    let visit = Visit { address: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: "test".into() };
    for door in ["", "ginchat", "webim"] {
        let token = match door {
            "" => demo.town.chat.sign_in("1", "password", &visit).await.unwrap().token,
            door => demo.town.chat.sign_in_at(door, "1", "password", &visit, None).await.unwrap().token,
        };
        assert_eq!(demo.socket("1", "2", Some(&token)).await.err(), Some(400), "{door}");
    }
    let second = demo.login("1").await;
    let mut socket = demo.socket("1", "2", Some(&one)).await.unwrap();
    let mut other = demo.socket("1", "2", Some(&second)).await.unwrap();
    let request = client().post(format!("{}/user/set_password", demo.base)).header(COOKIE, format!("mysession={one}"));
    let fields = json!({"user_name": "1", "old_password": "password", "new_password": "password1"});
    let answer: Value = request.json(&fields).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["status"], 41005);
    assert_eq!(other.next().await, None, "another session of the same person is over");
    let request = client().post(format!("{}/user/logout", demo.base)).header(COOKIE, format!("mysession={one}"));
    request.json(&json!({"user_name": "1"})).send().await.unwrap();
    assert_eq!(socket.next().await, None);
    assert_eq!(demo.socket("1", "2", Some(&one)).await.err(), Some(400));
}

#[tokio::test(flavor = "multi_thread")]
async fn legacy_sockets_are_for_those_who_registered_here() {
    let demo = Demo::at(1, vec![Facade::Gindemo]).await;
    demo.person("1").await;
    demo.person("2").await;
    demo.town.person("native").await;
    let mut socket = demo.socket("1", "native", None).await.unwrap();
    assert_eq!(demo.socket("native", "1", None).await.err(), Some(400));
    // A cookie of somebody else makes nobody else.
    let two = demo.login("2").await;
    let mut other = demo.socket("2", "1", Some(&two)).await.unwrap();
    socket.say(json!({"from": "2", "to": "2", "op_type": 1, "content": "a\nhello"})).await;
    assert_eq!(socket.frame().await["op_type"], 40018);
    assert_eq!(other.frame().await["from"], "1");
    let who = demo.native("1").await;
    let before = demo.town.chat.hub().sessions_of(who.person.id);
    assert_eq!(before.len(), 1);
    drop(socket);
    let visit = Visit { address: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: "test".into() };
    assert!(demo.town.chat.register_at("1", "x", &visit).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_is_told_to_its_end() {
    let demo = Demo::new().await;
    let (one, _) = (demo.person("1").await, demo.person("2").await);
    let two = demo.native("2").await;
    let room = demo.says(&two, "1", "0").await;
    let me = demo.native("1").await;
    demo.says(&me, "2", "an answer").await;
    let writer = demo.town.chat.writer(Some(&two), room).await.unwrap();
    for i in 0..1_000 {
        let id = ClientId::parse(&format!("many-{i}")).unwrap();
        demo.town.chat.post(&writer, &id, &i.to_string()).await.unwrap();
    }
    let mut socket = demo.socket("1", "2", Some(&one)).await.unwrap();
    socket.say(json!({"to": "2", "op_type": 2, "content": ""})).await;
    for _ in 0..999 {
        assert_eq!(socket.frame().await["op_type"], 40005);
    }
    assert!(socket.is_silent().await);
}

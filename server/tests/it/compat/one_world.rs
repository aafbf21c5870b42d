//! What the protocols share: rooms that are linked, and private talk, whichever protocol each side uses.

use crate::town::{Browser, PASSWORD, Socket, Terms, Town, client};
use chat::Visit;
use domain::message::Message as Said;
use domain::room::Visibility;
use domain::{ClientId, RoomId, span};
use futures::SinkExt;
use serde_json::{Value, json};
use server::compat::settings::Facade;
use std::net::{IpAddr, Ipv4Addr};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// A town where nobody speaks an old protocol before [`World::opens`].
pub struct World {
    pub town: Town,
}

impl World {
    pub async fn new() -> Self {
        Self { town: Town::on(Terms::old()).await }
    }

    /// Opens a facade; where it is.
    pub async fn opens(&self, facade: Facade) -> String {
        facade.open(&self.town.house).await.unwrap();
        let [_, alone] = self.town.mounts(facade).await;
        alone
    }

    /// The token of somebody who comes in by a facade.
    pub async fn token(&self, facade: Facade, name: &str) -> String {
        let visit = Visit { address: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: "test".into() };
        self.town.chat.sign_in_at(facade.name(), name, PASSWORD, &visit, None).await.unwrap().token
    }

    /// In room 2 of webim.
    pub async fn webim(&self, base: &str, name: &str) -> Socket {
        let token = self.token(Facade::Webim, name).await;
        let mut socket = socket(&format!("{base}/ws/join?token={token}&room=2"), None).await;
        hears(&mut socket, |frame| frame["Type"] == 0).await;
        socket
    }

    /// In a room of ginchat.
    pub async fn ginchat(&self, base: &str, name: &str, room: u8) -> Socket {
        let token = self.token(Facade::Ginchat, name).await;
        let mut socket = socket(&format!("{base}/ws"), Some(("token", &token))).await;
        say(&mut socket, json!({"state": 1, "data": {"room_id": room.to_string()}})).await;
        answered(&mut socket).await;
        socket
    }

    /// In tyut's lobby.
    pub async fn lobby(&self, base: &str, name: &str) -> Socket {
        let token = self.token(Facade::Tyut, name).await;
        let mut socket = socket(&format!("{base}/api/chat_groups?Authorization=bearer%20{token}"), None).await;
        say(&mut socket, json!("?")).await;
        hears(&mut socket, |frame| frame["content"] == "参数绑定失败").await;
        socket
    }

    /// One who wants to talk with another one in tyut.
    async fn tyut(&self, base: &str, name: &str, other: &str) -> Socket {
        let token = self.token(Facade::Tyut, name).await;
        let request = client().get(format!("{base}/api/users?limit=100")).bearer_auth(&token);
        let listed: Value = request.send().await.unwrap().json().await.unwrap();
        let lines = listed["data"]["list"].as_array().unwrap();
        let line = lines.iter().find(|line| line["user_name"] == other).unwrap();
        let target = line["user_id"].as_str().unwrap();
        let path = format!("/api/chat_private?target_id={target}&Authorization=bearer%20{token}");
        let mut socket = socket(&format!("{base}{path}"), None).await;
        say(&mut socket, json!("?")).await;
        hears(&mut socket, |frame| frame["content"] == "消息解析失败").await;
        socket
    }

    async fn gindemo(&self, base: &str, name: &str, other: &str) -> Socket {
        let cookie = format!("mysession={}", self.token(Facade::Gindemo, name).await);
        let url = format!("{base}/chat/test?uid={name}&to_uid={other}");
        let mut socket = socket(&url, Some(("cookie", &cookie))).await;
        hears(&mut socket, |frame| frame["op_type"] == 40003).await;
        socket
    }

    /// Says something on our page.
    pub async fn says(&self, who: &Browser, room: RoomId, text: &str) {
        let writer = self.town.chat.writer(who.who.as_ref(), room).await.unwrap();
        let id = ClientId::parse(&format!("page-{:016x}", rand::random::<u64>())).unwrap();
        self.town.chat.post(&writer, &id, text).await.unwrap();
    }

    /// What ginchat's history has of somebody and another one, oldest first.
    async fn rows(&self, base: &str, name: &str, other: &Browser) -> Vec<Value> {
        let url = format!("{base}/pagination?uid={}", number(other));
        let request = client().get(url).header("token", self.token(Facade::Ginchat, name).await);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["data"]["list"].as_array().cloned().unwrap_or_default()
    }
}

fn number(browser: &Browser) -> i64 {
    browser.who.as_ref().unwrap().person.id.0
}

async fn socket(url: &str, header: Option<(&'static str, &str)>) -> Socket {
    let mut request = url.replacen("http", "ws", 1).into_client_request().unwrap();
    if let Some((name, value)) = header {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    Socket(connect_async(request).await.unwrap().0)
}

/// A text is sent as it is, everything else as JSON.
pub async fn say(socket: &mut Socket, what: Value) {
    let text = what.as_str().map_or_else(|| what.to_string(), str::to_owned);
    socket.0.send(Message::text(text)).await.unwrap();
}

/// The next frame that is one of these.
pub async fn hears(socket: &mut Socket, is_one: impl Fn(&Value) -> bool) -> Value {
    loop {
        let frame: Value = serde_json::from_str(socket.next().await.to_text().unwrap()).unwrap();
        if is_one(&frame) {
            return frame;
        }
    }
}

/// Once ginchat has done all that was asked of it before.
pub async fn answered(socket: &mut Socket) {
    say(socket, json!("ping")).await;
    hears(socket, |frame| frame["data"] == "heartbeat ok").await;
}

/// What is heard next in a linked room, on the page and in the three protocols.
async fn heard(page: &mut Socket) -> (String, String) {
    loop {
        let event = page.hears("event").await;
        if event["what"]["said"].is_object() {
            let said: Said = serde_json::from_value(event["what"]["said"]["message"].clone()).unwrap();
            return (said.author.name, span::plain(&said.spans));
        }
    }
}

async fn heard_by_webim(socket: &mut Socket) -> (String, String) {
    let frame = hears(socket, |frame| frame["Type"] == 2).await;
    assert_eq!(frame["Room"], 2, "{frame}");
    pair(&frame["User"], &frame["Content"])
}

async fn heard_by_ginchat(socket: &mut Socket) -> (String, String) {
    let frame = hears(socket, |frame| frame["state"] == 3).await;
    assert_eq!(frame["data"]["room_id"], "3", "{frame}");
    pair(&frame["data"]["username"], &frame["data"]["content"])
}

async fn heard_by_tyut(socket: &mut Socket) -> (String, String) {
    let frame = hears(socket, |frame| frame["msg_type"] == 4).await;
    pair(&frame["username"], &frame["content"])
}

fn pair(name: &Value, words: &Value) -> (String, String) {
    (name.as_str().unwrap().to_owned(), words.as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_linked_room_every_protocol_and_the_page_hear_each_other() {
    let world = World::new().await;
    let chat = &world.town.chat;
    let (root, ana) = (world.town.admin().await, world.town.person("ana").await);
    for name in ["gus", "tim"] {
        world.town.person(name).await;
    }
    let room = world.town.room("hall", Visibility::Public, &root).await;
    for (system, name) in [("webim", "2"), ("ginchat", "3"), ("tyut", "globaluser")] {
        assert!(chat.link_room("hall", system, name).await.unwrap().is_none(), "{system}");
    }
    let mut page = ana.socket().await;
    assert_eq!(page.enter(&room, None).await["kind"], "entered");
    let numbered = world.opens(Facade::Webim).await;
    let mut webim = world.webim(&numbered, "root").await;
    let mut ginchat = world.ginchat(&world.opens(Facade::Ginchat).await, "gus", 3).await;
    let mut tyut = world.lobby(&world.opens(Facade::Tyut).await, "tim").await;
    let mut all = Vec::new();
    // Each says two lines, in its own way; ginchat alone does not hear what it says itself.
    for speaker in ["root", "gus", "tim", "ana"] {
        match speaker {
            "root" => say(&mut webim, json!("root & co\n2 < 3")).await,
            "gus" => {
                let content = "gus &amp; co<br/>2 &lt; 3";
                say(&mut ginchat, json!({"state": 3, "data": {"room_id": "3", "content": content}})).await;
            }
            "tim" => say(&mut tyut, json!({"content": "tim & co\n2 < 3", "msg_type": 4})).await,
            _ => world.says(&ana, room.id, "ana & co\n2 < 3").await,
        }
        let said = |words: String| (speaker.to_owned(), words);
        let lines = said(format!("{speaker} & co\n2 < 3"));
        assert_eq!(heard(&mut page).await, said(format!("{speaker} & co 2 < 3")));
        assert_eq!(heard_by_webim(&mut webim).await, lines);
        assert_eq!(heard_by_tyut(&mut tyut).await, lines);
        if speaker != "gus" {
            assert_eq!(heard_by_ginchat(&mut ginchat).await, said(format!("{speaker} &amp; co<br/>2 &lt; 3")));
        }
        all.insert(0, lines);
    }
    let token = world.token(Facade::Webim, "root").await;
    let listed = client().get(format!("{numbered}/api/chats?room=2")).bearer_auth(token).send().await.unwrap();
    let listed: Value = listed.json().await.unwrap();
    let list = listed["data"].as_array().unwrap();
    assert_eq!(list.iter().map(|chat| pair(&chat["User"], &chat["url"])).collect::<Vec<_>>(), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_gindemo_says_in_private_is_state_5_in_ginchat_and_the_other_way_round() {
    let world = World::new().await;
    let (ana, bo) = (world.town.person("ana").await, world.town.person("bo").await);
    let (demo, six) = (world.opens(Facade::Gindemo).await, world.opens(Facade::Ginchat).await);
    let mut theirs = world.ginchat(&six, "bo", 4).await;
    let mut hers = world.gindemo(&demo, "ana", "bo").await;
    say(&mut hers, json!({"to": "bo", "op_type": 1, "content": "m-1\nhello\n2 < 3"})).await;
    let told = hears(&mut hers, |frame| frame["from"] == "System").await;
    let here = json!({
        "from": "System", "to": "ana", "type": 1, "op_type": 40018, "content": "接收方在线", "msg": "websocket 用户在线",
    });
    assert_eq!(told, here);
    let mut frame = hears(&mut theirs, |frame| frame["state"] == 5).await;
    assert!(frame["data"]["time"].take().is_i64());
    let expected = json!({"state": 5, "status": 5, "conn": {}, "data": {
        "uid": number(&ana).to_string(), "username": "ana", "avatar_id": "1", "to_uid": "",
        "content": "hello<br/>2 &lt; 3", "image_url": "", "room_id": "4", "count": 0, "list": null, "time": null,
    }});
    assert_eq!(frame, expected);
    let answer = json!({"room_id": "4", "to_uid": number(&ana).to_string(), "content": "yes<br/>&amp; you?"});
    say(&mut theirs, json!({"state": 5, "data": answer})).await;
    let mut frame = hears(&mut hers, |frame| frame["from"] == "bo").await;
    let content = frame["content"].take();
    let (id, words) = content.as_str().unwrap().split_once('\n').unwrap();
    assert!(id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(words, "yes\n& you?");
    let expected = json!({
        "from": "bo", "to": "ana", "type": 1, "op_type": 40011, "content": null, "msg": "websocket 接收消息成功",
    });
    assert_eq!(frame, expected);
    // Found by both; the one that came by the other protocol was said in no room.
    answered(&mut theirs).await;
    for (name, other) in [("bo", &ana), ("ana", &bo)] {
        let rows = world.rows(&six, name, other).await;
        let row = |row: &Value| {
            let keys = ["user_id", "to_user_id", "username", "room_id", "content"];
            keys.map(|key| row[key].clone())
        };
        let (hers, his) = (number(&ana), number(&bo));
        let first = [json!(hers), json!(his), json!("ana"), json!(0), json!("hello<br/>2 &lt; 3")];
        let second = [json!(his), json!(hers), json!("bo"), json!(4), json!("yes<br/>&amp; you?")];
        assert_eq!(rows.iter().map(row).collect::<Vec<_>>(), [first, second], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_is_so_by_the_rule_of_the_protocol_that_says_it() {
    let world = World::new().await;
    let (ana, bo) = (world.town.person("ana").await, world.town.person("bo").await);
    let (demo, six) = (world.opens(Facade::Gindemo).await, world.opens(Facade::Ginchat).await);
    let campus = world.opens(Facade::Tyut).await;
    // gindemo says so and keeps it, ginchat keeps it and says nothing, tyut says so and keeps nothing.
    let mut hers = world.gindemo(&demo, "ana", "bo").await;
    say(&mut hers, json!({"to": "bo", "op_type": 1, "content": "m-1\nfrom gindemo"})).await;
    let told = hears(&mut hers, |frame| frame["from"] == "System").await;
    assert_eq!((&told["op_type"], &told["content"]), (&json!(40019), &json!("接收方不在线")));
    let mut room = world.ginchat(&six, "ana", 1).await;
    let private = json!({"room_id": "1", "to_uid": number(&bo).to_string(), "content": "from ginchat"});
    say(&mut room, json!({"state": 5, "data": private})).await;
    answered(&mut room).await;
    let mut pair = world.tyut(&campus, "ana", "bo").await;
    say(&mut pair, json!({"content": "from tyut", "msg_type": 4})).await;
    let told = hears(&mut pair, |_| true).await;
    assert_eq!((&told["msg_type"], &told["content"]), (&json!(1), &json!("目标用户不在线")));
    let rows = world.rows(&six, "bo", &ana).await;
    let kept: Vec<&Value> = rows.iter().map(|row| &row["content"]).collect();
    assert_eq!(kept, ["from gindemo", "from ginchat"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tyut_talks_only_with_whoever_is_there_by_tyut_but_all_hear_what_is_said() {
    let world = World::new().await;
    for name in ["ana", "bo"] {
        world.town.person(name).await;
    }
    let (demo, campus) = (world.opens(Facade::Gindemo).await, world.opens(Facade::Tyut).await);
    let mut his = world.gindemo(&demo, "bo", "ana").await;
    let mut hers = world.tyut(&campus, "ana", "bo").await;
    say(&mut hers, json!({"content": "lost", "msg_type": 4})).await;
    let told = hears(&mut hers, |_| true).await;
    assert_eq!((&told["msg_type"], &told["content"]), (&json!(1), &json!("目标用户不在线")));
    let mut there = world.tyut(&campus, "bo", "ana").await;
    say(&mut hers, json!({"content": "hello", "msg_type": 4})).await;
    for socket in [&mut hers, &mut there] {
        let frame = hears(socket, |_| true).await;
        let said = [&frame["username"], &frame["target_name"], &frame["msg_type"], &frame["content"]];
        assert_eq!(said, [&json!("ana"), &json!("bo"), &json!(4), &json!("hello")]);
    }
    // The first that he hears elsewhere: what was refused was not said.
    let frame = hears(&mut his, |_| true).await;
    assert_eq!((&frame["from"], &frame["op_type"]), (&json!("ana"), &json!(40011)));
    assert_eq!(frame["content"].as_str().unwrap().split_once('\n').unwrap().1, "hello");
    say(&mut his, json!({"to": "ana", "op_type": 1, "content": "m-1\nand you"})).await;
    assert_eq!(hears(&mut his, |_| true).await["op_type"], 40018);
    for socket in [&mut hers, &mut there] {
        let frame = hears(socket, |_| true).await;
        let said = [&frame["username"], &frame["target_name"], &frame["msg_type"], &frame["content"]];
        assert_eq!(said, [&json!("bo"), &json!("ana"), &json!(4), &json!("and you")], "without the client's id");
    }
}

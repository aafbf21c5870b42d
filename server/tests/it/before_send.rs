//! Whatever door something is said at, the operator's site is asked first; and without its word
//! nothing is kept.

use crate::api::Program;
use crate::attachments::sends;
use crate::town::{PASSWORD, Socket, Town, client};
use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chat::{BeforeSend, Clock, Keeper, OnFailure, Visit};
use domain::room::Visibility;
use futures::SinkExt;
use reqwest::header::{ACCEPT, CONTENT_TYPE, SET_COOKIE};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// The operator's site: what it answers, and what it was asked.
#[derive(Clone)]
struct Site(Arc<Mutex<(Value, Vec<Value>)>>);

impl Site {
    async fn begins() -> (Self, BeforeSend) {
        let site = Self(Arc::new(Mutex::new((json!({"verdict": "pass"}), Vec::new()))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/check", listener.local_addr().unwrap());
        let answers = site.clone();
        let router = Router::new().route("/check", post(async move |headers, body| answers.answer(&headers, body)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (site, BeforeSend::new(&url, Some(KEY), OnFailure::Closed).unwrap())
    }

    fn answer(&self, headers: &HeaderMap, body: Bytes) -> Response {
        let text = |name: &str| headers[name].to_str().unwrap().to_owned();
        let theirs = text("x-salon-signature");
        assert_eq!(theirs, signature(&[text("x-salon-timestamp").as_bytes(), b".", &body].concat()));
        let mut site = self.0.lock().unwrap();
        site.1.push(serde_json::from_slice(&body).unwrap());
        let said = site.0.to_string();
        ([("x-salon-signature", signature(format!("{theirs}.{said}").as_bytes()))], said).into_response()
    }

    fn says(&self, word: Value) {
        self.0.lock().unwrap().0 = word;
    }

    /// What it was asked since this was asked last.
    fn asked(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap().1)
    }

    /// The one thing that it was asked about: its kind, where, and through which door.
    fn asked_once(&self) -> [Value; 3] {
        let asked = self.asked();
        let [one] = &asked[..] else { panic!("{asked:?}") };
        ["kind", "room", "door"].map(|field| one[field].clone())
    }
}

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

/// HMAC-SHA256 (RFC 2104), from the digest alone.
fn signature(message: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let mut key = [0; 64];
    key[..KEY.len()].copy_from_slice(KEY);
    let padded = |pad: u8, rest: &[u8]| Sha256::digest([&key.map(|byte| byte ^ pad)[..], rest].concat());
    let outer = padded(0x5c, padded(0x36, message).as_slice());
    let digits: String = outer.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

async fn asked_town(facades: Vec<Facade>) -> (Town, Site) {
    let (site, hook) = Site::begins().await;
    (Town::asks(hook, Compat { compat: facades, ..Compat::default() }).await, site)
}

/// How many messages the house keeps, wherever.
async fn kept(town: &Town) -> u64 {
    let keeper = Keeper::open(chat::Place { data: town.data(), database: None }).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copied = keeper.backup(&folder.path().join("copy"), &Clock::system()).await.unwrap();
    keeper.close().await.unwrap();
    copied.messages
}

/// A socket of a facade.
async fn opens(base: &str, path: &str, headers: &[(&'static str, String)]) -> Socket {
    let mut request = format!("{}{path}", base.replacen("http", "ws", 1)).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    Socket(connect_async(request).await.unwrap().0)
}

async fn says(socket: &mut Socket, frame: Value) {
    socket.0.send(Message::text(frame.to_string())).await.unwrap();
}

/// The next frame of a facade that `fits`.
async fn hears(socket: &mut Socket, fits: impl Fn(&Value) -> bool) -> Value {
    loop {
        let frame: Value = serde_json::from_str(socket.next().await.to_text().unwrap()).unwrap();
        if fits(&frame) {
            return frame;
        }
    }
}

async fn ask(url: String, headers: &[(&str, &str)], body: Value) -> reqwest::Response {
    let request = headers.iter().fold(client().post(url), |request, (name, value)| request.header(*name, *value));
    request.json(&body).send().await.unwrap()
}

const REASON: &str = "no links";

fn refuse() -> Value {
    json!({"verdict": "refuse", "reason": REASON})
}

/// What a form is led back with.
fn led_back(answer: &reqwest::Response) -> Value {
    let place = answer.headers()["location"].to_str().unwrap();
    let query = place.split_once('?').unwrap_or_else(|| panic!("let in: {place}")).1;
    let problem = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "problem").unwrap().1;
    serde_json::from_str(&problem).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_of_our_own_asks_first() {
    let (town, site) = asked_town(Vec::new()).await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let side = town.room("side", Visibility::Public, &ana).await;
    town.says(&ben, &room, "first", "first").await;
    let program = Program::keyed(&town, "ben", &["read", "write"]).await;
    let file = sends(&ben, &room, "plan.txt", b"a plan").await;
    site.asked();
    site.says(refuse());
    let problem = json!({"code": "objected", "reason": REASON});
    let (hall, there) = (room.id.to_string(), side.id.to_string());
    let asked = |kind: &str, room: &str, door: &str| [json!(kind), json!(room), json!(door)];

    let mut socket = ben.socket().await;
    socket.enter(&room, None).await;
    let with_file = json!({"room": room.id, "client_id": "s2", "text": "", "files": [file["blob"]]});
    for post in [json!({"room": room.id, "client_id": "s1", "text": "look"}), with_file] {
        socket.send("post", post.clone()).await;
        assert_eq!(socket.hears("refused").await["problem"], problem, "{post}");
        assert_eq!(site.asked_once(), asked("message", "hall", "page"));
    }
    for (call, fields, kind, place) in [
        ("post-message", vec![("room", &*hall), ("client_id", "c1"), ("text", "x")], "message", "hall"),
        ("edit-message", vec![("room", &hall), ("message", "1"), ("text", "y")], "edit", "hall"),
        (
            "forward-message",
            vec![("room", &hall), ("message", "1"), ("to", &there), ("client_id", "c2")],
            "forward",
            "side",
        ),
    ] {
        assert_eq!(ben.call(call, &fields).await, (StatusCode::UNPROCESSABLE_ENTITY, problem.clone()), "{call}");
        assert_eq!(site.asked_once(), asked(kind, place, "page"));
        assert_eq!(led_back(&ben.submit(call, "/r/hall/messages/1", &fields).await), problem, "{call}");
        assert_eq!(site.asked_once(), asked(kind, place, "page"));
    }
    let form = Form::new().text("room", "1").text("client_id", "f1").text("text", "");
    let form = form.part("files", Part::bytes(b"a plan".to_vec()).file_name("secret.txt"));
    let path = format!("/upload/message/{}?from=/r/hall", room.id);
    let answer = ben.request(Method::POST, &path).header(ACCEPT, "text/html").multipart(form).send().await.unwrap();
    assert_eq!(led_back(&answer), problem);
    let [question] = &site.asked()[..] else { panic!("not asked once") };
    assert_eq!((&question["files"], &question["text"]), (&json!(["secret.txt"]), &json!("")));

    let (status, answer) = program.post("/rooms/hall/messages", json!({"text": "x"})).await;
    assert_eq!((status.as_u16(), &answer["code"], &answer["reason"]), (422, &json!("objected"), &json!(REASON)));
    assert_eq!(site.asked_once(), asked("message", "hall", "key"));
    let edit = Some(json!({"text": "y"}));
    let (status, answer) = program.ask(Method::PATCH, "/rooms/hall/messages/1", edit).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &json!("objected")));
    assert_eq!(site.asked_once(), asked("edit", "hall", "key"));
    let (status, answer) = program.post("/rooms/@ana/messages", json!({"text": "psst"})).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &json!("objected")));
    assert_eq!(site.asked_once(), asked("message", "@ana", "key"));

    assert_eq!(kept(&town).await, 1);
    let (_, there) = program.get("/rooms/hall/messages/1").await;
    assert_eq!(there["text"], "first");
    // The same again once the site lets it: also under the same key, since nothing was answered for good.
    site.says(json!("noise"));
    let request = |key| program.request(Method::POST, "/rooms/hall/messages").header("idempotency-key", key);
    let answer = request("k1").json(&json!({"text": "again"})).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().contains_key("retry-after")), (503, true));
    site.says(json!({"verdict": "pass"}));
    assert_eq!(request("k1").json(&json!({"text": "again"})).send().await.unwrap().status(), 201);
    socket.send("post", json!({"room": room.id, "client_id": "s1", "text": "look"})).await;
    socket.hears("posted").await;
    assert_eq!(kept(&town).await, 3);
    site.says(json!({"verdict": "hold"}));
    socket.send("post", json!({"room": room.id, "client_id": "s3", "text": "wait"})).await;
    assert_eq!(socket.hears("refused").await["problem"]["code"], "held");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_facade_asks_first() {
    use Facade::{Ginchat, Gindemo, Simple, Tyut, Webim};
    let (town, site) = asked_town(vec![Ginchat, Gindemo, Simple, Tyut, Webim]).await;
    let base = |facade: Facade| format!("{}/compat/{}", town.base(), facade.name());
    town.admin().await;
    site.says(refuse());

    let log_in = ask(format!("{}/login", base(Webim)), &[], json!({"name": "root", "password": PASSWORD})).await;
    let token = log_in.json::<Value>().await.unwrap()["data"]["token"].as_str().unwrap().to_owned();
    let mut webim = opens(&base(Webim), &format!("/ws/join?token={token}&room=1"), &[]).await;
    webim.0.send(Message::text("你好")).await.unwrap();
    let told = hears(&mut webim, |frame| frame["Type"] == 2).await;
    assert!(told["Content"].as_str().unwrap().contains(REASON), "{told}");
    assert_eq!(site.asked_once()[2], "webim");

    let visit = Visit { address: [127, 0, 0, 1].into(), user_agent: "test".into() };
    let token = town.chat.sign_in_at("tyut", "root", PASSWORD, &visit, None).await.unwrap().token;
    let path = format!("/api/chat_groups?Authorization=bearer%20{token}");
    let mut tyut = opens(&base(Tyut), &path, &[]).await;
    says(&mut tyut, json!({"content": "hello", "msg_type": 4})).await;
    let told = hears(&mut tyut, |_| true).await;
    assert_eq!((&told["msg_type"], &told["content"]), (&json!(1), &json!("发送消息失败")), "{told}");
    assert_eq!(site.asked_once()[2], "tyut");

    let key = town.chat.add_key("shop", None, &["simple"]).await.unwrap();
    let mut tokens = Vec::new();
    for user in ["7", "8"] {
        let url = format!("{}/user/get_login_token", base(Simple));
        let answer: Value = ask(url, &[("x-api-key", &key)], json!({"user_id": user})).await.json().await.unwrap();
        tokens.push(answer["data"]["token"].as_str().unwrap().to_owned());
    }
    let single = json!({"to_user_id": "8", "message": "hello"});
    let answer = ask(format!("{}/rm/room/single_message", base(Simple)), &[("token", &tokens[0])], single).await;
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], -1);
    assert!(site.asked_once()[2].as_str().unwrap().starts_with("simple"));

    let mut cookies = Vec::new();
    for user in ["1", "2"] {
        let fields = json!({"user_name": user, "password": "password"});
        ask(format!("{}/user/register", base(Gindemo)), &[], fields.clone()).await;
        let answer = ask(format!("{}/user/login", base(Gindemo)), &[], fields).await;
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        cookies.push(cookie);
    }
    let mut one = opens(&base(Gindemo), "/chat/test?uid=1&to_uid=2", &[("cookie", cookies[0].clone())]).await;
    let mut two = opens(&base(Gindemo), "/chat/test?uid=2&to_uid=1", &[("cookie", cookies[1].clone())]).await;
    for (kind, asked) in [(1, "message"), (6, "aloud")] {
        says(&mut one, json!({"to": "2", "op_type": kind, "content": "hello"})).await;
        let told = hears(&mut one, |frame| frame["op_type"] != 40003).await;
        assert!(told["content"].as_str().unwrap().contains("objected"), "{told}");
        assert_eq!(
            site.asked_once(),
            [json!(asked), if kind == 1 { json!("@2") } else { Value::Null }, json!("gindemo")]
        );
    }

    let fields = json!({"username": "user1", "password": "password", "avatar_id": "1231"});
    let answer = ask(format!("{}/login", base(Ginchat)), &[(CONTENT_TYPE.as_str(), "application/json")], fields).await;
    let token = answer.headers()["token"].to_str().unwrap().to_owned();
    let mut ginchat = opens(&base(Ginchat), "/ws", &[("token", token)]).await;
    says(&mut ginchat, json!({"state": 1, "data": {"room_id": "1"}})).await;
    says(&mut ginchat, json!({"state": 3, "data": {"room_id": "1", "content": "hello"}})).await;
    ginchat.0.send(Message::text("ping")).await.unwrap();
    hears(&mut ginchat, |frame| frame["data"] == "heartbeat ok").await;
    assert_eq!(site.asked_once()[2], "ginchat");

    assert_eq!(kept(&town).await, 0);
    // And when it passes, they hear it.
    site.says(json!({"verdict": "pass"}));
    says(&mut one, json!({"to": "2", "op_type": 6, "content": "hello all"})).await;
    let heard = hears(&mut two, |frame| frame["op_type"] != 40003).await;
    assert!(heard["content"].as_str().unwrap().contains("hello all"), "nothing before that: {heard}");
    webim.0.send(Message::text("你好")).await.unwrap();
    assert_eq!(hears(&mut webim, |frame| frame["Type"] == 2).await["Content"], "你好");
    assert_eq!(kept(&town).await, 1);
}

//! How often somebody may do something is limited as everywhere; each protocol says so in its own words.

use super::png;
use crate::town::{Browser, PASSWORD, Socket, Terms, Town, client};
use chat::{Error, Limits, Problem, Visit};
use domain::ClientId;
use domain::room::{Room, Visibility};
use futures::SinkExt;
use futures::future::join_all;
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// More than anybody may do at once of anything that is tried here.
const MANY: usize = 150;

struct Hurry {
    base: String,
    town: Town,
}

impl Hurry {
    async fn new(facade: Facade, limits: Limits) -> Self {
        let old = Compat { compat: vec![facade], ..Compat::default() };
        let town = Town::on(Terms { limits, old, ..Terms::old() }).await;
        Self { base: format!("{}/compat/{}", town.base(), facade.name()), town }
    }

    async fn posts(&self, path: &str, header: (&'static str, &str), fields: Value) -> Value {
        let request = client().post(format!("{}{path}", self.base)).header(header.0, header.1);
        let answer = request.json(&fields).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Does it until the answer is another one than at first: how often it was done, and that answer.
    async fn until_refused(
        &self,
        path: &str,
        header: (&'static str, &str),
        fields: impl Fn(usize) -> Value,
    ) -> (usize, Value) {
        let key = |answer: &Value| answer.get("status").or(answer.get("msg")).cloned();
        let first = self.posts(path, header, fields(0)).await;
        for n in 1..MANY {
            let answer = self.posts(path, header, fields(n)).await;
            if key(&answer) != key(&first) {
                return (n, answer);
            }
        }
        panic!("{path} is not limited")
    }

    /// The token of somebody who comes in by the facade.
    async fn token(&self, facade: Facade, name: &str) -> String {
        let visit = Visit { address: [10, 9, 9, 9].into(), user_agent: "test".into() };
        self.town.chat.sign_in_at(facade.name(), name, PASSWORD, &visit, None).await.unwrap().token
    }

    async fn socket(&self, path: &str, header: (&'static str, &str)) -> Socket {
        let mut request = format!("{}{path}", self.base.replacen("http", "ws", 1)).into_client_request().unwrap();
        request.headers_mut().insert(header.0, header.1.parse().unwrap());
        Socket(connect_async(request).await.unwrap().0)
    }
}

/// Somebody who says as much as they may where no facade hears it, and then something more.
struct Hasty<'a> {
    town: &'a Town,
    person: &'a Browser,
    den: Room,
}

impl<'a> Hasty<'a> {
    async fn new(town: &'a Town, person: &'a Browser) -> Self {
        let den = town.room("den", Visibility::Private, person).await;
        Self { town, person, den }
    }

    async fn is_out_of_breath(&self) {
        let chat = &self.town.chat;
        let writer = chat.writer(self.person.who.as_ref(), self.den.id).await.unwrap();
        for _ in 0..MANY {
            let id = ClientId::parse(&format!("den-{:016x}", rand::random::<u64>())).unwrap();
            match chat.post(&writer, &id, "quick").await {
                Ok(_) => {}
                Err(Error::Problem(Problem::TooFast { .. })) => return,
                Err(other) => panic!("{other}"),
            }
        }
        panic!("they may say whatever they like")
    }

    /// The frame that is told of it. One thing may be said each second, so this one may have been let
    /// through: then they try again.
    async fn is_told(&self, socket: &mut Socket, said: &str, is_it: impl Fn(&Value) -> Option<bool>) -> Value {
        for _ in 0..MANY {
            self.is_out_of_breath().await;
            socket.0.send(Message::text(said)).await.unwrap();
            loop {
                let frame: Value = serde_json::from_str(socket.next().await.to_text().unwrap()).unwrap();
                match is_it(&frame) {
                    Some(true) => return frame,
                    Some(false) => break,
                    None => {}
                }
            }
        }
        panic!("{said} is always let through")
    }
}

const PLAIN: (&str, &str) = ("accept", "*/*");

#[tokio::test(flavor = "multi_thread")]
async fn simple_says_what_did_not_come_about() {
    let hurry = Hurry::new(Facade::Simple, Limits::default()).await;
    let key = hurry.town.chat.add_key("shop", None, &["simple"]).await.unwrap();
    let mut tokens = Vec::new();
    for user in ["ana", "bo", "cy"] {
        let fields = json!({"user_id": user});
        let answer = hurry.posts("/user/get_login_token", ("x-api-key", &key), fields).await;
        tokens.push(answer["data"]["token"].as_str().unwrap().to_owned());
    }
    let [ana, bo, cy] = [0, 1, 2].map(|i| ("token", tokens[i].as_str()));
    let room = hurry.posts("/rm/room/create_room", bo, json!({})).await["data"]["roomId"].clone();
    let refused = |text: &str| json!({"code": -1, "msg": text});
    let (made, answer) = hurry.until_refused("/rm/room/create_room", ana, |_| json!({})).await;
    assert_eq!((made >= 10, answer), (true, refused("创建房间成功，请重新进入房间")), "{made}");
    let message = |n: usize| json!({"room_id": room, "message": n.to_string()});
    let (said, answer) = hurry.until_refused("/rm/room/room_message", bo, message).await;
    assert_eq!((said >= 60, answer), (true, refused("系统错误")), "{said}");
    let message = |n: usize| json!({"to_user_id": "bo", "message": n.to_string()});
    let (said, answer) = hurry.until_refused("/rm/room/single_message", cy, message).await;
    assert_eq!((said >= 60, answer), (true, refused("发送失败")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn gindemo_says_what_failed_and_that_it_was_too_fast() {
    let hurry = Hurry::new(Facade::Gindemo, Limits::default()).await;
    let too_fast = |status: u32, msg: &str| json!({"status": status, "data": null, "msg": msg, "error": "too_fast"});
    let fields = |n: usize| json!({"user_name": format!("user{n}"), "password": "password"});
    let (made, answer) = hurry.until_refused("/user/register", PLAIN, fields).await;
    assert_eq!((made >= 3, answer), (true, too_fast(41000, "用户 注册失败")), "{made}");
    let wrong = |_| json!({"user_name": "user0", "password": "wrong"});
    let (tried, answer) = hurry.until_refused("/user/login", PLAIN, wrong).await;
    assert_eq!((tried >= 5, answer), (true, too_fast(41002, "用户 登录失败")), "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ginchat_has_one_word_for_it() {
    let hurry = Hurry::new(Facade::Ginchat, Limits::default()).await;
    let unknown = json!({"code": 7, "data": {}, "msg": "未知错误"});
    let fields = |n: usize| json!({"username": format!("user{n}"), "password": "password", "avatar_id": "1"});
    let (made, answer) = hurry.until_refused("/login", PLAIN, fields).await;
    assert_eq!((made >= 3, &answer), (true, &unknown), "{made}");
    let wrong = |_| json!({"username": "user0", "password": "wrong password", "avatar_id": "1"});
    let (tried, answer) = hurry.until_refused("/login", PLAIN, wrong).await;
    assert_eq!((tried >= 4, &answer), (true, &unknown), "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ginchats_pictures_say_that_they_were_too_fast() {
    let hurry = Hurry::new(Facade::Ginchat, Limits::default()).await;
    hurry.town.person("ana").await;
    let token = hurry.token(Facade::Ginchat, "ana").await;
    let mut kept = 0;
    let answer = loop {
        let part = reqwest::multipart::Part::bytes(png()).file_name("a.png");
        let form = reqwest::multipart::Form::new().part("file", part);
        let request = client().post(format!("{}/img-upload", hurry.base)).header("token", &token).multipart(form);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        if answer["code"] != 0 {
            break answer;
        }
        kept += 1;
        assert!(kept < MANY, "they are not limited");
    };
    let refused = json!({"code": 7, "data": {}, "msg": "upload file err: too_fast"});
    assert_eq!((kept >= 50, answer), (true, refused), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn webims_logins_fail_and_its_clients_are_told_why_their_words_were_not_said() {
    let hurry = Hurry::new(Facade::Webim, Limits::default()).await;
    let root = hurry.town.admin().await;
    // The right password all the time.
    let right = |_| json!({"name": "root", "password": PASSWORD});
    let (tried, answer) = hurry.until_refused("/login", PLAIN, right).await;
    assert_eq!((tried >= 5, answer), (true, json!({"code": 302, "msg": "登陆失败！", "data": ""})), "{tried}");
    let token = hurry.token(Facade::Webim, "root").await;
    let mut socket = hurry.socket(&format!("/ws/join?token={token}&room=3"), PLAIN).await;
    let hasty = Hasty::new(&hurry.town, &root).await;
    let is_it = |frame: &Value| (frame["Type"] == 2).then(|| frame["User"] == "system");
    let mut frame = hasty.is_told(&mut socket, "你好", is_it).await;
    assert!(frame["Timestamp"].take().is_i64());
    let content = frame["Content"].take();
    assert_eq!(frame, json!({"Type": 2, "User": "system", "Room": 3, "Timestamp": null, "Content": null}));
    let content = content.as_str().unwrap();
    assert!(content.starts_with("太快了，请等 ") && content.ends_with("再试。"), "{content}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tyut_has_its_own_code_for_registering_and_its_own_words_for_texts() {
    let hurry = Hurry::new(Facade::Tyut, Limits::default()).await;
    let mut made = 0;
    let answer = loop {
        let name = format!("user{made}");
        let fields = json!({"username": name, "email": format!("{name}@example.org"), "password": "password"});
        let answer = hurry.posts("/api/users/register", PLAIN, fields).await;
        if answer["code"] != 0 {
            break answer;
        }
        made += 1;
        assert!(made < MANY, "they are not limited");
    };
    assert_eq!((made >= 3, answer), (true, json!({"code": 1001, "data": {}, "msg": "系统错误"})), "{made}");
    let (ana, _) = (hurry.town.person("ana").await, hurry.town.person("bo").await);
    let tokens = [hurry.token(Facade::Tyut, "ana").await, hurry.token(Facade::Tyut, "bo").await];
    let hasty = Hasty::new(&hurry.town, &ana).await;
    let said = json!({"content": "hello", "msg_type": 4}).to_string();
    let is_it = |frame: &Value| match frame["msg_type"].as_i64() {
        Some(1) => Some(true),
        Some(4) => Some(false),
        _ => None,
    };
    let mut lobby = hurry.socket(&format!("/api/chat_groups?Authorization=bearer%20{}", tokens[0]), PLAIN).await;
    let frame = hasty.is_told(&mut lobby, &said, is_it).await;
    assert_eq!((&frame["username"], &frame["content"]), (&json!("ana"), &json!("发送消息失败")));
    // And in private, where both have to be there.
    let listed = client().get(format!("{}/api/users", hurry.base)).bearer_auth(&tokens[0]).send().await.unwrap();
    let listed: Value = listed.json().await.unwrap();
    let lines = listed["data"]["list"].as_array().unwrap();
    let id = |name: &str| lines.iter().find(|line| line["user_name"] == name).unwrap()["user_id"].as_str().unwrap();
    let path = |target, token| format!("/api/chat_private?target_id={}&Authorization=bearer%20{token}", id(target));
    let mut other = hurry.socket(&path("ana", &tokens[1]), PLAIN).await;
    // Answered once he is there.
    other.0.send(Message::text("?")).await.unwrap();
    other.next().await;
    let mut pair = hurry.socket(&path("bo", &tokens[0]), PLAIN).await;
    let frame = hasty.is_told(&mut pair, &said, is_it).await;
    assert_eq!((&frame["username"], &frame["content"]), (&json!(""), &json!("发送消息失败")));
}

#[tokio::test(flavor = "multi_thread")]
async fn gindemos_messages_fail_for_a_reason() {
    let hurry = Hurry::new(Facade::Gindemo, Limits::default()).await;
    let (ana, _) = (hurry.town.person("ana").await, hurry.town.person("bo").await);
    let cookie = format!("mysession={}", hurry.token(Facade::Gindemo, "ana").await);
    let mut socket = hurry.socket("/chat/test?uid=ana&to_uid=bo", ("cookie", &cookie)).await;
    let hasty = Hasty::new(&hurry.town, &ana).await;
    let said = json!({"to": "bo", "op_type": 1, "content": "m-1\nhello"}).to_string();
    let is_it = |frame: &Value| (frame["op_type"] != 40003).then(|| frame["op_type"] == 40008);
    let frame = hasty.is_told(&mut socket, &said, is_it).await;
    let expected = json!({
        "from": "System", "to": "ana", "type": 1, "op_type": 40008, "content": "发送失败too_fast",
        "msg": "websocket 发送消息失败",
    });
    assert_eq!(frame, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_who_take_a_name_at_once_one_has_it() {
    let hurry = Hurry::new(Facade::Gindemo, Limits::none()).await;
    let fields = |n: usize| json!({"user_name": "user1", "password": format!("password{n}")});
    let sent = (0..10).map(|n| hurry.posts("/user/register", PLAIN, fields(n)));
    let mut codes: Vec<u64> = join_all(sent).await.iter().map(|answer| answer["status"].as_u64().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [vec![41001], vec![41007; 9]].concat());
    let hurry = Hurry::new(Facade::Ginchat, Limits::none()).await;
    // There whoever comes later signs in, with the password of the first or not at all.
    let fields = |n: usize| json!({"username": "user1", "password": format!("password{n}"), "avatar_id": "1"});
    let answers = join_all((0..10).map(|n| hurry.posts("/login", PLAIN, fields(n)))).await;
    let entered = answers.iter().filter(|answer| answer["code"] == 0).count();
    let refused = answers.iter().filter(|answer| answer["msg"] == "密码错误").count();
    assert_eq!((entered, refused), (1, 9), "{answers:?}");
}

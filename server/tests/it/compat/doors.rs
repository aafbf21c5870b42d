//! A credential opens its own door, and no other one of the house.

use crate::town::{PASSWORD, Town, client};
use chat::Visit;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};

pub const FACADES: [Facade; 5] = [Facade::Webim, Facade::Tyut, Facade::Simple, Facade::Gindemo, Facade::Ginchat];

/// A town with all facades, in which ana has a credential for every door.
pub struct Doors {
    pub town: Town,
    /// By the name of the door that it is for.
    credentials: Vec<(&'static str, String)>,
}

impl Doors {
    async fn new() -> Self {
        Self::with(Compat::default()).await
    }

    pub async fn with(old: Compat) -> Self {
        let town = Town::compat(Compat { compat: FACADES.to_vec(), ..old }).await;
        let page = town.person("ana").await.cookie.unwrap().split_once('=').unwrap().1.to_owned();
        let mut doors = Self { town, credentials: vec![("page", page)] };
        for facade in FACADES {
            let credential = doors.credential(facade, "ana").await;
            doors.credentials.push((facade.name(), credential));
        }
        let key = doors.town.chat.add_key("shop", None, &["simple"]).await.unwrap();
        let robot = doors.town.chat.add_key("robot", None, &["messages"]).await.unwrap();
        doors.credentials.extend([("a key for simple", key), ("a key", robot)]);
        doors
    }

    /// What somebody comes with who has an account; for simple everybody is of the shop.
    pub async fn credential(&self, facade: Facade, name: &str) -> String {
        let (chat, door) = (&self.town.chat, facade.name());
        let visit = Visit { address: [10, 9, 9, 9].into(), user_agent: String::new() };
        let signed_in = if facade == Facade::Simple {
            let vouched = chat.vouch("simple:shop", name, "").await.unwrap();
            chat.let_in(&vouched, door, &visit, None).await
        } else {
            chat.sign_in_at(door, name, PASSWORD, &visit, None).await
        };
        signed_in.unwrap().token
    }

    /// Those for other doors than this one.
    fn others(&self, door: Facade) -> impl Iterator<Item = &(&'static str, String)> {
        self.credentials.iter().filter(move |(of, _)| *of != door.name())
    }

    pub fn own(&self, door: Facade) -> &str {
        &self.credentials.iter().find(|(of, _)| *of == door.name()).unwrap().1
    }

    fn url(&self, facade: Facade, path: &str) -> String {
        format!("{}/compat/{}{path}", self.town.base(), facade.name())
    }

    /// Something that only those who are known may ask for.
    fn asks(&self, facade: Facade, credential: &str) -> RequestBuilder {
        let get = |path: &str| client().get(self.url(facade, path));
        match facade {
            Facade::Webim => get("/api/auth/user").bearer_auth(credential),
            Facade::Tyut => get("/api/users").bearer_auth(credential),
            Facade::Simple => get("/rm/room/get_room_list").header("token", credential),
            Facade::Gindemo => {
                let fields = json!({"user_name": "ana", "old_password": "wrong", "new_password": "password"});
                let request = client().post(self.url(facade, "/user/set_password")).json(&fields);
                request.header("cookie", format!("mysession={credential}"))
            }
            Facade::Ginchat => get("/home").header("token", credential),
        }
    }

    /// The same of its sockets; whoever is known hears that this is no handshake.
    fn connects(&self, facade: Facade, credential: &str) -> RequestBuilder {
        let (path, (name, value)) = socket(facade, "ana", credential);
        client().get(self.url(facade, &path)).header(name, value)
    }
}

/// Where somebody opens a facade's socket, and the header that they show.
pub fn socket(facade: Facade, name: &str, credential: &str) -> (String, (&'static str, String)) {
    let nothing = ("accept", "*/*".to_owned());
    match facade {
        Facade::Webim => (format!("/ws/join?token={credential}&room=1"), nothing),
        Facade::Tyut => (format!("/api/chat_groups?Authorization=bearer%20{credential}"), nothing),
        Facade::Simple => (format!("/u/user/connect?token={credential}"), nothing),
        Facade::Gindemo => (format!("/chat/test?uid={name}&to_uid=ana"), ("cookie", format!("mysession={credential}"))),
        Facade::Ginchat => ("/ws".into(), ("token", credential.into())),
    }
}

async fn answered(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

/// What each says to whom it does not know.
fn refusal(facade: Facade) -> Value {
    match facade {
        Facade::Webim => json!({"code": 302, "msg": "身份验证失败！", "data": ""}),
        Facade::Tyut => json!({"code": 7, "data": {}, "msg": "token错误"}),
        Facade::Simple => json!({"code": -1, "msg": "用户认证不通过"}),
        Facade::Gindemo => json!({"status": 41012, "data": null, "msg": "用户 未登录", "error": ""}),
        // Sent to the beginning, without a body.
        Facade::Ginchat => Value::Null,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_opens_with_the_credential_of_another() {
    let doors = Doors::new().await;
    for facade in FACADES {
        let asked = (if facade == Facade::Ginchat { 302 } else { 200 }, refusal(facade));
        let connected = match facade {
            Facade::Webim | Facade::Ginchat => (302, Value::Null),
            Facade::Tyut | Facade::Simple => (200, refusal(facade)),
            Facade::Gindemo => (400, refusal(facade)),
        };
        for (of, credential) in doors.others(facade) {
            assert_eq!(answered(doors.asks(facade, credential)).await, asked, "{facade:?} with that of {of}");
            assert_eq!(answered(doors.connects(facade, credential)).await, connected, "{facade:?} with that of {of}");
        }
        assert_ne!(answered(doors.asks(facade, doors.own(facade))).await, asked, "{facade:?} knows its own");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gindemo_takes_whoever_has_another_doors_cookie_for_a_stranger() {
    let doors = Doors::new().await;
    let door = Facade::Gindemo;
    let with = |method: Method, path: &str, credential: &str| {
        let request = client().request(method, doors.url(door, path));
        request.header("cookie", format!("mysession={credential}")).json(&json!({"user_name": "ana"}))
    };
    for (of, credential) in doors.others(door) {
        let pinged = answered(with(Method::GET, "/ping", credential)).await;
        assert_eq!(pinged, (200, json!("ok")), "{of}");
        let left = answered(with(Method::POST, "/user/logout", credential)).await;
        assert_eq!(left, (200, refusal(door)), "{of}");
    }
    let pinged = answered(with(Method::GET, "/ping", doors.own(door))).await;
    assert_eq!(pinged, (200, json!("welcome: ana")), "and nobody was signed out");
}

#[tokio::test(flavor = "multi_thread")]
async fn ginchat_tells_whoever_has_another_doors_token_how_many_there_are() {
    let doors = Doors::new().await;
    let door = Facade::Ginchat;
    for (of, credential) in doors.others(door) {
        for (name, value) in [("token", credential.clone()), ("cookie", format!("go-gin-chat={credential}"))] {
            let asks = |method: Method, path: &str| {
                client().request(method, doors.url(door, path)).header(name, value.as_str())
            };
            let nobody = json!({"code": 0, "data": {"OnlineUserCount": 0}, "msg": "成功"});
            assert_eq!(answered(asks(Method::GET, "/")).await, (200, nobody), "{of}");
            for (method, path) in [
                (Method::GET, "/home"),
                (Method::GET, "/room/1"),
                (Method::GET, "/private-chat"),
                (Method::GET, "/pagination?room_id=1"),
                (Method::POST, "/img-upload"),
                (Method::POST, "/img-kr-upload"),
                (Method::GET, "/ws"),
            ] {
                assert_eq!(answered(asks(method, path)).await, (302, Value::Null), "{path} {of}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_password_is_one_of_our_own_at_every_door() {
    let doors = Doors::new().await;
    let posts = |facade, path: &str, fields: Value| client().post(doors.url(facade, path)).json(&fields);
    let ana = json!({"username": "ana", "password": PASSWORD, "avatar_id": "7"});
    assert_eq!(answered(posts(Facade::Ginchat, "/login", ana)).await.1["code"], 0);
    let bo = json!({"user_name": "bo", "password": "password"});
    assert_eq!(answered(posts(Facade::Gindemo, "/user/register", bo)).await.1["status"], 41001);
    // Both protocols keep something of them; others see them as before.
    let (_, listed) = answered(doors.asks(Facade::Tyut, doors.own(Facade::Tyut))).await;
    let names = listed["data"]["list"].as_array().unwrap().iter().map(|line| line["user_name"].clone());
    assert_eq!(names.collect::<Vec<_>>(), ["ana", "bo"]);
}

//! A credential opens its own door, and no other one of the house.

use crate::town::{PASSWORD, Town, client};
use chat::Visit;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};

const FACADES: [Facade; 5] = [Facade::Webim, Facade::Tyut, Facade::Simple, Facade::Gindemo, Facade::Ginchat];

/// A town with all facades, in which ana has a credential for every door.
struct Doors {
    town: Town,
    /// By the name of the door that it is for.
    credentials: Vec<(&'static str, String)>,
}

impl Doors {
    async fn new() -> Self {
        let town = Town::compat(Compat { compat: FACADES.to_vec(), ..Compat::default() }).await;
        let page = town.person("ana").await.cookie.unwrap().split_once('=').unwrap().1.to_owned();
        let mut credentials = vec![("page", page)];
        let visit = Visit { address: [10, 9, 9, 9].into(), user_agent: String::new() };
        for door in FACADES.map(Facade::name) {
            let signed_in = if door == "simple" {
                let vouched = town.chat.vouch("simple:shop", "ana", "").await.unwrap();
                town.chat.let_in(&vouched, door, &visit, None).await
            } else {
                town.chat.sign_in_at(door, "ana", PASSWORD, &visit, None).await
            };
            credentials.push((door, signed_in.unwrap().token));
        }
        credentials.push(("a key for simple", town.chat.add_key("shop", None, &["simple"]).await.unwrap()));
        credentials.push(("a key", town.chat.add_key("robot", None, &["messages"]).await.unwrap()));
        Self { town, credentials }
    }

    /// Those for other doors than this one.
    fn others(&self, door: Facade) -> impl Iterator<Item = &(&'static str, String)> {
        self.credentials.iter().filter(move |(of, _)| *of != door.name())
    }

    fn own(&self, door: Facade) -> &str {
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
        let get = |path: &str| client().get(self.url(facade, path));
        match facade {
            Facade::Webim => get(&format!("/ws/join?token={credential}&room=1")),
            Facade::Tyut => get(&format!("/api/chat_groups?Authorization=bearer%20{credential}")),
            Facade::Simple => get(&format!("/u/user/connect?token={credential}")),
            Facade::Gindemo => get("/chat/test?uid=ana&to_uid=ana").header("cookie", format!("mysession={credential}")),
            Facade::Ginchat => get("/ws").header("token", credential),
        }
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

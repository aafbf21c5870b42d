//! A credential opens its own door, and no other one of the house.

use super::sockets::run_webim;
use crate::town::{Browser, PASSWORD, Town, client};
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

fn not_answered(facade: Facade) -> (u16, Value) {
    (if facade == Facade::Ginchat { 302 } else { 200 }, refusal(facade))
}

/// The same before a socket is open.
fn not_opened(facade: Facade) -> (u16, Value) {
    match facade {
        Facade::Webim | Facade::Ginchat => (302, Value::Null),
        Facade::Tyut | Facade::Simple => (200, refusal(facade)),
        Facade::Gindemo => (400, refusal(facade)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_opens_with_the_credential_of_another() {
    let doors = Doors::new().await;
    for facade in FACADES {
        let asked = not_answered(facade);
        let connected = not_opened(facade);
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

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_ours_signs_in_at_every_door_with_its_password() {
    let doors = Doors::new().await;
    doors.town.admin().await;
    doors.town.person("cy").await;
    let posts = async |facade, path: &str, fields: Value| {
        answered(client().post(doors.url(facade, path)).json(&fields)).await.1
    };
    let admin = posts(Facade::Webim, "/login", json!({"name": "root", "password": PASSWORD})).await;
    assert_eq!(admin["code"], 200, "without whom nobody else gets in there");
    let bo = json!({"user_name": "bo", "password": "known to bo"});
    assert_eq!(posts(Facade::Gindemo, "/user/register", bo).await["status"], 41001);
    let dora = json!({"username": "dora", "email": "dora@example.org", "password": "known to dora"});
    assert_eq!(posts(Facade::Tyut, "/api/users/register", dora).await["code"], 0);
    let eva = json!({"username": "eva", "password": "known to eva", "avatar_id": "1"});
    assert_eq!(posts(Facade::Ginchat, "/login", eva).await["code"], 0);
    let people = [("bo", "known to bo"), ("cy", PASSWORD), ("dora", "known to dora"), ("eva", "known to eva")];
    for (name, password) in people {
        for (given, is_right) in [(password, true), ("wrong password", false)] {
            let fields = json!({
                "name": name, "username": name, "user_name": name, "password": given, "avatar_id": "1",
            });
            let at = format!("{name} {given}");
            let webim = posts(Facade::Webim, "/login", fields.clone()).await;
            assert_eq!((webim["code"] == 200, webim["data"]["user"]["name"] == name), (is_right, is_right), "{at}");
            let gindemo = posts(Facade::Gindemo, "/user/login", fields.clone()).await;
            assert_eq!(gindemo["status"] == 41003, is_right, "{at}: {gindemo}");
            let ginchat = posts(Facade::Ginchat, "/login", fields).await;
            assert_eq!(ginchat["code"] == 0, is_right, "{at}: {ginchat}");
        }
    }
    // Nobody was made a second time.
    let (_, listed) = answered(doors.asks(Facade::Tyut, doors.own(Facade::Tyut))).await;
    assert_eq!(listed["data"]["count"], 6, "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_on_our_page_shuts_every_door_behind_the_old_one() {
    let doors = Doors::new().await;
    run_webim(&doors, "ana").await;
    let are_shut = async || {
        let mut shut = Vec::new();
        for facade in FACADES {
            let own = doors.own(facade);
            let is_refused = answered(doors.asks(facade, own)).await == not_answered(facade);
            let is_shut = answered(doors.connects(facade, own)).await == not_opened(facade);
            assert_eq!(is_refused, is_shut, "{facade:?}");
            shut.extend(is_shut.then_some(facade));
        }
        shut
    };
    assert_eq!(are_shut().await, []);
    let cookie = Some(format!("salon_session={}", doors.credentials[0].1));
    let page = Browser { cookie, ..doors.town.stranger() };
    let new = "another horse battery";
    let (status, said) = page.call("change-password", &[("old", PASSWORD), ("new", new), ("again", new)]).await;
    assert_eq!(status, 200, "{said}");
    // The people of simple are another system's, even if they are called the same.
    assert_eq!(are_shut().await, [Facade::Webim, Facade::Tyut, Facade::Gindemo, Facade::Ginchat]);
}

//! simple (seed 002): a row of its protocol each, and what is refused.

mod encodings;
mod limits;
mod lists;
mod rooms;
mod sockets;
mod tokens;

use super::replay;
use crate::town::{Socket, Town, client};
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use std::time::Duration;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// A host system with a key.
struct Shop {
    base: String,
    key: String,
}

fn old() -> Compat {
    Compat { compat: vec![Facade::Simple], ..Compat::default() }
}

impl Shop {
    async fn new() -> (Town, Self) {
        let town = Town::compat(old()).await;
        let shop = Self::named(&town, "shop").await;
        (town, shop)
    }

    async fn named(town: &Town, name: &str) -> Self {
        let key = town.chat.add_key(name, None, &["simple"]).await.unwrap();
        Self { base: format!("{}/compat/simple", town.base()), key }
    }

    async fn send(&self, path: &str, token: &str, body: String) -> Value {
        let request = client().post(format!("{}{path}", self.base)).header("x-api-key", &self.key);
        let request = if token.is_empty() { request } else { request.header("token", token) };
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        self.send(path, token, body.to_string()).await
    }

    async fn get(&self, path: &str, token: &str) -> Value {
        let answer = client().get(format!("{}{path}", self.base)).header("token", token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    async fn token(&self, user: &str) -> String {
        let answer = self.post("/user/get_login_token", "", json!({"user_id": user})).await;
        assert_eq!((&answer["code"], &answer["msg"]), (&json!(200), &json!("获取token成功")), "{answer}");
        answer["data"]["token"].as_str().unwrap().to_owned()
    }

    async fn says(&self, token: &str, to: &str, message: &str) -> Value {
        self.post("/rm/room/single_message", token, json!({"to_user_id": to, "message": message})).await
    }

    async fn room(&self, token: &str) -> String {
        let made = self.post("/rm/room/create_room", token, json!({})).await;
        made["data"]["roomId"].as_str().unwrap().to_owned()
    }

    async fn in_room(&self, verb: &str, token: &str, fields: Value) -> String {
        let answer = self.post(&format!("/rm/room/{verb}"), token, fields).await;
        assert_eq!(answer["code"] == 200, answer.get("data").is_some(), "{answer}");
        answer["msg"].as_str().unwrap().to_owned()
    }

    async fn list(&self, token: &str, query: &str) -> Vec<Value> {
        self.get(&format!("/rm/room/get_room_list?{query}"), token).await["data"].as_array().unwrap().clone()
    }

    /// Once the house knows of it: who is connected gets no other token.
    async fn socket(&self, token: &str, user: &str) -> Socket {
        let url = format!("{}/u/user/connect", self.base.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("token", token.parse().unwrap());
        let socket = Socket(connect_async(request).await.unwrap().0);
        for _ in 0..200 {
            if self.post("/user/get_login_token", "", json!({"user_id": user})).await == refused("用户已登录") {
                return socket;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{user} is not connected");
    }
}

async fn pushed(socket: &mut Socket) -> Value {
    let message = socket.next().await;
    serde_json::from_str(message.to_text().unwrap()).unwrap()
}

fn refused(text: &str) -> Value {
    json!({"code": -1, "msg": text})
}

fn unknown() -> Value {
    refused("用户认证不通过")
}

#[tokio::test(flavor = "multi_thread")]
async fn documented_exchanges() {
    let town = Town::compat(old()).await;
    for (i, base) in town.mounts(Facade::Simple).await.iter().enumerate() {
        for name in ["login", "single", "group"] {
            // Each for a system of its own.
            let shop = Shop::named(&town, &format!("{name}-{i}")).await;
            replay(&format!("simple/{name}"), base, &[("key", &shop.key)]).await;
        }
    }
}

impl Shop {
    async fn in_room_fields(&self, verb: &str, token: &str, user: &str, room: &str) -> String {
        self.in_room_fields_of(verb, token, "invite_user_id", user, room).await
    }

    async fn in_room_fields_of(&self, verb: &str, token: &str, name: &str, value: &str, room: &str) -> String {
        self.in_room(verb, token, json!({"room_id": room, name: value})).await
    }
}

/// For raw frames.
trait SendText {
    async fn send_text(&mut self, text: &str);
}

impl<S: futures::Sink<tokio_tungstenite::tungstenite::Message> + Unpin> SendText for S {
    async fn send_text(&mut self, text: &str) {
        use futures::SinkExt;
        // The other end may have closed it meanwhile.
        let _ = self.send(tokio_tungstenite::tungstenite::Message::text(text)).await;
    }
}

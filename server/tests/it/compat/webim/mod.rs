//! webim (seed 000), from outside: as its pages and its other site's back end use it.

mod bad_input;
mod coming_in;
mod features;
mod rules;
mod site;
mod wall;

use super::replay;
use crate::town::{PASSWORD, Terms, Town, client};
use chat::Who;
use domain::person::SiteRole;
use domain::room::Room;
use futures::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A town with webim, whose site admin is called root.
pub struct Place {
    pub town: Town,
    pub base: String,
}

impl Place {
    pub async fn new() -> Self {
        Self::with(Compat::default()).await
    }

    pub async fn with(old: Compat) -> Self {
        Self::on(Terms { old, ..Terms::old() }).await
    }

    pub async fn on(terms: Terms) -> Self {
        let old = Compat { compat: vec![Facade::Webim], ..terms.old };
        let town = Town::on(Terms { old, ..terms }).await;
        town.chat.add_person("root", PASSWORD, SiteRole::Admin).await.unwrap();
        let base = format!("{}/compat/webim", town.base());
        Self { town, base }
    }

    pub async fn person(&self, name: &str) {
        self.town.chat.add_person(name, PASSWORD, SiteRole::Member).await.unwrap();
    }

    /// A request; its answer has the status 200 and an envelope.
    pub async fn ask(&self, method: Method, path: &str, token: &str, body: &Value) -> Value {
        let request = client().request(method, format!("{}{path}", self.base)).bearer_auth(token);
        let answer = request.json(body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["code", "data", "msg"], "{path}");
        answer
    }

    pub async fn get(&self, path: &str, token: &str) -> Value {
        self.ask(Method::GET, path, token, &json!({})).await
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        self.ask(Method::POST, path, token, &body).await
    }

    pub async fn log_in(&self, body: Value) -> Value {
        self.post("/login", "", body).await
    }

    /// The token of somebody who gets in.
    pub async fn token(&self, name: &str) -> String {
        let answer = self.log_in(json!({"name": name, "password": PASSWORD})).await;
        assert_eq!(answer["code"], 200, "{name}: {answer}");
        answer["data"]["token"].as_str().unwrap().to_owned()
    }

    /// Is in the room when it returns.
    pub async fn join(&self, token: &str, room: i64) -> Socket {
        let mut socket = self.try_to_join(&format!("token={token}&room={room}")).await.unwrap();
        assert!(matches!(socket.hear().await["Type"].as_i64(), Some(0 | 3)));
        socket
    }

    /// The status and the `Location` of a refused handshake.
    pub async fn try_to_join(&self, query: &str) -> Result<Socket, (u16, String)> {
        let url = format!("{}/ws/join?{query}", self.base.replacen("http", "ws", 1));
        match connect_async(url.into_client_request().unwrap()).await {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(Error::Http(answer)) => {
                let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
                Err((answer.status().as_u16(), place.unwrap_or_default()))
            }
            Err(other) => panic!("{other}"),
        }
    }

    /// Our room of this number.
    pub async fn room(&self, number: i64) -> Room {
        let id = self.town.chat.find_room_of("webim", &number.to_string()).await.unwrap().unwrap();
        let root = self.who("root").await;
        self.town.chat.reader(Some(&root), id).await.unwrap().room().clone()
    }

    /// A person with a session of our own page.
    pub async fn who(&self, name: &str) -> Who {
        let visit = chat::Visit { address: [10, 9, 9, 9].into(), user_agent: String::new() };
        self.town.chat.sign_in(name, PASSWORD, &visit).await.unwrap().who
    }
}

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn hear(&mut self) -> Value {
        self.within(Duration::from_secs(15)).await.expect("silence")
    }

    /// The next frame of a type.
    pub async fn hears(&mut self, kind: i64) -> Value {
        loop {
            let frame = self.hear().await;
            if frame["Type"] == kind {
                return frame;
            }
        }
    }

    pub async fn is_quiet(&mut self) {
        assert_eq!(self.within(Duration::from_millis(300)).await, None);
    }

    pub async fn is_closed(&mut self) {
        loop {
            match tokio::time::timeout(Duration::from_secs(15), self.0.next()).await.expect("still open") {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            }
        }
    }

    pub async fn leave(mut self) {
        let _ = self.0.close(None).await;
        while let Some(Ok(_)) = self.0.next().await {}
    }

    async fn within(&mut self, time: Duration) -> Option<Value> {
        loop {
            match tokio::time::timeout(time, self.0.next()).await.ok()?.expect("closed").unwrap() {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Close(_) => panic!("closed"),
                _ => {}
            }
        }
    }
}

/// Tries until it is so.
pub async fn soon<T>(mut what: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..100 {
        if let Some(found) = what().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not come about");
}

/// Replays a transcript beside everything else and on a port of its own, in a new town each.
pub async fn replay_on_both(name: &str, old: Compat) {
    for mount in 0..2 {
        let place = Place::with(old.clone()).await;
        place.person("小明").await;
        let bases = place.town.mounts(Facade::Webim).await;
        let home = if mount == 0 { "/compat/webim/" } else { "/" };
        let known = [("password", PASSWORD), ("base", bases[mount].as_str()), ("home", home)];
        replay(&format!("webim/{name}"), &bases[mount], &known).await;
    }
}

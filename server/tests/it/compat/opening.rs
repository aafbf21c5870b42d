//! Whoever has the answer to the handshake hears all that is said from then on. (ginchat tells nothing
//! before its client has named a room.)

use crate::town::{Browser, PASSWORD, Socket, Town, client};
use domain::ClientId;
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// How often: a gap would be a few milliseconds wide.
const TIMES: usize = 40;

struct Place {
    town: Town,
    base: String,
}

impl Place {
    async fn new(facade: Facade) -> Self {
        let town = Town::compat(Compat { compat: vec![facade], ..Compat::default() }).await;
        let base = format!("{}/compat/{}", town.base(), facade.name());
        Self { town, base }
    }

    async fn post(&self, path: &str, body: Value) -> reqwest::Response {
        client().post(format!("{}{path}", self.base)).json(&body).send().await.unwrap()
    }

    /// Returns as soon as the handshake is answered.
    async fn opens(&self, path: &str, header: Option<(&'static str, &str)>) -> Socket {
        let mut request = format!("{}{path}", self.base.replacen("http", "ws", 1)).into_client_request().unwrap();
        if let Some((name, value)) = header {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        Socket(connect_async(request).await.unwrap().0)
    }

    /// Says something to somebody in private, at once.
    async fn tells(&self, from: &Browser, to: &str, text: &str) {
        let room = self.town.chat.start_private(from.who.as_ref().unwrap(), to).await.unwrap();
        self.says(from, room.id, text).await;
    }

    async fn says(&self, from: &Browser, room: domain::RoomId, text: &str) {
        let writer = self.town.chat.writer(from.who.as_ref(), room).await.unwrap();
        self.town.chat.post(&writer, &ClientId::parse(text).unwrap(), text).await.unwrap();
    }
}

/// The next frame that holds a text.
async fn hears(socket: &mut Socket, text: &str) {
    while !socket.next().await.to_text().unwrap().contains(text) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn webim_misses_nothing() {
    let place = Place::new(Facade::Webim).await;
    let root = place.town.admin().await;
    let answer = place.post("/login", json!({"name": "root", "password": PASSWORD})).await;
    let token = answer.json::<Value>().await.unwrap()["data"]["token"].as_str().unwrap().to_owned();
    let room = place.town.chat.find_room_of("webim", "1").await.unwrap().unwrap();
    for n in 0..TIMES {
        let text = format!("said-{n}-");
        let mut socket = place.opens(&format!("/ws/join?token={token}&room=1"), None).await;
        place.says(&root, room, &text).await;
        hears(&mut socket, &text).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gindemo_misses_nothing() {
    let place = Place::new(Facade::Gindemo).await;
    let ana = place.town.person("ana").await;
    for name in ["1", "2"] {
        place.post("/user/register", json!({"user_name": name, "password": "password"})).await;
    }
    let answer = place.post("/user/login", json!({"user_name": "1", "password": "password"})).await;
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    answered(&place, "1", &ana).await;
    for n in 0..TIMES {
        let text = format!("said-{n}-");
        let mut socket = place.opens("/chat/test?uid=1&to_uid=2", Some(("cookie", &cookie))).await;
        place.tells(&ana, "1", &text).await;
        hears(&mut socket, &text).await;
    }
}

/// Once somebody has answered, the other one may say as much as they like.
async fn answered(place: &Place, name: &str, other: &Browser) {
    let visit = chat::Visit { address: [10, 9, 9, 9].into(), user_agent: String::new() };
    let who = place.town.chat.sign_in(name, "password", &visit).await.unwrap().who;
    let person = other.who.as_ref().unwrap().person.id;
    place.tells(other, name, "first").await;
    place.town.chat.accept_contact(&who, person).await.unwrap();
}

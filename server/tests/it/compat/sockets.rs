//! What the sockets of all facades have in common: whose pages may open one, and how a flood ends.

use super::doors::{Doors, FACADES, socket};
use crate::town::{Socket, client};
use chat::Who;
use domain::RoomId;
use domain::member::Role;
use futures::{SinkExt, StreamExt};
use reqwest::header::{HeaderName, ORIGIN};
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

/// RFC 6455 §7.4.1: too much was sent.
const POLICY: u16 = 1008;
/// More frames than one socket may send at once.
const FLOOD: usize = 200;

type Address = (String, (&'static str, String));

/// A handshake from a page of this origin; the status of one that is refused.
async fn opens(base: &str, (path, (name, value)): Address, origin: Option<&str>) -> Result<Socket, u16> {
    let mut request = format!("{}{path}", base.replacen("http", "ws", 1)).into_client_request().unwrap();
    request.headers_mut().insert(HeaderName::from_static(name), value.parse().unwrap());
    if let Some(origin) = origin {
        request.headers_mut().insert(ORIGIN, origin.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((stream, _)) => Ok(Socket(stream)),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(cause) => panic!("{cause}"),
    }
}

/// Into webim's rooms others come only while somebody who runs them is there.
pub async fn run_webim(doors: &Doors, name: &str) -> Who {
    let root = doors.town.admin().await.who.unwrap();
    let room = doors.town.chat.find_room_of("webim", "1").await.unwrap().unwrap();
    let host = doors.town.chat.host(Some(&root), room).await.unwrap();
    let person = doors.town.chat.find_person(name).await.unwrap().unwrap();
    doors.town.chat.add_member(&host, person.id, Role::Host).await.unwrap();
    root
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_for_our_pages_for_those_of_named_sites_and_for_programs() {
    let named = "https://shop.example";
    let doors = Doors::with(Compat { compat_origin: vec![named.into()], ..Compat::default() }).await;
    run_webim(&doors, "ana").await;
    let own = doors.town.base();
    for facade in FACADES {
        for base in doors.town.mounts(facade).await {
            let beside = base.split("/compat").next().unwrap();
            let address = || socket(facade, "ana", doors.own(facade));
            for origin in [None, Some(named), Some(beside), Some(own.as_str())] {
                let opened = opens(&base, address(), origin).await;
                let Ok(Socket(mut stream)) = opened else { panic!("{base} {origin:?}: {:?}", opened.err()) };
                stream.close(None).await.unwrap();
                while let Some(Ok(_)) = stream.next().await {}
            }
            for foreign in
                ["https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null", ""]
            {
                let status = opens(&base, address(), Some(foreign)).await.err();
                assert_eq!(status, Some(403), "{base} {foreign}");
            }
        }
    }
}

/// A facade in which ana, ben and cy are in one room.
struct Party<'a> {
    doors: &'a Doors,
    facade: Facade,
    /// What simple calls the room.
    room: String,
}

impl<'a> Party<'a> {
    async fn new(doors: &'a Doors, facade: Facade) -> Self {
        let mut party = Self { doors, facade, room: String::new() };
        if facade == Facade::Simple {
            let made = party.asks("ana", "create_room").await;
            party.room = made["data"]["roomId"].as_str().unwrap().to_owned();
            for name in ["ben", "cy"] {
                assert_eq!(party.asks(name, "enter_room").await["code"], 200, "{name}");
            }
        }
        party
    }

    fn base(&self) -> String {
        format!("{}/compat/{}", self.doors.town.base(), self.facade.name())
    }

    async fn asks(&self, name: &str, verb: &str) -> Value {
        let token = self.doors.credential(self.facade, name).await;
        let request = client().post(format!("{}/rm/room/{verb}", self.base())).header("token", token);
        request.json(&json!({"room_id": self.room})).send().await.unwrap().json().await.unwrap()
    }

    /// A socket over which somebody hears.
    async fn hearer(&self, name: &str) -> Socket {
        let credential = self.doors.credential(self.facade, name).await;
        let mut opened = opens(&self.base(), socket(self.facade, name, &credential), None).await.unwrap();
        if self.facade == Facade::Ginchat {
            say(&mut opened, &json!({"state": 1, "data": {"room_id": "1"}}).to_string()).await;
            say(&mut opened, "ping").await;
            hears(&mut opened, "heartbeat ok").await;
        }
        opened
    }

    /// One over which somebody speaks; only in simple that is another one.
    async fn speaker(&self, name: &str) -> Socket {
        if self.facade != Facade::Simple {
            return self.hearer(name).await;
        }
        let token = self.doors.credential(self.facade, name).await;
        let address = (format!("/rm/room/room_message?token={token}"), ("accept", "*/*".to_owned()));
        opens(&self.base(), address, None).await.unwrap()
    }

    /// How a client says something that cy hears.
    fn words(&self, text: &str) -> String {
        match self.facade {
            Facade::Webim => text.to_owned(),
            Facade::Tyut => json!({"content": text, "msg_type": 4}).to_string(),
            Facade::Simple => json!({"room_id": self.room, "message": text}).to_string(),
            Facade::Gindemo => json!({"to": "cy", "op_type": 1, "content": format!("id\n{text}")}).to_string(),
            Facade::Ginchat => json!({"state": 3, "data": {"room_id": "1", "content": text}}).to_string(),
        }
    }

    /// What changes nothing, so that nothing but its number can be wrong with it.
    fn noise(&self) -> &'static str {
        match self.facade {
            Facade::Webim | Facade::Ginchat => "ping",
            Facade::Tyut | Facade::Simple => "?",
            Facade::Gindemo => r#"{"op_type":99}"#,
        }
    }

    /// All that is kept of what was said where ana spoke.
    async fn kept(&self, root: &Who, cy: &Who) -> Vec<String> {
        let chat = &self.doors.town.chat;
        let reader = if self.facade == Facade::Gindemo {
            let ana = chat.find_person("ana").await.unwrap().unwrap();
            chat.find_private(cy, ana.id).await.unwrap().unwrap()
        } else {
            let (system, name) = match self.facade {
                Facade::Tyut => ("tyut", "globaluser"),
                Facade::Simple => ("simple:shop", self.room.as_str()),
                facade => (facade.name(), "1"),
            };
            let room: RoomId = chat.find_room_of(system, name).await.unwrap().unwrap();
            chat.reader(Some(root), room).await.unwrap()
        };
        let said = chat.history(&reader, None).await.unwrap().messages;
        said.iter().map(|message| domain::span::plain(&message.spans)).collect()
    }
}

async fn say(socket: &mut Socket, text: &str) {
    // The other end may have closed it meanwhile.
    let _ = socket.0.send(Message::text(text)).await;
}

/// Everything up to the frame that holds a text.
async fn hears(socket: &mut Socket, text: &str) -> String {
    let mut heard = String::new();
    while !heard.contains(text) {
        heard.push_str(socket.next().await.to_text().unwrap());
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_ends_its_own_socket_and_nothing_else() {
    let doors = Doors::with(Compat::default()).await;
    doors.town.person("ben").await;
    let cy = doors.town.person("cy").await.who.unwrap();
    let root = run_webim(&doors, "ben").await;
    for facade in FACADES {
        let party = Party::new(&doors, facade).await;
        let mut ben = party.speaker("ben").await;
        let (mut ana, mut hearer) = (party.speaker("ana").await, party.hearer("cy").await);
        say(&mut ana, &party.words("in time")).await;
        hears(&mut hearer, "in time").await;
        for _ in 0..FLOOD {
            say(&mut ana, party.noise()).await;
        }
        say(&mut ana, &party.words("too late")).await;
        assert_eq!(ana.code().await, POLICY, "{facade:?}");
        // The others are served as before, and hear nothing of what came after it.
        say(&mut ben, &party.words("and now")).await;
        let heard = hears(&mut hearer, "and now").await;
        assert!(!heard.contains("too late"), "{facade:?} {heard}");
        let kept = party.kept(&root, &cy).await;
        assert!(kept.iter().any(|text| text.contains("in time")), "{facade:?} {kept:?}");
        assert!(!kept.iter().any(|text| text.contains("too late")), "{facade:?} {kept:?}");
        // And so is whoever flooded, when they come anew.
        let mut again = party.speaker("ana").await;
        say(&mut again, &party.words("sorry")).await;
        hears(&mut hearer, "sorry").await;
    }
}

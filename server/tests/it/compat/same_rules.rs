//! A room's rules and its gate hold in every old protocol: what is refused on our page is said by none
//! of them, and nothing is heard of a room that is shut.

use super::one_world::{World, answered, hears, say};
use crate::town::{Browser, Socket, client};
use chat::{Chat, RoomHost};
use domain::moderation::{MuteFor, Policy, Posting, WordList};
use domain::room::Visibility;
use domain::{PersonId, RoomId};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::compat::settings::Facade;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

/// After so long nothing more comes.
const QUIET: Duration = Duration::from_millis(500);

/// Somebody who is in one room by three protocols.
struct Speaker {
    webim: Socket,
    ginchat: Socket,
    tyut: Socket,
}

impl Speaker {
    /// Says it by each; what tyut tells them. Webim has words for a refusal and none for what waits,
    /// ginchat has none at all.
    async fn says(&mut self, text: &str, waits: bool) -> Value {
        say(&mut self.webim, json!(text)).await;
        say(&mut self.ginchat, json!({"state": 3, "data": {"room_id": "3", "content": text}})).await;
        say(&mut self.tyut, json!({"content": text, "msg_type": 4})).await;
        answered(&mut self.ginchat).await;
        if !waits {
            let webim = hears(&mut self.webim, |frame| frame["Type"] == 2).await;
            assert_eq!(webim["User"], "system", "{webim}");
            assert!(webim["Content"].as_str().is_some_and(|why| !why.is_empty()), "{webim}");
        }
        let tyut = hears(&mut self.tyut, |frame| frame["msg_type"] == 1 || frame["msg_type"] == 4).await;
        assert_eq!(tyut["msg_type"], 1, "{tyut}");
        tyut["content"].clone()
    }
}

/// A room that webim, ginchat and tyut know, with mo in it by each of them.
async fn linked(world: &World, root: &Browser, mo: PersonId) -> (RoomId, [String; 2], Speaker, Socket) {
    let chat = &world.town.chat;
    let room = world.town.room("hall", Visibility::Public, root).await.id;
    for (system, name) in [("webim", "2"), ("ginchat", "3"), ("tyut", "globaluser")] {
        assert!(chat.link_room("hall", system, name).await.unwrap().is_none(), "{system}");
    }
    let host = chat.host(root.who.as_ref(), room).await.unwrap();
    chat.add_member(&host, mo, domain::member::Role::Member).await.unwrap();
    let (webim, ginchat) = (world.opens(Facade::Webim).await, world.opens(Facade::Ginchat).await);
    // Who answers for the room is there: else webim lets nobody in.
    let duty = world.webim(&webim, "root").await;
    let speaker = Speaker {
        webim: world.webim(&webim, "mo").await,
        ginchat: world.ginchat(&ginchat, "mo", 3).await,
        tyut: world.lobby(&world.opens(Facade::Tyut).await, "mo").await,
    };
    (room, [webim, ginchat], speaker, duty)
}

/// How much was said in the room.
async fn said(world: &World, root: &Browser, room: RoomId) -> usize {
    let chat = &world.town.chat;
    let reader = chat.reader(root.who.as_ref(), room).await.unwrap();
    chat.history(&reader, None).await.unwrap().messages.len()
}

/// What keeps somebody from speaking in a room: one rule at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Muted,
    HostsAlone,
    Filtered,
    /// The word is not refused, but waits for approval.
    WordWaits,
    AllWaits,
    /// Not before some seconds have passed since what was said last.
    Slow,
}

/// What is not let through under [`Rule::Filtered`], in a form that has to be recognised.
pub const SAID: &str = "来赌 博吧";

impl Rule {
    pub const ALL: [Self; 6] =
        [Self::Muted, Self::HostsAlone, Self::Filtered, Self::WordWaits, Self::AllWaits, Self::Slow];

    /// What is said is not refused, but seen by a host first.
    pub fn holds(self) -> bool {
        matches!(self, Self::WordWaits | Self::AllWaits)
    }

    /// Sets it for a room, and no other.
    pub async fn set(self, chat: &Chat, host: &RoomHost, who: PersonId) {
        chat.unmute(host, who).await.unwrap();
        if self == Self::Muted {
            chat.mute(host, who, MuteFor::Good, "spam").await.unwrap();
        }
        let posting = if self == Self::HostsAlone { Posting::Hosts } else { Posting::Everyone };
        let slow = if self == Self::Slow { 3_000 } else { 0 };
        let holds = self == Self::AllWaits;
        chat.change_policy(host, Policy { posting, slow, holds, ..Policy::default() }).await.unwrap();
        let is_listed = matches!(self, Self::Filtered | Self::WordWaits);
        let words = if is_listed { "賭博".to_owned() } else { String::new() };
        chat.change_room_words(host, WordList { words, holds: self == Self::WordWaits }).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rooms_rules_hold_in_every_protocol() {
    let world = World::new().await;
    let chat = &world.town.chat;
    let root = world.town.admin().await;
    let browser = world.town.person("mo").await;
    let mo = browser.who.as_ref().unwrap().person.id;
    let (room, _, mut speaker, _duty) = linked(&world, &root, mo).await;
    let host = async || chat.host(root.who.as_ref(), room).await.unwrap();
    for rule in Rule::ALL {
        if rule == Rule::Slow {
            // The last one let nothing be said.
            chat.change_policy(&host().await, Policy::default()).await.unwrap();
            let writer = chat.writer(browser.who.as_ref(), room).await.unwrap();
            chat.post(&writer, &domain::ClientId::parse("before").unwrap(), "hello").await.unwrap();
            hears(&mut speaker.webim, |frame| frame["Content"] == "hello").await;
            hears(&mut speaker.tyut, |frame| frame["content"] == "hello").await;
        }
        rule.set(chat, &host().await, mo).await;
        let before = said(&world, &root, room).await;
        let answer = if rule.holds() { "消息待审核" } else { "发送消息失败" };
        assert_eq!(speaker.says(SAID, rule.holds()).await, answer, "{rule:?}");
        assert_eq!(said(&world, &root, room).await, before, "{rule:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_heard_of_a_shut_room_in_any_protocol() {
    const SECRET: &str = "among ourselves";
    let world = World::new().await;
    let chat = &world.town.chat;
    let root = world.town.admin().await;
    let mo = world.town.person("mo").await.who.unwrap().person.id;
    let (room, [webim, ginchat], speaker, _duty) = linked(&world, &root, mo).await;
    let host = chat.host(root.who.as_ref(), room).await.unwrap();
    chat.open_room_now(&host, false).await.unwrap();
    world.says(&root, room, SECRET).await;
    let Speaker { webim: first, ginchat: second, tyut: third } = speaker;
    let words = [
        "hello".to_owned(),
        json!({"state": 3, "data": {"room_id": "3", "content": "hello"}}).to_string(),
        json!({"content": "hello", "msg_type": 4}).to_string(),
    ];
    for (Socket(mut socket), words) in [first, second, third].into_iter().zip(words) {
        // It may have ended already.
        let _ = socket.send(Message::text(words)).await;
        while let Ok(Some(Ok(heard))) = tokio::time::timeout(QUIET, socket.next()).await {
            assert!(!heard.to_text().unwrap_or_default().contains(SECRET), "{heard}");
        }
    }
    assert_eq!(said(&world, &root, room).await, 1, "nothing of mo's");
    let token = world.token(Facade::Webim, "mo").await;
    let listed = client().get(format!("{webim}/api/chats?room=2")).bearer_auth(token).send().await.unwrap();
    assert!(!listed.text().await.unwrap().contains(SECRET));
    let token = world.token(Facade::Ginchat, "mo").await;
    let listed = client().get(format!("{ginchat}/room/3")).header("token", token).send().await.unwrap();
    assert!(!listed.text().await.unwrap().contains(SECRET));
}

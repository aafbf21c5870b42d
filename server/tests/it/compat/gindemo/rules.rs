//! Moderation in a protocol that has no rooms: what the site does not let through, and whom it shuts out.

use super::Demo;
use crate::compat::same_rules::SAID;
use crate::town::Browser;
use chat::Admin;
use domain::moderation::{MuteFor, WordList};
use serde_json::{Value, json};

/// What it is told whose words were not let through.
fn failed(to: &str, why: &str) -> Value {
    json!({
        "from": "System", "to": to, "type": 1, "op_type": 40008, "content": format!("发送失败{why}"),
        "msg": "websocket 发送消息失败",
    })
}

async fn admin(demo: &Demo) -> Admin {
    let root: Browser = demo.town.admin().await;
    demo.town.chat.admin(root.who.as_ref()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sites_words_hold_for_one_and_for_all() {
    let demo = Demo::new().await;
    let chat = &demo.town.chat;
    let admin = admin(&demo).await;
    let (ana, bo) = (demo.person("ana").await, demo.person("bo").await);
    let mut sender = demo.socket("ana", "bo", Some(&ana)).await.unwrap();
    let mut receiver = demo.socket("bo", "ana", Some(&bo)).await.unwrap();
    let list = |holds| WordList { words: "賭博".into(), holds };
    chat.change_site_words(&admin, list(false)).await.unwrap();
    for op_type in [1, 6] {
        sender.say(json!({"to": "bo", "op_type": op_type, "content": SAID})).await;
        assert_eq!(sender.frame().await, failed("ana", "filtered"), "{op_type}");
    }
    // What would wait for approval waits for nobody where nothing is kept.
    chat.change_site_words(&admin, list(true)).await.unwrap();
    sender.say(json!({"to": "bo", "op_type": 6, "content": SAID})).await;
    assert_eq!(sender.frame().await, failed("ana", "filtered"));
    assert!(receiver.is_silent().await, "nothing of it was heard");
    sender.say(json!({"to": "bo", "op_type": 6, "content": "hello"})).await;
    assert_eq!(receiver.frame().await["content"], "hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_muted_kicked_or_banned_in_a_chat_of_two() {
    let demo = Demo::new().await;
    let chat = &demo.town.chat;
    demo.person("ana").await;
    let bo = demo.person("bo").await;
    let (ana, root) = (demo.native("ana").await, demo.town.admin().await);
    let room = demo.says(&ana, "bo", "hello").await;
    for who in [&ana, root.who.as_ref().unwrap()] {
        assert!(chat.host(Some(who), room).await.is_err(), "nobody runs it");
    }
    // What holds in a room does not follow anybody here.
    let hall = demo.town.room("hall", domain::room::Visibility::Public, &root).await;
    let host = chat.host(root.who.as_ref(), hall.id).await.unwrap();
    let other = demo.native("bo").await;
    chat.mute(&host, other.person.id, MuteFor::Good, "").await.unwrap();
    chat.ban(&host, other.person.id, "").await.unwrap();
    let mut socket = demo.socket("bo", "ana", Some(&bo)).await.unwrap();
    socket.say(json!({"to": "ana", "op_type": 1, "content": "still here"})).await;
    assert_eq!(socket.frame().await["op_type"], 40019, "said, to somebody who is away");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_disabled_is_out_at_once_and_cannot_come_back() {
    let demo = Demo::new().await;
    let (admin, ana) = (admin(&demo).await, demo.person("ana").await);
    demo.person("bo").await;
    let mut socket = demo.socket("ana", "bo", Some(&ana)).await.unwrap();
    let person = demo.native("ana").await.person.id;
    demo.town.chat.disable_person(&admin, person, true).await.unwrap();
    assert_eq!(socket.next().await, None, "closed");
    assert!(demo.socket("ana", "bo", Some(&ana)).await.is_err());
    let fields = json!({"user_name": "ana", "password": "password"});
    let answer: Value = demo.post("/user/login", fields).await.json().await.unwrap();
    assert_eq!(answer["status"], 41010, "as for a wrong password: {answer}");
}

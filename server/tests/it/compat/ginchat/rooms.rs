//! Who is where, and what is heard there (F2, F3).

use super::Six;
use futures::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

async fn counts(six: &Six, token: &str) -> Vec<Value> {
    let rooms = six.get("/home", token).await["data"]["rooms"].clone();
    rooms.as_array().unwrap().iter().map(|room| room["num"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f9_rooms_say_how_many_are_in_them() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let mut first = six.socket(&one, 1).await.unwrap();
    let mut second = six.socket(&two, 1).await.unwrap();
    assert_eq!(counts(&six, &one).await, [2, 0, 0, 0, 0, 0]);
    // One more socket of theirs, elsewhere, and one that is nowhere yet.
    let _third = six.socket(&two, 6).await.unwrap();
    let _fourth = six.socket(&one, 0).await.unwrap();
    assert_eq!(counts(&six, &two).await, [2, 0, 0, 0, 0, 1]);
    second.say(json!({"state": 1, "data": {"room_id": "3"}})).await;
    while first.frame().await["state"] != 2 {}
    // Whoever goes is gone before they are somewhere else: what they ask next is answered there.
    second.say(json!({"state": 4, "data": {"room_id": "3"}})).await;
    assert_eq!(second.frame().await["data"]["count"], 1);
    assert_eq!(counts(&six, &one).await, [1, 0, 1, 0, 0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_two_sockets_of_one_person_are_in_two_rooms() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let mut first = six.socket(&one, 1).await.unwrap();
    let mut second = six.socket(&one, 2).await.unwrap();
    let mut here = six.socket(&two, 1).await.unwrap();
    let mut there = six.socket(&two, 2).await.unwrap();
    here.say(json!({"state": 3, "data": {"room_id": "1", "content": "in one"}})).await;
    there.say(json!({"state": 3, "data": {"room_id": "2", "content": "in two"}})).await;
    for (socket, room, content) in [(&mut first, "1", "in one"), (&mut second, "2", "in two")] {
        let said = socket.said().await["data"].clone();
        assert_eq!((&said["room_id"], &said["content"]), (&json!(room), &json!(content)));
    }
    assert!(first.is_silent().await && second.is_silent().await);
    // Neither was taken for a second login.
    first.say(json!({"state": 3, "data": {"room_id": "1", "content": "and back"}})).await;
    assert_eq!(here.said().await["data"]["content"], "and back");
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_what_is_said_to_nobody_is_not_kept() {
    let six = Six::new().await;
    let token = six.person("user1").await;
    let own = six.uid(&token).await;
    let mut socket = six.socket(&token, 1).await.unwrap();
    let foreign =
        [json!(own), json!(0), json!(-1), json!(own + 999), json!("9223372036854775807"), json!("9".repeat(30))];
    for to in foreign.iter().chain([&json!(""), &json!("x"), &json!([]), &json!(1.5)]) {
        socket.say(json!({"state": 5, "data": {"room_id": "1", "to_uid": to, "content": "lost"}})).await;
    }
    socket.0.send(Message::text("ping")).await.unwrap();
    assert_eq!(socket.frame().await["data"], "heartbeat ok", "and nothing is told of it");
    for uid in [-1, own + 999, i64::MAX] {
        let data = six.get(&format!("/pagination?uid={uid}"), &token).await["data"].clone();
        assert_eq!(data, json!({"count": 0, "list": null}), "{uid}");
    }
    assert_eq!(six.get("/private-chat", &token).await["data"]["msg_list"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_what_is_for_another_room_than_ones_own_is_passed_over() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let mut socket = six.socket(&one, 1).await.unwrap();
    let mut nowhere = six.socket(&one, 0).await.unwrap();
    let mut other = six.socket(&two, 2).await.unwrap();
    for room in ["2", "0", "7", "-1", "x", "", "1.0"] {
        for state in [3, 4] {
            let frame = json!({"state": state, "data": {"room_id": room, "content": "lost"}});
            socket.say(frame.clone()).await;
            nowhere.say(frame).await;
        }
    }
    // What is said next is answered, and was not preceded by anything.
    for socket in [&mut socket, &mut nowhere, &mut other] {
        socket.0.send(Message::text("ping")).await.unwrap();
        assert_eq!(socket.frame().await["data"], "heartbeat ok");
    }
    for room in ["1", "2"] {
        let data = six.get(&format!("/pagination?room_id={room}"), &one).await["data"].clone();
        assert_eq!(data, json!({"count": 0, "list": null}), "{room}");
    }
    socket.say(json!({"state": 4, "data": {"room_id": "1"}})).await;
    let listed = socket.frame().await["data"].clone();
    assert_eq!((&listed["count"], &listed["list"][0]["username"]), (&json!(1), &json!("user1")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_whom_another_system_vouches_for_is_nobody_here() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let there = six.town.chat.vouch("simple:shop", "bo", "").await.unwrap().person;
    let mut socket = six.socket(&one, 1).await.unwrap();
    let (foreign, own) = (there.id.0, six.uid(&two).await);
    for to in [foreign, own] {
        let data = json!({"room_id": "1", "to_uid": to.to_string(), "content": "hello"});
        socket.say(json!({"state": 5, "data": data})).await;
    }
    socket.0.send(Message::text("ping")).await.unwrap();
    assert_eq!(socket.frame().await["data"], "heartbeat ok", "and nothing is told of it");
    for (uid, count) in [(foreign, 0), (own, 1)] {
        assert_eq!(six.get(&format!("/pagination?uid={uid}"), &one).await["data"]["count"], count, "{uid}");
    }
    let who = six.native("user1").await;
    assert!(six.town.chat.find_private(&who, there.id).await.unwrap().is_none(), "nothing was begun");
}

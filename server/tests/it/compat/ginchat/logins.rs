//! 防止重复登录 (F1): of a person's sockets in one room the newest stays; in other rooms they are not
//! looked at.

use super::{Six, Socket};
use futures::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

fn replaced() -> Value {
    json!({"status": -1, "data": []})
}

async fn say(socket: &mut Socket, room: &str, content: &str) {
    socket.say(json!({"state": 3, "data": {"room_id": room, "content": content}})).await;
}

/// All that came before the answer to a heartbeat.
async fn until_now(socket: &mut Socket) -> Vec<Value> {
    socket.0.send(Message::text("ping")).await.unwrap();
    let mut frames = Vec::new();
    loop {
        let frame = socket.frame().await;
        if frame["data"] == "heartbeat ok" {
            return frames;
        }
        frames.push(frame);
    }
}

async fn numbers(six: &Six, token: &str) -> Vec<i64> {
    let rooms = six.get("/home", token).await["data"]["rooms"].clone();
    rooms.as_array().unwrap().iter().map(|room| room["num"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_each_login_in_a_room_sends_the_one_before_away_and_no_other() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let mut hearer = six.socket(&two, 1).await.unwrap();
    let mut elsewhere = six.socket(&one, 2).await.unwrap();
    let mut nowhere = six.socket(&one, 0).await.unwrap();
    let mut first = six.socket(&one, 1).await.unwrap();
    let mut second = six.socket(&one, 1).await.unwrap();
    assert_eq!(first.frame().await, replaced());
    let mut third = six.socket(&one, 1).await.unwrap();
    assert_eq!(second.frame().await, replaced());
    // One person is in the room, and came three times without going once.
    assert_eq!(numbers(&six, &one).await, [2, 1, 0, 0, 0, 0]);
    let told = until_now(&mut hearer).await;
    assert_eq!(told.iter().map(|frame| frame["state"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 1, 1]);
    say(&mut hearer, "1", "hello").await;
    assert_eq!(third.said().await["data"]["content"], "hello");
    for socket in [&mut elsewhere, &mut nowhere, &mut first, &mut second] {
        assert_eq!(until_now(socket).await, Vec::<Value>::new());
    }
    // Nor does one hear what is whispered who was sent away.
    let uid = six.uid(&one).await;
    hearer.say(json!({"state": 5, "data": {"room_id": "1", "to_uid": uid.to_string(), "content": "psst"}})).await;
    assert_eq!(third.said().await["data"]["content"], "psst");
    assert_eq!(until_now(&mut first).await, Vec::<Value>::new());
    // Whoever goes online once more where they are stays there.
    third.say(json!({"state": 1, "data": {"room_id": "1"}})).await;
    assert_eq!(until_now(&mut third).await, Vec::<Value>::new());
    assert_eq!(numbers(&six, &one).await, [2, 1, 0, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_going_into_a_room_where_one_is_already_is_a_second_login_too() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let mut here = six.socket(&two, 1).await.unwrap();
    let mut there = six.socket(&two, 2).await.unwrap();
    let mut first = six.socket(&one, 1).await.unwrap();
    let mut second = six.socket(&one, 2).await.unwrap();
    assert_eq!((here.frame().await["state"].clone(), there.frame().await["state"].clone()), (json!(1), json!(1)));
    second.say(json!({"state": 1, "data": {"room_id": "1"}})).await;
    assert_eq!(first.frame().await, replaced());
    let gone = there.frame().await;
    assert_eq!((&gone["state"], &gone["data"]["username"]), (&json!(2), &json!("user1")));
    let came = here.frame().await;
    assert_eq!((&came["state"], &came["data"]["username"]), (&json!(1), &json!("user1")));
    assert_eq!(numbers(&six, &one).await, [2, 1, 0, 0, 0, 0]);
    // The end of the one that was sent away is told to nobody.
    first.0.close(None).await.unwrap();
    while first.next().await.is_some() {}
    say(&mut second, "1", "still here").await;
    assert_eq!(here.frame().await["data"]["content"], "still here");
    assert_eq!(numbers(&six, &one).await, [2, 1, 0, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_whoever_was_sent_away_may_come_in_again() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let mut hearer = six.socket(&two, 1).await.unwrap();
    let mut old = six.socket(&one, 1).await.unwrap();
    let mut new = six.socket(&one, 1).await.unwrap();
    assert_eq!(old.frame().await, replaced());
    say(&mut old, "1", "unheard").await;
    old.say(json!({"state": 4, "data": {"room_id": "1"}})).await;
    assert_eq!(until_now(&mut old).await, Vec::<Value>::new(), "nowhere, so nothing is answered");
    old.say(json!({"state": 1, "data": {"room_id": "3"}})).await;
    until_now(&mut old).await;
    assert_eq!(numbers(&six, &one).await, [2, 0, 1, 0, 0, 0]);
    old.say(json!({"state": 1, "data": {"room_id": "1"}})).await;
    assert_eq!(new.frame().await, replaced());
    say(&mut old, "1", "heard").await;
    assert_eq!(hearer.said().await["data"]["content"], "heard");
}

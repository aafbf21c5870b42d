//! What frames and rows say of times and people, and the pages of private talk (F3, F4).

use super::{Six, Socket};
use crate::town::{Terms, client};
use chat::Clock;
use domain::ClientId;
use futures::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

/// Says it, and is here again once it is done.
async fn says(socket: &mut Socket, frame: Value) {
    socket.say(frame).await;
    socket.0.send(Message::text("ping")).await.unwrap();
    assert_eq!(socket.frame().await["data"], "heartbeat ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_frame_has_its_time_in_milliseconds() {
    let began = 1_740_996_184_321;
    let clock = Clock::fake(began);
    let six = Six::on(0, Terms { clock: clock.clone(), ..Terms::old() }).await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let (uid, mut hearer) = (six.uid(&one).await, six.socket(&one, 1).await.unwrap());
    clock.advance(1);
    let mut speaker = six.socket(&two, 1).await.unwrap();
    let told = |frame: &Value, state: i64, later: i64| {
        assert_eq!((&frame["state"], &frame["data"]["time"]), (&json!(state), &json!(began + later)), "{frame}");
    };
    told(&hearer.frame().await, 1, 1);
    clock.advance(20);
    says(&mut speaker, json!({"state": 3, "data": {"room_id": "1", "content": "hello"}})).await;
    told(&hearer.frame().await, 3, 21);
    clock.advance(300);
    speaker.say(json!({"state": 4, "data": {"room_id": "1"}})).await;
    told(&speaker.frame().await, 4, 321);
    clock.advance(4_000);
    says(&mut speaker, json!({"state": 5, "data": {"room_id": "1", "to_uid": uid, "content": "psst"}})).await;
    told(&hearer.frame().await, 5, 4_321);
    clock.advance(50_000);
    drop(speaker);
    told(&hearer.frame().await, 2, 54_321);
    // In rows they are whole seconds.
    for (path, content, at) in [
        ("/room/1".to_owned(), "hello", "2025-03-03T10:03:04+00:00"),
        (format!("/private-chat?uid={}", six.uid(&two).await), "psst", "2025-03-03T10:03:08+00:00"),
    ] {
        let row = six.get(&path, &one).await["data"]["msg_list"][0].clone();
        assert_eq!(
            (&row["content"], &row["created_at"], &row["updated_at"]),
            (&json!(content), &json!(at), &json!(at))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_rows_have_the_senders_face_of_today() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let (uid, to) = (six.uid(&one).await, six.uid(&two).await);
    let mut socket = six.socket(&one, 1).await.unwrap();
    says(&mut socket, json!({"state": 3, "data": {"room_id": "1", "content": "hello"}})).await;
    says(&mut socket, json!({"state": 5, "data": {"room_id": "1", "to_uid": to, "content": "psst"}})).await;
    let paths = [
        ("/room/1".to_owned(), "msg_list"),
        ("/pagination?room_id=1".to_owned(), "list"),
        (format!("/private-chat?uid={uid}"), "msg_list"),
        (format!("/pagination?uid={uid}"), "list"),
    ];
    for face in ["1231", "77"] {
        let fields = json!({"username": "user1", "password": "password", "avatar_id": face});
        client().post(format!("{}/login", six.base)).json(&fields).send().await.unwrap();
        for (path, list) in &paths {
            let row = six.get(path, &two).await["data"][list][0].clone();
            let sender = (&row["user_id"], &row["username"], &row["avatar_id"]);
            assert_eq!(sender, (&json!(uid), &json!("user1"), &json!(face)), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_private_talk_is_paged_by_hundreds_without_what_is_public() {
    let six = Six::new().await;
    let (one, two) = (six.person("user1").await, six.person("user2").await);
    let people = [six.native("user1").await, six.native("user2").await];
    let private = six.town.chat.start_private(&people[0], "user2").await.unwrap().id;
    for i in 0..250 {
        // In turns: to a stranger one cannot say so much.
        let writer = six.town.chat.writer(Some(&people[i % 2]), private).await.unwrap();
        let id = ClientId::parse(&format!("many-{i}")).unwrap();
        six.town.chat.post(&writer, &id, &format!("m{i}")).await.unwrap();
    }
    for (person, number) in people.iter().zip([1, 2]) {
        six.says(person, six.room(number).await, "for all").await;
    }
    let contents = |list: &Value| -> Vec<String> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().map(|row| row["content"].as_str().unwrap().to_owned()).collect()
    };
    let named = |from: i32, to: i32| (from..to).map(|i| format!("m{i}")).collect::<Vec<_>>();
    let back = |from: i32, to: i32| (from..to).rev().map(|i| format!("m{i}")).collect::<Vec<_>>();
    for (token, other) in [(&one, &people[1]), (&two, &people[0])] {
        let uid = other.person.id;
        for query in ["", "&offset=100", "&limit=1&page=2&count=3", "&room_id=1", "&sort=id+desc"] {
            let data = six.get(&format!("/private-chat?uid={uid}{query}"), token).await["data"].clone();
            assert_eq!(contents(&data["msg_list"]), named(150, 250), "{query}");
            assert_eq!(data["room_id"], if query == "&room_id=1" { "1" } else { "" }, "{query}");
        }
        for (query, page) in [
            ("", named(150, 250)),
            ("&offset=0", named(150, 250)),
            ("&offset=-1", named(150, 250)),
            ("&offset=x", named(150, 250)),
            ("&room_id=3&offset=0", named(150, 250)),
            ("&offset=100", back(50, 150)),
            ("&offset=200&limit=1&page=2", back(0, 50)),
            ("&offset=250", Vec::new()),
        ] {
            let data = six.get(&format!("/pagination?uid={uid}{query}"), token).await["data"].clone();
            assert_eq!((contents(&data["list"]), &data["count"]), (page.clone(), &json!(page.len())), "{query}");
            assert_eq!(data["list"].is_null(), page.is_empty(), "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_query_opens_nothing() {
    let six = Six::new().await;
    let token = six.person("user1").await;
    for path in ["/home", "/room/1", "/private-chat", "/pagination?room_id=1", "/ws"] {
        let and = if path.contains('?') { '&' } else { '?' };
        let answer = client().get(format!("{}{path}{and}token={token}", six.base)).send().await.unwrap();
        let place = answer.headers()["location"].to_str().unwrap();
        assert_eq!((answer.status().as_u16(), place), (302, "/compat/ginchat/"), "{path}");
        assert!(answer.bytes().await.unwrap().is_empty(), "{path}");
    }
    let url = format!("{}/ws?token={token}", six.base.replacen("http", "ws", 1));
    let Err(Error::Http(refused)) = tokio_tungstenite::connect_async(url).await else { panic!("it was let in") };
    assert_eq!((refused.status().as_u16(), refused.headers()["location"].to_str().unwrap()), (302, "/compat/ginchat/"));
    assert_eq!(six.get("/", "").await["data"], json!({"OnlineUserCount": 0}));
    assert!(six.socket(&token, 0).await.is_ok(), "in its header it does");
}

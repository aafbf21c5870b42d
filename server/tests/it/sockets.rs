//! The live socket: talk, resume, limits, ends.

use crate::town::{Browser, Socket, Town};
use domain::gate::{GateRule, Opening};
use domain::room::{Room, Visibility};
use futures::SinkExt;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

async fn post(socket: &mut Socket, room: &Room, id: &str, text: &str) -> Value {
    socket.send("post", json!({"room": room.id, "client_id": id, "text": text})).await;
    socket.hears("posted").await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_talk() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let (mut a, mut b) = (ana.socket().await, ben.socket().await);
    assert_eq!(a.enter(&room, None).await["kind"], "entered");
    assert_eq!(b.enter(&room, None).await["kind"], "entered");
    let posted = post(&mut a, &room, "c1", "hello").await;
    let heard = loop {
        let event = b.hears("event").await;
        if event["what"]["said"].is_object() {
            break event;
        }
    };
    assert_eq!(heard["seq"], posted["seq"]);
    assert_eq!(heard["what"]["said"]["message"]["author"]["name"], "ana");
    assert_eq!(post(&mut a, &room, "c1", "hello").await["id"], posted["id"], "a resend");
    b.send("typing", json!({"room": room.id})).await;
    assert_eq!(a.hears("typing").await["person"]["name"], "ben");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_listens_but_does_not_speak() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let open = town.room("open", Visibility::Open, &ana).await;
    let mut guest = town.stranger().socket().await;
    assert_eq!(guest.enter(&room, None).await["kind"], "entered");
    assert_eq!(guest.enter(&open, None).await["problem"]["code"], "not_found");
    guest.send("post", json!({"room": room.id, "client_id": "g", "text": "x"})).await;
    assert_eq!(guest.hears("refused").await["problem"]["code"], "sign_in_needed");
    town.says(&ana, &room, "c1", "for everybody").await;
    assert_eq!(guest.hears("event").await["what"]["said"]["message"]["author"]["name"], "ana");
}

/// Cut at random places, a listener that resumes has the whole log, once and in order.
#[tokio::test(flavor = "multi_thread")]
async fn resuming_after_cuts_gives_everything_once() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let mut socket = ben.socket().await;
    let entered = socket.enter(&room, None).await;
    let epoch = entered["position"]["epoch"].as_i64().unwrap();
    let first = entered["position"]["seq"].as_i64().unwrap();
    let speaker = {
        let (chat, room, who) = (town.chat.clone(), room.clone(), ana.who.clone());
        tokio::spawn(async move {
            for i in 0..50 {
                let writer = chat.writer(who.as_ref(), room.id).await.unwrap();
                let id = domain::ClientId::parse(&format!("c{i}")).unwrap();
                chat.post(&writer, &id, &format!("line {i}")).await.unwrap();
                tokio::time::sleep(Duration::from_millis(i * 7 % 11)).await;
            }
        })
    };
    let mut seq = first;
    let mut cuts = 0;
    while seq < first + 50 {
        let frame = socket.frame().await;
        if frame["kind"] == "event" {
            assert_eq!(frame["seq"].as_i64(), Some(seq + 1), "in order, no gap, no double");
            seq += 1;
            if seq % 6 == 0 {
                cuts += 1;
                drop(socket);
                socket = ben.socket().await;
                assert_eq!(socket.enter(&room, Some((epoch, seq))).await["kind"], "entered");
            }
        }
    }
    speaker.await.unwrap();
    assert!(cuts >= 7, "{cuts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_ends_its_sockets() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let (mut here, mut there) = (ana.socket().await, ana.socket().await);
    let (status, _) = ana.call("sign-out", &[]).await;
    assert_eq!(status, 200);
    assert_eq!(here.code().await, 4501);
    assert_eq!(there.code().await, 4501);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_hears_no_more() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("den", Visibility::Private, &ana).await;
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let person = ben.who.as_ref().unwrap().person.id;
    town.chat.add_member(&host, person, domain::member::Role::Member).await.unwrap();
    let mut socket = ben.socket().await;
    assert_eq!(socket.enter(&room, None).await["kind"], "entered");
    let (status, problem) =
        ana.call("remove-member", &[("room", &room.id.to_string()), ("person", &person.to_string())]).await;
    assert_eq!(status, 200, "{problem}");
    assert_eq!(socket.hears("gone").await["room"], json!(room.id));
    town.says(&ana, &room, "c1", "secret").await;
    socket.send_ping().await;
    assert_eq!(socket.frame().await["kind"], "pong", "nothing of the room in between");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_says_hello_first_and_soon() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let plain = |browser: &Browser| connect_async(browser.upgrade(Some(&town.base())));
    let mut rude = Socket(plain(&ana).await.unwrap().0);
    rude.send_ping().await;
    assert_eq!(rude.frame().await["problem"]["field"], "hello");
    let mut old = Socket(plain(&ana).await.unwrap().0);
    old.send("hello", json!({"version": 99})).await;
    assert_eq!(old.code().await, 4500);
    assert_eq!(rude.code().await, 4002, "silent for five seconds");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_commands_close() {
    let town = Town::new().await;
    let mut socket = town.person("ana").await.socket().await;
    for _ in 0..80 {
        if socket.0.send(Message::text("\"ping\"")).await.is_err() {
            break;
        }
    }
    assert_eq!(socket.code().await, 4029);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_ten_sockets() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(ana.socket().await);
    }
    let refused = connect_async(ana.upgrade(Some(&town.base()))).await.unwrap_err();
    assert!(refused.to_string().contains("429"), "{refused}");
    open.clear();
    tokio::time::timeout(Duration::from_secs(10), async {
        while connect_async(ana.upgrade(Some(&town.base()))).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await
    .expect("a seat is free again");
}

/// Whoever comes too early waits, is counted, and is called in; who is inside when it shuts
/// is told so and hears no more.
#[tokio::test(flavor = "multi_thread")]
async fn a_gate_opens_and_shuts_over_the_socket() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    town.chat.change_gate(&host, GateRule { opening: Opening::Host, ..GateRule::default() }).await.unwrap();
    let mut b = ben.socket().await;
    let waiting = b.enter(&room, None).await;
    assert_eq!(
        (&waiting["kind"], &waiting["gate"]["opening"], &waiting["gate"]["phase"]),
        (&json!("waiting"), &json!("host"), &json!("closed"))
    );
    let mut guest = town.stranger().socket().await;
    assert_eq!(guest.enter(&room, None).await["kind"], "waiting");
    while b.hears("waiting").await["gate"]["waiting"] != 2 {}
    b.send("post", json!({"room": room.id, "client_id": "early", "text": "let me in"})).await;
    assert_eq!(b.hears("refused").await["problem"]["code"], "shut");

    let mut a = ana.socket().await;
    assert_eq!(a.enter(&room, None).await["kind"], "entered");
    b.hears("opened").await;
    guest.hears("opened").await;
    assert_eq!(b.enter(&room, None).await["kind"], "entered");
    post(&mut a, &room, "c1", "welcome").await;
    assert_eq!(b.hears("event").await["room"], json!(room.id));

    town.chat.open_room_now(&host, false).await.unwrap();
    assert_eq!(b.hears("gone").await["problem"]["code"], "shut");
    post(&mut a, &room, "c2", "among ourselves").await;
    b.0.send(Message::text(r#""ping""#)).await.unwrap();
    // Waiting, as her page would find out by itself: the next thing she hears is the answer.
    loop {
        let frame = b.frame().await;
        assert_ne!(frame["kind"], "event", "{frame}");
        if frame["kind"] == "pong" {
            break;
        }
    }
}

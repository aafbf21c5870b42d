//! Whatever comes in: a typed refusal, nothing changed, never a 5xx.

use crate::town::{FORM, Town};
use domain::room::Visibility;
use futures::SinkExt;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

async fn raw(town: &Town, kind: &str, body: Vec<u8>) -> (StatusCode, Value) {
    let request = town.stranger().request(Method::POST, "/call/sign-in").header(ACCEPT, "application/json");
    let answer = request.header(CONTENT_TYPE, kind).body(body).send().await.unwrap();
    let status = answer.status();
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_call_is_refused_as_a_problem() {
    let town = Town::new().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (kind, body) in [
        (FORM, b"".to_vec()),
        (FORM, b"name=ana".to_vec()),
        (FORM, b"name=ana&password=\xff\xfe".to_vec()),
        (FORM, b"name=ana&name=ben&password=x".to_vec()),
        (FORM, b"&&&===%%%zz".to_vec()),
        (FORM, b"name[a][b][c]=1".to_vec()),
        (FORM, [b"name".to_vec(), "[a]".repeat(20_000).into_bytes(), b"=1".to_vec()].concat()),
        (FORM, "a=1&".repeat(60_000).into_bytes()),
        ("application/json", deep.into_bytes()),
        ("application/json", b"{\"name\":\"ana\",\"password\":\"x\"}".to_vec()),
        ("text/plain", b"name=ana&password=x".to_vec()),
        ("multipart/form-data; boundary=x", b"--x--".to_vec()),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let (status, problem) = raw(&town, kind, body).await;
        assert!(status.is_client_error(), "{kind} {shown}: {status}");
        assert!(problem["code"].is_string(), "{kind} {shown}: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused() {
    let town = Town::new().await;
    let (status, problem) = raw(&town, FORM, format!("name={}", "x".repeat(256 * 1024)).into_bytes()).await;
    assert_eq!((status.as_u16(), problem["limit"].as_u64()), (413, Some(256 * 1024)));
    // Without its length said before.
    let pieces = futures::stream::iter((0..300).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1024])));
    let request = town.stranger().request(Method::POST, "/call/sign-in").header(CONTENT_TYPE, FORM);
    let answer = request.body(reqwest::Body::wrap_stream(pieces)).send().await;
    assert!(answer.is_err() || answer.unwrap().status() == 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_have_limits_at_every_door() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let mut socket = ana.socket().await;
    let id = room.id.to_string();
    for (n, text) in [String::new(), " \n ".into(), "字".repeat(4_001), "a\u{0}b".into()].into_iter().enumerate() {
        let name = format!("c{n}");
        let (status, problem) = ana.call("post-message", &[("room", &id), ("client_id", &name), ("text", &text)]).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (422, Some("invalid")), "{n}");
        socket.send("post", json!({"room": room.id, "client_id": name, "text": text})).await;
        let refused = socket.hears("refused").await;
        assert_eq!((refused["of"].as_str(), &refused["problem"]), (Some(name.as_str()), &problem), "the same words");
    }
    let reader = town.chat.reader(ana.who.as_ref(), room.id).await.unwrap();
    assert!(town.chat.history(&reader, None).await.unwrap().messages.is_empty(), "nothing changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_frames_are_refused_and_the_socket_stays() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let ben = town.person("ben").await;
    let secret = town.room("secret", Visibility::Private, &ben).await;
    let mut socket = ana.socket().await;
    for (frame, of) in [
        ("{\"dance\":{}}".to_owned(), "dance"),
        ("\"dance\"".into(), "dance"),
        ("{\"kind\":\"ping\"}".into(), "kind"),
        ("{\"ping\":null,\"leave\":{\"room\":1}}".into(), "frame"),
        ("{}".into(), "frame"),
        ("null".into(), "frame"),
        ("{\"enter\":{}}".into(), "enter"),
        ("{\"enter\":{\"room\":1e400}}".into(), "frame"),
        ("{\"enter\":{\"room\":\"1\"}}".into(), "enter"),
        ("{\"post\":{\"room\":1,\"client_id\":\"no good\",\"text\":\"x\"}}".into(), "post"),
        ("[".repeat(30_000), "frame"),
        ("\u{feff}{}".into(), "frame"),
    ] {
        socket.0.send(Message::text(frame.clone())).await.unwrap();
        let refused = socket.hears("refused").await;
        assert_eq!(refused["of"], of, "{frame:.60}");
        assert_eq!(refused["problem"]["code"], "invalid");
    }
    for room in [secret.id.0, 0, -1, i64::MAX] {
        for kind in ["enter", "post"] {
            socket.send(kind, json!({"room": room, "client_id": "c", "text": "x"})).await;
            let refused = socket.hears("refused").await;
            assert_eq!(refused["problem"], json!({"code": "not_found", "thing": "room"}), "{kind} {room}");
        }
    }
    socket.send_ping().await;
    assert_eq!(socket.frame().await["kind"], "pong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_the_future_is_reset() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let seq = town.says(&ana, &room, "c1", "one").await;
    let mut socket = ana.socket().await;
    let entered = socket.enter(&room, None).await;
    let epoch = entered["position"]["epoch"].as_i64().unwrap();
    for place in [(epoch, seq + 1_000), (epoch + 1, 0), (epoch, i64::MAX), (epoch, -5)] {
        let mut socket = ana.socket().await;
        let answer = socket.enter(&room, Some(place)).await;
        assert!(answer["kind"] == "reset" || answer["kind"] == "entered", "{place:?} {answer}");
        if place.1 > seq || place.0 != epoch {
            assert_eq!(answer["kind"], "reset", "{place:?}");
        }
        drop(socket);
    }
    socket.send("seen", json!({"room": room.id, "seq": i64::MAX})).await;
    socket.send_ping().await;
    assert_eq!(socket.hears("pong").await["kind"], "pong", "seen is clamped");
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_break_the_protocol_close_with_a_code() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let mut large = ana.socket().await;
    large.0.send(Message::text("x".repeat(64 * 1024 + 1))).await.unwrap();
    assert_eq!(large.code().await, 1009);
    let mut binary = ana.socket().await;
    binary.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(binary.code().await, 1003);
    let mut whole = ana.socket().await;
    whole.0.send(Message::text(format!("[\"{}\"]", "x".repeat(64 * 1024 - 4)))).await.unwrap();
    assert_eq!(whole.hears("refused").await["of"], "frame", "64 KiB are taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_lead_nowhere_else() {
    let town = Town::new().await;
    for path in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/pkg/../../secret.txt",
        "/.%2e/secret.txt",
        "/media/1/..%2f..%2fsecret.txt/full",
        "/robots.txt/../../secret.txt",
        "/\\..\\secret.txt",
        "/%00",
        "/r/%ff%fe",
        "/r/..",
        "/media/99999999999999999999/0123456789abcdef0123456789abcdef/full",
        "/media/-1/x/full",
        "/media/1/x/999",
    ] {
        let answer = town.stranger().get(path).await;
        let status = answer.status();
        let body = answer.text().await.unwrap();
        assert!(!body.contains("not for you"), "{path}");
        assert!(status.is_client_error() || status.is_redirection() || status == 200, "{path} {status}");
        assert!(!status.is_server_error(), "{path} {status}");
    }
}

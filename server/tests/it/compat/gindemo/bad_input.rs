//! What no client should send: the protocol's own words for it, and nothing is kept of it.

use super::Demo;
use crate::town::client;
use futures::SinkExt;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read() {
    let demo = Demo::new().await;
    let long = "x".repeat(300_000);
    let json = json!({"user_name": "1", "password": long}).to_string();
    let form = format!("user_name=1&password={long}");
    let parts = format!("--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{long}\r\n--b--\r\n");
    let (unread, large) = ("the body cannot be read", "the body is too large");
    for (path, status, msg) in [
        ("/user/register", 41000, "用户 注册失败"),
        ("/user/login", 41002, "用户 登录失败"),
        ("/user/set_password", 41004, "用户 设置密码失败"),
        ("/user/logout", 41014, "用户 登出失败"),
    ] {
        for (kind, body, error) in [
            ("application/json", json.as_str(), large),
            ("application/x-www-form-urlencoded", form.as_str(), large),
            ("multipart/form-data; boundary=b", parts.as_str(), large),
            ("multipart/form-data; boundary=b", "--b\r\nnonsense", unread),
            ("multipart/form-data; boundary=b", "", unread),
            ("multipart/form-data", "--b--\r\n", unread),
        ] {
            let request = client().post(format!("{}{path}", demo.base)).header(CONTENT_TYPE, kind);
            let answer = request.body(body.to_owned()).send().await.unwrap();
            assert_eq!(answer.status(), 400, "{path} {kind}");
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(answer, json!({"status": status, "data": null, "msg": msg, "error": error}), "{path} {kind}");
        }
    }
    assert!(demo.town.chat.find_person("1").await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_cannot_be_read_ends_its_connection() {
    let demo = Demo::new().await;
    let (one, _) = (demo.person("1").await, demo.person("2").await);
    for odd in [r#"{"op_type":"1"}"#, "[]", r#"{"to":7,"op_type":1}"#, "null", "1", ""] {
        let mut socket = demo.socket("1", "2", Some(&one)).await.unwrap();
        socket.0.send(Message::text(odd)).await.unwrap();
        let told = json!({
            "from": "System", "to": "1", "type": 1, "op_type": 40000, "content": "数据错误",
            "msg": "websocket 数据解析失败"
        });
        assert_eq!(socket.frame().await, told, "{odd}");
        assert_eq!(socket.next().await, None, "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_to_nobody_is_not_kept() {
    let demo = Demo::new().await;
    let (one, _) = (demo.person("1").await, demo.person("2").await);
    let mut socket = demo.socket("1", "2", Some(&one)).await.unwrap();
    for to in [String::new(), "a b".to_owned(), "\u{0}".to_owned(), "x".repeat(10_000)] {
        socket.say(json!({"to": to, "op_type": 1, "content": "lost\nhello"})).await;
        let frame = socket.frame().await;
        assert_eq!((&frame["op_type"], &frame["content"]), (&json!(40019), &json!("接收方不在线")), "{to:.20}");
        // Neither is there anything to read, so that the next answer is that to the next message.
        for op in [2, 3] {
            socket.say(json!({"to": to, "op_type": op, "content": ""})).await;
        }
    }
    // What its client called it names nothing.
    socket.say(json!({"op_type": 5, "content": "lost"})).await;
    let frame = socket.frame().await;
    assert_eq!((&frame["op_type"], &frame["content"]), (&json!(40012), &json!("删除失败not_found")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_a_password_has_at_most_72_bytes() {
    let demo = Demo::new().await;
    let longest = "密".repeat(24);
    let sends = async |path: &str, password: &str| -> Value {
        demo.post(path, json!({"user_name": "1", "password": password})).await.json().await.unwrap()
    };
    let refused = json!({"status": 41004, "data": null, "msg": "用户 设置密码失败", "error": ""});
    assert_eq!(sends("/user/register", &format!("{longest}x")).await, refused);
    assert!(demo.town.chat.find_person("1").await.unwrap().is_none());
    assert_eq!(sends("/user/register", &longest).await["status"], 41001);
    assert_eq!(sends("/user/login", &longest).await["status"], 41003);
}

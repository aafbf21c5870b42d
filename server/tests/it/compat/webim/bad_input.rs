//! What no client should send: the protocol's own words for it, never a fault of ours.

use super::Place;
use crate::town::client;
use futures::SinkExt;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const AUTH: &str = "身份验证失败！";

async fn raw(place: &Place, method: Method, path: &str, token: &str, kind: &str, body: &str) -> Value {
    let request = client().request(method, format!("{}{path}", place.base)).bearer_auth(token);
    let answer = request.header("content-type", kind).body(body.to_owned()).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path} {body}");
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let room_1 = json!({"c_id": 5, "url": "http://127.0.0.1:9/", "order": 1, "room": 1});
    place.post("/pics", &root, room_1.clone()).await;
    let long = format!("{{\"url\":\"{}\"}}", "x".repeat(300_000));
    for body in ["", "{", "[]", "null", "\u{0}", "{\"url\":5}", "{\"order\":\"x\"}", "{\"room\":77}", long.as_str()] {
        for (method, path, code, msg) in [
            (Method::POST, "/login", 302, "登陆失败！"),
            (Method::POST, "/pics", 204, "添加失败"),
            (Method::PUT, "/pic/5", 204, "更新失败"),
            (Method::PUT, "/api/admin/course/5", 204, "更新失败"),
            (Method::POST, "/api/admin/chats", 204, "添加失败"),
        ] {
            // An empty body leaves everything out, which a picture may.
            if body.is_empty() && path != "/login" && path != "/api/admin/chats" {
                continue;
            }
            let answer = raw(&place, method, path, &root, "application/json", body).await;
            assert_eq!(answer, json!({"code": code, "msg": msg, "data": ""}), "{path} {}", &body[..body.len().min(40)]);
        }
    }
    for kind in ["multipart/form-data; boundary=x", "application/octet-stream", "image/png"] {
        assert_eq!(raw(&place, Method::POST, "/pics", &root, kind, "--x").await["msg"], "添加失败", "{kind}");
    }
    let form = "c_id=6&url=http%3A%2F%2F127.0.0.1%3A9%2F&order=2&room=1";
    let made = raw(&place, Method::POST, "/pics", &root, "application/x-www-form-urlencoded", form).await;
    assert_eq!(made["data"]["c_id"], 6, "a form is read as well");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_lead_nowhere() {
    let place = Place::new().await;
    let root = place.token("root").await;
    for (method, path, code, msg) in [
        (Method::DELETE, "/pic/x", 202, "传入参数不对"),
        (Method::DELETE, "/pic/404", 204, "查询失败"),
        (Method::DELETE, "/pic/%FF", 202, "传入参数不对"),
        (Method::PUT, "/pic/%FF", 204, "更新失败"),
        (Method::GET, "/pic/%FF", 204, "查询失败"),
        (Method::DELETE, "/api/admin/pic/%FF", 202, "传入参数不对"),
        (Method::DELETE, "/api/admin/course/%FF", 202, "传入参数不对"),
        (Method::PUT, "/api/admin/course/%FF", 204, "更新失败"),
        (Method::GET, "/api/admin/course/%FF", 204, "查询失败"),
        (Method::DELETE, "/api/admin/chat/%FF", 202, "传入参数不对"),
        (Method::PUT, "/api/admin/chat/%FF", 204, "更新失败"),
        (Method::GET, "/api/admin/chat/%FF", 204, "查询失败"),
        (Method::DELETE, "/api/admin/pic/99999999999999999999", 202, "传入参数不对"),
        (Method::PUT, "/pic/404", 204, "更新失败"),
        (Method::PUT, "/pic/x", 204, "更新失败"),
        (Method::GET, "/api/admin/pic/404", 204, "查询失败"),
        (Method::GET, "/api/admin/pic/x", 204, "查询失败"),
        (Method::DELETE, "/api/admin/course/404", 204, "查询失败"),
        (Method::DELETE, "/api/admin/video/x", 202, "传入参数不对"),
        (Method::GET, "/api/admin/history/404", 204, "查询失败"),
        (Method::DELETE, "/api/admin/chat/x", 202, "传入参数不对"),
        (Method::DELETE, "/api/admin/chat/404", 204, "查询失败"),
        (Method::PUT, "/api/admin/chat/404", 204, "更新失败"),
    ] {
        let answer = place.ask(method.clone(), path, &root, &json!({"url": "x"})).await;
        assert_eq!(answer, json!({"code": code, "msg": msg, "data": ""}), "{method} {path}");
    }
    for path in ["/media/x", "/media/0123456789abcdef0123456789abcdef", "/nothing", "/media/%FF"] {
        let status = client().get(format!("{}{path}", place.base)).send().await.unwrap().status().as_u16();
        assert_eq!(status, 404, "{path}");
    }
}

/// Puts one of everything into room 1; the number of what was said.
async fn furnish(place: &Place, root: &str, body: &Value) -> i64 {
    for many in ["pics", "courses", "records", "histories", "videos"] {
        let made = place.post(&format!("/api/admin/{many}"), root, body.clone()).await;
        assert_eq!(made["code"], 201, "{many}: {made}");
    }
    place.post("/api/admin/chats", root, json!({"url": "hello", "room": 1})).await["data"]["id"].as_i64().unwrap()
}

/// All that there is.
async fn furniture(place: &Place, root: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for many in ["pics", "courses", "records", "histories", "videos", "chats"] {
        let listed = place.get(&format!("/api/{many}"), root).await;
        assert_eq!(listed["data"].as_array().unwrap().len(), 1, "{many}: {listed}");
        all.push(listed);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_write_is_told_so_in_json() {
    let place = Place::new().await;
    place.person("ana").await;
    let root = place.token("root").await;
    let ana = place.token("ana").await;
    let body = json!({"c_id": 1, "url": "http://127.0.0.1:9/", "content": "here", "order": 1, "room": 1});
    let chat = format!("chat/{}", furnish(&place, &root, &body).await);
    let before = furniture(&place, &root).await;
    let mut asked = vec![(Method::POST, "/pics".to_owned()), (Method::DELETE, "/pic/x".into())];
    for many in ["pics", "courses", "records", "histories", "videos", "chats"] {
        asked.push((Method::POST, format!("/api/admin/{many}")));
    }
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        asked.push((method.clone(), "/pic/1".into()));
        for one in ["pic/1", "course/1", "record/1", "history/1", "video/1", &chat] {
            asked.push((method.clone(), format!("/api/admin/{one}")));
        }
    }
    for token in ["", "x", ana.as_str()] {
        for (method, path) in &asked {
            let answer = place.ask(method.clone(), path, token, &json!({"url": "gone", "room": 1})).await;
            assert_eq!(answer, json!({"code": 302, "msg": AUTH, "data": ""}), "{method} {path} {token}");
        }
    }
    assert_eq!(furniture(&place, &root).await, before, "and nothing was changed");
    for path in ["/api/pics", "/api/chats", "/api/courses", "/api/auth/user"] {
        assert_eq!(place.get(path, "x").await["msg"], AUTH, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_frames_do_no_harm() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let mut r = place.join(&root, 1).await;
    for odd in ["", " ", "\u{200B}", &"长".repeat(5_000), "\u{7}", "data:image/png;base64,"] {
        r.say(odd).await;
    }
    r.say("ok").await;
    loop {
        let frame = r.hears(2).await;
        if frame["User"] == "root" && frame["Content"] == "ok" {
            break;
        }
    }
    // It is closed while this is on its way.
    let _ = r.0.send(Message::text("x".repeat(9 * 1024 * 1024))).await;
    r.is_closed().await;
    let mut again = place.join(&root, 1).await;
    again.say("still here").await;
    assert_eq!(again.hears(2).await["Content"], "still here");
}

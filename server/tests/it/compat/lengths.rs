//! Bodies that say themselves that they are too long: answered at once, in each facade's own words.

use super::doors::Doors;
use crate::town::client;
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use server::gate::limits::UPLOAD_BYTES;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than anything that is answered at once, and shorter than a body may stand still.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends the head of a request, and of its body a brace; the answer's status and body.
async fn declared(base: &str, path: &str, header: &str) -> (u16, Value) {
    let address = base.strip_prefix("http://").unwrap();
    let (authority, prefix) = address.split_at(address.find('/').unwrap_or(address.len()));
    let mut stream = TcpStream::connect(authority).await.unwrap();
    let length = UPLOAD_BYTES + 1;
    let kind = if path.contains("upload") { "multipart/form-data; boundary=b" } else { "application/json" };
    let head = format!(
        "POST {prefix}{path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: {kind}\r\n\
        Content-Length: {length}\r\n{header}\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The end may be a reset: the brace was not read.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an answer, and the end");
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.to_ascii_lowercase().contains("\r\nconnection: close"), "{path}: {head}");
    (head[9..12].parse().unwrap(), serde_json::from_str(body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_all_limits_is_refused_in_the_protocols_own_words() {
    let doors = Doors::with(Compat::default()).await;
    doors.town.person("ben").await;
    let own = |facade| doors.own(facade);
    let bearer = format!("Authorization: bearer {}\r\n", own(Facade::Tyut));
    let to = {
        let url = format!("{}/compat/tyut/api/users", doors.town.base());
        let listed: Value =
            client().get(url).bearer_auth(own(Facade::Tyut)).send().await.unwrap().json().await.unwrap();
        let list = listed["data"]["list"].as_array().unwrap().clone();
        list.iter().find(|line| line["user_name"] == "ben").unwrap()["user_id"].as_str().unwrap().to_owned()
    };
    let upload = format!("/api/files/upload?target_id={to}");
    let token = |facade| format!("token: {}\r\n", own(facade));
    let of_seven = |msg: &str| json!({"code": 7, "data": {}, "msg": msg});
    let gindemo =
        |status: u32, msg: &str| json!({"status": status, "data": null, "msg": msg, "error": "the body is too large"});
    for (facade, path, header, status, answer) in [
        (Facade::Webim, "/login", String::new(), 200, json!({"code": 302, "msg": "登陆失败！", "data": ""})),
        (Facade::Tyut, "/api/users/register", String::new(), 200, of_seven("请求不是有效的JSON")),
        (Facade::Tyut, "/api/users/login", String::new(), 200, of_seven("非法邮箱")),
        (Facade::Tyut, upload.as_str(), bearer, 200, of_seven("保存文件失败")),
        (Facade::Simple, "/rm/room/create_room", token(Facade::Simple), 200, json!({"code": -1, "msg": "系统错误"})),
        (Facade::Gindemo, "/user/register", String::new(), 400, gindemo(41000, "用户 注册失败")),
        (Facade::Gindemo, "/user/login", String::new(), 400, gindemo(41002, "用户 登录失败")),
        (Facade::Ginchat, "/login", String::new(), 200, of_seven("http: request body too large")),
        (
            Facade::Ginchat,
            "/img-upload",
            token(Facade::Ginchat),
            200,
            of_seven("upload file err: the file is too large"),
        ),
        (
            Facade::Ginchat,
            "/img-kr-upload",
            token(Facade::Ginchat),
            200,
            of_seven("upload file err: the file is too large"),
        ),
    ] {
        for base in doors.town.mounts(facade).await {
            assert_eq!(declared(&base, path, &header).await, (status, answer.clone()), "{base}{path}");
        }
    }
}

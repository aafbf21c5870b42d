//! tyut (seed 001): a row of its protocol each, and what is refused.

mod files;
mod group;
mod limits;
mod lists;
mod private;
mod users;

use super::replay;
use crate::town::{Browser, PASSWORD, Socket, Terms, Town, client};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chat::Visit;
use domain::RoomId;
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use std::time::Duration;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// A town whose people come by tyut.
struct Campus {
    town: Town,
    base: String,
}

/// Somebody with a token.
struct Student {
    token: String,
    id: String,
    name: String,
    browser: Browser,
}

impl Campus {
    async fn new() -> Self {
        Self::on(Terms::old()).await
    }

    async fn on(terms: Terms) -> Self {
        let old = Compat { compat: vec![Facade::Tyut], ..terms.old };
        let town = Town::on(Terms { old, ..terms }).await;
        let base = format!("{}/compat/tyut", town.base());
        Self { town, base }
    }

    /// Who has an account already, and a token without the way through their mail.
    async fn student(&self, name: &str) -> Student {
        let browser = self.town.person(name).await;
        let visit = Visit { address: [127, 0, 0, 1].into(), user_agent: "test".into() };
        let token = self.town.chat.sign_in_at("tyut", name, PASSWORD, &visit, None).await.unwrap().token;
        let listed = self.get("/api/users?limit=100", &token).await;
        let own = listed["data"]["list"].as_array().unwrap().iter().find(|line| line["user_name"] == name).unwrap();
        Student { token, id: own["user_id"].as_str().unwrap().to_owned(), name: name.to_owned(), browser }
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        self.send(path, token, body.to_string()).await
    }

    async fn send(&self, path: &str, token: &str, body: String) -> Value {
        let request = client().post(format!("{}{path}", self.base)).header("authorization", format!("bearer {token}"));
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    async fn get(&self, path: &str, token: &str) -> Value {
        let request = client().get(format!("{}{path}", self.base)).header("authorization", format!("Bearer {token}"));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    async fn list(&self, path: &str, token: &str) -> (u64, Vec<Value>) {
        let answer = self.get(path, token).await;
        assert_eq!((&answer["code"], &answer["msg"]), (&json!(0), &json!("成功")), "{path}: {answer}");
        let data = &answer["data"];
        (data["count"].as_u64().unwrap(), data["list"].as_array().unwrap().clone())
    }

    async fn upload(&self, who: &Student, to: &str, name: &str, content: &str) -> Value {
        let url = format!("{}/api/files/upload?target_id={to}", self.base);
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--b--\r\n"
        );
        let request = client().post(url).header("authorization", format!("bearer {}", who.token));
        let request = request.header("content-type", "multipart/form-data; boundary=b").body(body);
        serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap()
    }

    async fn socket(&self, path: &str, who: &Student) -> Socket {
        let base = self.base.replacen("http", "ws", 1);
        let and = if path.contains('?') { '&' } else { '?' };
        let url = format!("{base}{path}{and}Authorization=bearer%20{}", who.token);
        Socket(connect_async(url.into_client_request().unwrap()).await.unwrap().0)
    }

    /// Once the house knows of it: what is no JSON is answered.
    async fn group(&self, who: &Student) -> Socket {
        let mut socket = self.socket("/api/chat_groups", who).await;
        say(&mut socket, "?").await;
        while heard(&mut socket).await["content"] != "参数绑定失败" {}
        socket
    }

    async fn with(&self, who: &Student, target: &Student) -> Socket {
        let mut socket = self.socket(&format!("/api/chat_private?target_id={}", target.id), who).await;
        say(&mut socket, "?").await;
        while heard(&mut socket).await["content"] != "消息解析失败" {}
        socket
    }

    async fn lobby(&self) -> RoomId {
        self.town.chat.find_room_of("tyut", "globaluser").await.unwrap().unwrap()
    }

    /// The codes that were sent to an address, once there are so many.
    async fn codes(&self, to: &str, count: usize) -> Vec<String> {
        for _ in 0..1_000 {
            let found = codes_in(&self.town.data().join("mail"), to);
            if found.len() >= count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{to} got fewer than {count} codes");
    }
}

async fn say(socket: &mut Socket, text: &str) {
    use futures::SinkExt;
    // The other end may have closed it meanwhile.
    let _ = socket.0.send(Message::text(text)).await;
}

async fn text(socket: &mut Socket, content: &str) {
    say(socket, &json!({"content": content, "msg_type": 4}).to_string()).await;
}

async fn heard(socket: &mut Socket) -> Value {
    serde_json::from_str(socket.next().await.to_text().unwrap()).unwrap()
}

/// Nothing comes for a while.
async fn silent(socket: &mut Socket) -> bool {
    use futures::StreamExt;
    tokio::time::timeout(Duration::from_millis(400), socket.0.next()).await.is_err()
}

fn refused(text: &str) -> Value {
    json!({"code": 7, "data": {}, "msg": text})
}

fn codes_in(folder: &std::path::Path, to: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        // Written under another name first.
        if entry.path().extension().is_none_or(|ending| ending != "eml") {
            continue;
        }
        let mail = std::fs::read_to_string(entry.path()).unwrap();
        if mail.lines().any(|line| line == format!("To: {to}")) {
            found.push((entry.metadata().unwrap().modified().unwrap(), code_in(&mail)));
        }
    }
    found.sort();
    found.into_iter().map(|(_, code)| code).collect()
}

/// What stands behind the document's words in the plain part, whichever way it is encoded.
fn code_in(mail: &str) -> String {
    let part = mail.split("Content-Type: text/plain").nth(1).unwrap();
    let (head, body) = part.split_once("\r\n\r\n").unwrap();
    let body = body.split("\r\n--").next().unwrap();
    let plain = if head.contains("base64") {
        String::from_utf8(STANDARD.decode(body.replace("\r\n", "")).unwrap()).unwrap()
    } else {
        let joined = body.replace("=\r\n", "");
        joined.replace("=E4=BD=A0=E7=9A=84=E9=AA=8C=E8=AF=81=E7=A0=81=E6=98=AF", "你的验证码是")
    };
    let code = plain.split("你的验证码是").nth(1).unwrap_or_else(|| panic!("no code in {mail}"));
    code.trim().to_owned()
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn documented_exchanges_of_signing_in() {
    for mount in 0..2 {
        let campus = Campus::new().await;
        let base = &campus.town.mounts(Facade::Tyut).await[mount];
        let path = if mount == 0 { "/compat/tyut" } else { "/" };
        let known = [("email", "testemail@outlook.com"), ("name", "测试用户"), ("path", path)];
        replay("tyut/register", base, &known).await;
        let asked = client().post(format!("{base}/api/users/login"));
        let asked = asked.body(r#"{"email":"testemail@outlook.com","password":"zyuuforyu"}"#).send().await.unwrap();
        let cookie = asked.headers()["set-cookie"].to_str().unwrap().to_owned();
        let session = cookie.split(['=', ';']).nth(1).unwrap();
        let code = campus.codes("testemail@outlook.com", 2).await.pop().unwrap();
        let more = [("session", session), ("code", &code), ("wrong", &wrong(&code))];
        replay("tyut/login", base, &[&known[..], &more].concat()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documented_exchanges_of_chat_and_files() {
    for mount in 0..2 {
        for name in ["group", "private", "files"] {
            let campus = Campus::new().await;
            let base = &campus.town.mounts(Facade::Tyut).await[mount];
            let (ana, bo) = (campus.student("测试用户").await, campus.student("adminUser").await);
            let known = [
                ("ana", ana.token.as_str()),
                ("ana_id", &ana.id),
                ("ana_name", &ana.name),
                ("bo", &bo.token),
                ("bo_id", &bo.id),
                ("bo_name", &bo.name),
            ];
            replay(&format!("tyut/{name}"), base, &known).await;
        }
    }
}

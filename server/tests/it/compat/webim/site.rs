//! Logins that another site checks (F7).

use super::{Place, replay_on_both, soon};
use crate::town::{PASSWORD, client};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::person::SiteRole;
use futures::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use server::compat::settings::Compat;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

/// The other site: names tell what it answers.
async fn site(signs: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/c/user/login", listener.local_addr().unwrap());
    let answer = move |headers: HeaderMap, body: Bytes| async move { check(signs, &headers, &body) };
    let router = Router::new().route("/c/user/login", post(answer)).route("/elsewhere", post(async || "{}"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn check(signs: bool, headers: &HeaderMap, body: &[u8]) -> Response {
    let asked: Value = serde_json::from_slice(body).unwrap();
    let name = asked["name"].as_str().unwrap();
    assert_eq!(asked.as_object().unwrap().keys().collect::<Vec<_>>(), ["name", "password", "room"], "nothing else");
    let role = if name.starts_with("姓名") || name.starts_with("boss") { "admin" } else { "user" };
    let mut answer = json!({"name": name, "room": asked["room"], "role": role, "info": {"级别": 3, "x": [1.50]}});
    match name {
        "no" => return StatusCode::UNAUTHORIZED.into_response(),
        "away" => return (StatusCode::FOUND, [("location", "/elsewhere")]).into_response(),
        "noise" => return "not json".into_response(),
        "nobody" => _ = answer.as_object_mut().unwrap().remove("name"),
        "king" => answer["role"] = "king".into(),
        "plain" => _ = answer.as_object_mut().unwrap().remove("role"),
        "fallen" => answer = json!({"name": "boss", "room": 1, "role": "user", "info": {}}),
        _ => {}
    }
    if asked["password"] == "wrong" {
        return StatusCode::FORBIDDEN.into_response();
    }
    let body = answer.to_string();
    if !signs {
        return body.into_response();
    }
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let (at, theirs) = (text("x-salon-timestamp"), text("x-salon-signature"));
    assert_eq!(theirs, signature(&[at.as_bytes(), b".", asked_bytes(&asked).as_slice()].concat()));
    let mark = if name == "forged" { "sha256=00".into() } else { signature(format!("{theirs}.{body}").as_bytes()) };
    ([("x-salon-signature", mark)], body).into_response()
}

/// In the order in which we write it.
fn asked_bytes(asked: &Value) -> Vec<u8> {
    let (name, password) = (&asked["name"], &asked["password"]);
    format!("{{\"name\":{name},\"password\":{password},\"room\":{}}}", asked["room"]).into_bytes()
}

/// HMAC-SHA256 (RFC 2104), from the digest alone.
fn signature(message: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let mut key = [0; 64];
    key[..KEY.len()].copy_from_slice(KEY);
    let padded = |pad: u8, rest: &[u8]| Sha256::digest([&key.map(|byte| byte ^ pad)[..], rest].concat());
    let outer = padded(0x5c, padded(0x36, message).as_slice());
    let digits: String = outer.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

async fn asking(url: String, key: Option<&[u8]>) -> (Compat, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    if let Some(key) = key {
        std::fs::write(&file, key).unwrap();
    }
    let webim_callback_key = key.map(|_| file);
    let old =
        Compat { webim_callback: Some(url), webim_callback_key, webim_callback_insecure: true, ..Compat::default() };
    old.check().unwrap();
    (old, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_login() {
    let (old, _folder) = asking(site(false).await, None).await;
    replay_on_both("login", old).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_the_other_site_says_who_somebody_is() {
    let (old, _folder) = asking(site(false).await, None).await;
    let place = Place::with(old).await;
    let log_in = async |name: &str, password: &str| place.log_in(json!({"name": name, "password": password})).await;
    let refused = json!({"code": 302, "msg": "登陆失败！", "data": ""});
    assert_eq!(log_in("ana", "x").await["msg"], "管理员未登陆！");
    let boss = log_in("boss", "x").await;
    let told = json!({"name": "boss", "room": 1, "role": "admin", "info": {"级别": 3, "x": [1.50]}});
    assert_eq!((&boss["code"], &boss["data"]["user"]), (&json!(200), &told), "room 1 where none was named");
    let token = boss["data"]["token"].as_str().unwrap();
    assert_eq!(place.get("/api/auth/user", token).await["data"], told);
    for odd in ["no", "away", "noise", "nobody", "king", "plain", ""] {
        assert_eq!(log_in(odd, "x").await, refused, "{odd}");
    }
    assert_eq!(log_in("boss", "wrong").await, refused);
    assert_eq!(log_in("root", "wrong").await, refused, "accounts of ours are not asked");
    // Their admins run these rooms, and nothing else of the site.
    let boss = place.town.chat.find_vouched("webim", "boss").await.unwrap().unwrap().person;
    let mut b = place.try_to_join(&format!("token={token}&room=2")).await.unwrap();
    assert_eq!(b.hears(0).await["User"], "boss");
    let theirs = chat::Visit { address: [10, 1, 1, 1].into(), user_agent: String::new() };
    let vouched = place.town.chat.find_vouched("webim", "boss").await.unwrap().unwrap();
    let who = place.town.chat.let_in(&vouched, "", &theirs, None).await.unwrap().who;
    assert_eq!((who.person.id, who.role), (boss.id, SiteRole::Member));
    assert!(place.town.chat.admin(Some(&who)).is_err());
    let body = json!({"c_id": 1, "url": "http://127.0.0.1:9/", "order": 1, "room": 0});
    assert_eq!(place.post("/pics", token, body.clone()).await["code"], 201);
    // Once the site takes it back, the older token is a user's too.
    let fallen = log_in("fallen", "x").await;
    assert_eq!(fallen["data"]["user"]["name"], "boss");
    assert_eq!(place.post("/pics", token, body).await["msg"], "身份验证失败！");
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_the_question_is_name_password_and_room() {
    let asked: Arc<Mutex<Vec<(HeaderMap, String)>>> = Arc::default();
    let notes = asked.clone();
    let answer = async move |headers: HeaderMap, body: String| {
        notes.lock().unwrap().push((headers, body));
        r#"{"name":"boss","room":1,"role":"admin","info":{}}"#
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/c/user/login", listener.local_addr().unwrap());
    let router = Router::new().route("/c/user/login", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (old, _folder) = asking(url, None).await;
    let place = Place::with(old).await;
    for (login, question) in [
        (json!({"name": "boss", "password": "x"}), r#"{"name":"boss","password":"x","room":1}"#),
        (json!({"name": "boss", "password": "x", "room": 3}), r#"{"name":"boss","password":"x","room":3}"#),
        (json!({"name": "boss", "password": "x", "room": 0}), r#"{"name":"boss","password":"x","room":1}"#),
        (json!({"name": "boss", "room": "x"}), r#"{"name":"boss","password":"","room":1}"#),
        (json!({"name": "boss", "room": null}), r#"{"name":"boss","password":"","room":1}"#),
        (json!({"name": "boss", "room": 1.5}), r#"{"name":"boss","password":"","room":1}"#),
        (json!({"name": "boss", "room": 99}), r#"{"name":"boss","password":"","room":99}"#),
        (json!({"name": "boss"}), r#"{"name":"boss","password":"","room":1}"#),
        (
            json!({"name": "姓名", "password": "密 \"码\"", "room": "2", "force": "force", "role": "admin"}),
            r#"{"name":"姓名","password":"密 \"码\"","room":2}"#,
        ),
    ] {
        assert_eq!(place.log_in(login).await["code"], 200, "{question}");
        let asked = std::mem::take(&mut *asked.lock().unwrap());
        let [(headers, body)] = &asked[..] else { panic!("{asked:?}") };
        assert_eq!((headers["content-type"].to_str().unwrap(), body.as_str()), ("application/json", question));
        assert!(!headers.contains_key("x-salon-signature"), "there is no key to sign it with");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_the_other_sites_address_is_asked_as_it_is_configured() {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = asked.clone();
    let answer = async move |uri: Uri| {
        notes.lock().unwrap().push(uri.to_string());
        r#"{"name":"boss","room":1,"role":"admin","info":{}}"#
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    for place_of in ["/c/user/login", "/other/%E6%9F%A5/check?site=7&x=a%20b&x=", "/a/"] {
        let (old, _folder) = asking(format!("{site}{place_of}"), None).await;
        let place = Place::with(old).await;
        assert_eq!(place.log_in(json!({"name": "boss", "password": "x"})).await["code"], 200, "{place_of}");
        assert_eq!(std::mem::take(&mut *asked.lock().unwrap()), [place_of]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_a_site_that_never_answers_is_waited_for_five_seconds() {
    // Nothing at all, or a beginning without an end.
    let answer = async |body: String| {
        if !body.contains("half") {
            return std::future::pending::<Response>().await;
        }
        let half = stream::iter([Ok::<_, Infallible>(r#"{"name":"half","room":1,"#)]);
        Body::from_stream(half.chain(stream::pending())).into_response()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/c/user/login", listener.local_addr().unwrap());
    let router = Router::new().route("/c/user/login", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (old, _folder) = asking(url, None).await;
    let place = Place::with(old).await;
    let begun = Instant::now();
    let log_in = async |name: &str| {
        let answer = place.log_in(json!({"name": name, "password": "x", "room": 1})).await;
        assert_eq!(answer, json!({"code": 302, "msg": "登陆失败！", "data": ""}), "{name}");
        begun.elapsed()
    };
    let (silent, half) = tokio::join!(log_in("silent"), log_in("half"));
    for took in [silent, half] {
        assert!((Duration::from_secs(5)..Duration::from_secs(10)).contains(&took), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_we_have_disabled_the_other_site_lets_in_no_more() {
    let (old, _folder) = asking(site(false).await, None).await;
    let place = Place::with(old).await;
    let log_in = async || place.log_in(json!({"name": "boss", "password": "x", "room": 1})).await;
    let token = log_in().await["data"]["token"].as_str().unwrap().to_owned();
    let boss = place.town.chat.find_vouched("webim", "boss").await.unwrap().unwrap().person.id;
    let admin = place.town.chat.admin(Some(&place.who("root").await)).unwrap();
    place.town.chat.disable_person(&admin, boss, true).await.unwrap();
    assert_eq!(log_in().await, json!({"code": 302, "msg": "登陆失败！", "data": ""}));
    let asked = place.get("/api/auth/user", &token).await;
    assert_eq!(asked, json!({"code": 302, "msg": "身份验证失败！", "data": ""}));
    place.town.chat.disable_person(&admin, boss, false).await.unwrap();
    assert_eq!(log_in().await["code"], 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_the_other_site_are_nobody_here() {
    let (old, _folder) = asking(site(false).await, None).await;
    let place = Place::with(old).await;
    let root = place.log_in(json!({"name": "boss-1", "password": "x"})).await;
    let mut b = place.join(root["data"]["token"].as_str().unwrap(), 1).await;
    // Of the same name as one of ours.
    let other = place.log_in(json!({"name": "root", "password": "x", "room": 1})).await;
    let mut r = place.join(other["data"]["token"].as_str().unwrap(), 1).await;
    r.say("我是谁").await;
    assert_eq!(b.hears(2).await["User"], "root");
    let theirs = place.town.chat.find_vouched("webim", "root").await.unwrap().unwrap().person;
    assert_ne!(theirs.id, place.who("root").await.person.id);
    let visit = chat::Visit { address: [10, 1, 1, 1].into(), user_agent: String::new() };
    assert!(place.town.chat.sign_in(&theirs.name, "x", &visit).await.is_err());
    let listed = place.get("/api/chats", root["data"]["token"].as_str().unwrap()).await;
    assert_eq!(listed["data"][0]["User"], "root");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_key_questions_and_answers_are_signed() {
    let (old, _folder) = asking(site(true).await, Some(KEY)).await;
    let place = Place::with(old).await;
    assert_eq!(place.log_in(json!({"name": "boss", "password": "x", "room": 2})).await["code"], 200);
    assert_eq!(place.log_in(json!({"name": "forged", "password": "x"})).await["code"], 302);
    let (old, _folder) = asking(site(false).await, Some(KEY)).await;
    let place = Place::with(old).await;
    assert_eq!(place.log_in(json!({"name": "boss", "password": "x"})).await["code"], 302, "not signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_is_away_lets_nobody_in() {
    let (old, _folder) = asking("http://127.0.0.1:9/c/user/login".into(), None).await;
    let place = Place::with(old).await;
    assert_eq!(place.log_in(json!({"name": "boss", "password": PASSWORD})).await["msg"], "登陆失败！");
    soon(async || client().get(&place.base).send().await.ok()).await;
    let insecure = Compat { webim_callback: Some("http://a.example/".into()), ..Compat::default() };
    assert!(insecure.check().unwrap_err().contains("https"));
    assert_eq!(place.ask(Method::POST, "/api/logout", "", &json!({})).await["code"], 200);
}

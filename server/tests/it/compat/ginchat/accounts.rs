//! Logging in, and whose pages may do so (F1, F6).

use super::Six;
use crate::town::client;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::compat::settings::Compat;

async fn log_in(six: &Six, username: &str, password: &str, avatar_id: &str) -> Value {
    let fields = json!({"username": username, "password": password, "avatar_id": avatar_id});
    said(six, fields.to_string()).await
}

/// What the facade answers to a login.
async fn said(six: &Six, body: String) -> Value {
    let answer = client().post(format!("{}/login", six.base)).body(body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

fn refused(msg: &str) -> Value {
    json!({"code": 7, "data": {}, "msg": msg})
}

fn entered() -> Value {
    json!({"code": 0, "data": {}, "msg": "登陆成功"})
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_names_and_passwords_have_bounds() {
    let six = Six::new().await;
    for name in ["ab", "x234567890123456", "盛梓馨", "盛梓"] {
        assert_eq!(log_in(&six, name, "password", "1").await, entered(), "{name}");
    }
    for name in ["", "a", "x2345678901234567", "盛"] {
        assert_eq!(log_in(&six, name, "password", "1").await, refused("用户名6~12位"), "{name}");
    }
    let longest = "x2345678901234567890123456789012";
    for (name, password) in [("six", "s1x456"), ("long", longest), ("六位", "密码密码密码")] {
        assert_eq!(log_in(&six, name, password, "1").await, entered(), "{password}");
        assert_eq!(log_in(&six, name, password, "1").await, entered(), "{password}, again");
    }
    for password in ["", "five5", &format!("{longest}x"), "密码密码密"] {
        assert_eq!(log_in(&six, "other", password, "1").await, refused("密码6~32位"), "{password}");
    }
    assert!(six.town.chat.find_person("other").await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_the_face_is_looked_at_before_the_account() {
    let six = Six::new().await;
    // The document's own body is none that gets in.
    assert_eq!(log_in(&six, "string", "string", "string").await, refused("头像id请输入数字"));
    assert!(six.town.chat.find_person("string").await.unwrap().is_none());
    six.person("user1").await;
    for odd in ["", "x", "1.5", "-1", " 1", "１"] {
        assert_eq!(log_in(&six, "user1", "another password", odd).await, refused("头像id请输入数字"), "{odd}");
    }
    assert_eq!(log_in(&six, "user1", "another password", "1").await, refused("密码错误"));
    let token = six.person("user1").await;
    assert_eq!(six.get("/home", &token).await["data"]["user_info"]["avatar_id"], "1231", "nor was it changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_bodies_that_cannot_be_read() {
    let six = Six::new().await;
    let huge = json!({"username": "user1", "password": "x".repeat(300 * 1024), "avatar_id": "1"}).to_string();
    assert_eq!(said(&six, huge).await, refused("http: request body too large"));
    for odd in ["{", "[1]", "null", "hello"] {
        assert_eq!(said(&six, odd.to_owned()).await, refused("invalid character in the body"), "{odd}");
    }
    assert_eq!(said(&six, String::new()).await, refused("用户名6~12位"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_a_front_end_of_a_named_site_reads_and_writes() {
    let named = "https://front.example";
    let six = Six::with(0, Compat { compat_origin: vec![named.into()], ..Compat::default() }).await;
    let token = six.person("user1").await;
    let asks = |method: Method, path: &str, origin: &'static str| {
        client().request(method, format!("{}{path}", six.base)).header("origin", origin)
    };
    let head = |answer: &reqwest::Response, name: &str| {
        answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
    };
    let allowed = "access-control-allow-origin";
    let before = asks(Method::OPTIONS, "/home", named).header("access-control-request-headers", "token");
    let before = before.header("access-control-request-method", "GET").send().await.unwrap();
    assert_eq!((before.status(), head(&before, allowed)), (StatusCode::NO_CONTENT, Some(named.to_owned())));
    assert!(head(&before, "access-control-allow-headers").unwrap().contains("token"));
    let read = asks(Method::GET, "/home", named).header("token", &token).send().await.unwrap();
    assert_eq!((read.status(), head(&read, allowed)), (StatusCode::OK, Some(named.to_owned())));
    assert_eq!(head(&read, "access-control-allow-credentials").unwrap(), "true");
    let fields = json!({"username": "user1", "password": "password", "avatar_id": "1231"});
    let written = asks(Method::POST, "/login", named).json(&fields).send().await.unwrap();
    assert_eq!((written.status(), head(&written, allowed)), (StatusCode::OK, Some(named.to_owned())));
    assert_eq!(head(&written, "access-control-expose-headers").unwrap(), "token", "as its answer has it there");
    // Another site's page is not told what it asked for, and writes nothing.
    for other in ["https://other.example", "https://front.example.org", "null"] {
        let read = asks(Method::GET, "/home", other).header("token", &token).send().await.unwrap();
        assert_eq!(head(&read, allowed), None, "{other}");
        let written = asks(Method::POST, "/login", other).json(&fields).send().await.unwrap();
        assert_eq!((written.status(), head(&written, allowed)), (StatusCode::FORBIDDEN, None), "{other}");
        assert_eq!(head(&written, "token"), None, "{other}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f9_without_a_session_everything_leads_to_the_beginning() {
    for mount in 0..2 {
        let six = Six::at(mount).await;
        let home = if mount == 0 { "/compat/ginchat/" } else { "/" };
        let gone = six.person("user1").await;
        six.get("/logout", &gone).await;
        for (method, path) in [
            (Method::GET, "/home"),
            (Method::GET, "/room/1"),
            (Method::GET, "/room/7"),
            (Method::GET, "/private-chat"),
            (Method::GET, "/pagination?room_id=1"),
            (Method::POST, "/img-upload"),
            (Method::POST, "/img-kr-upload"),
            (Method::GET, "/ws"),
        ] {
            for token in [None, Some("nonsense"), Some(gone.as_str())] {
                let request = client().request(method.clone(), format!("{}{path}", six.base));
                let request = token.iter().fold(request, |request, token| request.header("token", *token));
                let request = if method == Method::POST { request.body("a picture") } else { request };
                let answer = request.send().await.unwrap();
                let place = answer.headers()["location"].to_str().unwrap().to_owned();
                assert_eq!((answer.status(), place.as_str()), (StatusCode::FOUND, home), "{path} {token:?}");
                assert_eq!(answer.text().await.unwrap(), "", "{path} {token:?}");
            }
        }
    }
}

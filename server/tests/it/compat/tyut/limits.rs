//! Whoever has no token of this door, and what cannot be read.

use super::{Campus, heard, refused, say};
use crate::town::client;
use serde_json::{Value, json};

const READS: [&str; 6] = [
    "/api/users",
    "/api/chat_groupList",
    "/api/chat_privateList?username=ana",
    "/api/files",
    "/api/files/download?file=x",
    "/api/chat_groups",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_door_opens_nothing() {
    let campus = Campus::new().await;
    let ana = campus.student("ana").await;
    let native = ana.browser.cookie.as_ref().unwrap().split_once('=').unwrap().1.to_owned();
    let visit = chat::Visit { address: [127, 0, 0, 1].into(), user_agent: "test".into() };
    let other = campus.town.chat.sign_in_at("gindemo", "ana", crate::town::PASSWORD, &visit, None).await.unwrap().token;
    for token in [native.as_str(), &other, "nonsense", &"x".repeat(500)] {
        for path in &READS[..5] {
            assert_eq!(campus.get(path, token).await, refused("token错误"), "{path}");
        }
        for path in ["/api/users/logout", "/api/files/upload"] {
            assert_eq!(campus.post(path, token, json!({})).await, refused("token错误"), "{path}");
        }
        for path in ["/api/chat_groups", "/api/chat_private"] {
            let path = format!("{path}?Authorization=bearer%20{token}");
            assert_eq!(campus.get(&path, "").await, refused("token错误"), "{path}");
        }
    }
    // Nor does a token open where only the other place is asked.
    for path in &READS[..5] {
        let and = if path.contains('?') { '&' } else { '?' };
        let url = format!("{}{path}{and}Authorization=bearer%20{}", campus.base, ana.token);
        let answer = client().get(url).send().await.unwrap().text().await.unwrap();
        assert!(answer.contains("未携带token"), "{path} {answer}");
    }
    assert_eq!(campus.get("/api/chat_groups", &ana.token).await, refused("未携带token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_has_a_scheme_and_is_good_until_its_end() {
    let campus = Campus::new().await;
    let ana = campus.student("ana").await;
    let asked = async |path: &str, header: Option<&str>| -> Value {
        let request = client().get(format!("{}{path}", campus.base));
        let request = header.iter().fold(request, |request, value| request.header("authorization", *value));
        request.send().await.unwrap().json().await.unwrap()
    };
    for scheme in ["Basic ", "Token ", ""] {
        let said = format!("{scheme}{}", ana.token);
        for path in &READS[..5] {
            assert_eq!(asked(path, Some(&said)).await, refused("token格式错误"), "{path} {scheme}");
        }
        for path in ["/api/chat_groups", "/api/chat_private"] {
            let path = format!("{path}?Authorization={}", said.replace(' ', "%20"));
            assert_eq!(asked(&path, None).await, refused("token格式错误"), "{path}");
        }
    }
    campus.post("/api/users/logout", &ana.token, json!({})).await;
    for path in &READS[..5] {
        assert_eq!(campus.get(path, &ana.token).await, refused("token已失效"), "{path}");
    }
    for path in ["/api/users/logout", "/api/files/upload"] {
        assert_eq!(campus.post(path, &ana.token, json!({})).await, refused("token已失效"), "{path}");
    }
    for path in ["/api/chat_groups", "/api/chat_private"] {
        let path = format!("{path}?Authorization=bearer%20{}", ana.token);
        assert_eq!(asked(&path, None).await, refused("token已失效"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_in_its_own_shape() {
    let campus = Campus::new().await;
    let ana = campus.student("ana").await;
    for odd in ["{", "[1]", "hello", "null"] {
        let answer = campus.send("/api/users/register", "", odd.into()).await;
        assert_eq!(answer, refused("请求不是有效的JSON"), "{odd}");
        assert_eq!(campus.send("/api/users/login", "", odd.into()).await, refused("非法邮箱"), "{odd}");
    }
    let odd = json!({"username": [], "email": {}, "password": null});
    assert_eq!(campus.post("/api/users/register", "", odd.clone()).await, refused("请输入用户名"));
    assert_eq!(campus.post("/api/users/login", "", odd).await, refused("非法邮箱"));
    let huge = json!({"email": "ana@example.org", "password": "x".repeat(300_000)});
    assert_eq!(campus.post("/api/users/login", "", huge).await, refused("非法邮箱"));
    let upload = format!("/api/files/upload?target_id={}", campus.student("bo").await.id);
    assert_eq!(campus.post(&upload, &ana.token, json!({})).await, refused("上传文件失败"));
    let broken =
        client().post(format!("{}{upload}", campus.base)).header("authorization", format!("bearer {}", ana.token));
    let broken = broken.header("content-type", "multipart/form-data; boundary=b").body("--b\r\nnonsense");
    assert!(broken.send().await.unwrap().text().await.unwrap().contains("上传文件失败"));
    // Too much in one frame ends the socket, not the server.
    let mut socket = campus.group(&ana).await;
    for odd in ["[]", "7", r#"{"content":7,"msg_type":4}"#, r#"{"content":"x","msg_type":"4"}"#, "null"] {
        say(&mut socket, odd).await;
        assert_eq!(heard(&mut socket).await["content"], "参数绑定失败", "{odd}");
    }
    say(&mut socket, &json!({"content": "x".repeat(5_000), "msg_type": 4}).to_string()).await;
    assert_eq!(heard(&mut socket).await["content"], "发送消息失败");
    say(&mut socket, &"x".repeat(300_000)).await;
    assert!(socket.next().await.is_close());
    assert_eq!(campus.list("/api/users", &ana.token).await.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_handshake_has_its_own_code() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let odd = json!({"code": 1002, "data": {}, "msg": "参数错误"});
    for path in ["/api/chat_groups?".to_owned(), format!("/api/chat_private?target_id={}&", bo.id)] {
        let path = format!("{path}Authorization=bearer%20{}", ana.token);
        assert_eq!(campus.get(&path, "").await, odd, "{path}");
    }
}

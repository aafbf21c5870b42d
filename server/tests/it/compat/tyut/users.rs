//! Registering, signing in and out (F1 to F3).

use super::{Campus, refused, wrong};
use crate::town::{Terms, client};
use chat::{Clock, Limits};
use serde_json::{Value, json};

const EMAIL: &str = "ana@example.org";

fn person(name: &str, email: &str) -> Value {
    json!({"username": name, "email": email, "password": "1"})
}

async fn login(campus: &Campus, email: &str, password: &str, code: Option<&str>) -> Value {
    let mut body = json!({"email": email, "password": password});
    if let Some(code) = code {
        body["code"] = code.into();
    }
    campus.post("/api/users/login", "", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_names_and_addresses_are_taken_once() {
    let campus = Campus::new().await;
    let register = async |body: Value| campus.post("/api/users/register", "", body).await["msg"].clone();
    assert_eq!(register(person("ana", EMAIL)).await, "用户创建成功 ana ");
    assert_eq!(register(person("ana", "other@example.org")).await, "邮箱已被使用");
    assert_eq!(register(person("ANA", "other@example.org")).await, "邮箱已被使用");
    assert_eq!(register(person("bo", " Ana@Example.org ")).await, "邮箱已被使用");
    for odd in ["nobody", "a@b@c", "a@", "a b@example.org"] {
        assert_eq!(register(person("bo", odd)).await, "非法邮箱", "{odd}");
    }
    assert_eq!(register(person(&"x".repeat(33), "bo@example.org")).await, "参数错误");
    assert!(campus.town.chat.find_person("bo").await.unwrap().is_none());
    // Our own page lets them in with the same name and password.
    let mut page = campus.town.stranger();
    let answer = page.submit("sign-in", "/", &[("name", "ana"), ("password", "1")]).await;
    page.cookie = Some(answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned());
    assert!(page.get("/").await.text().await.unwrap().contains("ana"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_the_first_thing_that_is_missing_is_named() {
    let campus = Campus::new().await;
    let (name, password, email) = ("请输入用户名", "请输入密码", "请输入邮箱");
    for (body, missing) in [
        (json!({}), name),
        (json!({"email": EMAIL}), name),
        (json!({"password": "1"}), name),
        (json!({"email": EMAIL, "password": "1"}), name),
        (json!({"username": "", "email": EMAIL, "password": "1"}), name),
        (json!({"username": "  ", "email": EMAIL, "password": "1"}), name),
        (json!({"username": null, "email": EMAIL, "password": "1"}), name),
        (json!({"username": "ana"}), password),
        (json!({"username": "ana", "email": EMAIL}), password),
        (json!({"username": "ana", "email": EMAIL, "password": ""}), password),
        (json!({"username": "ana", "email": EMAIL, "password": null}), password),
        (json!({"username": "ana", "email": EMAIL, "password": ["1"]}), password),
        (json!({"username": "ana", "password": "1"}), email),
        (json!({"username": "ana", "password": "1", "email": ""}), email),
        (json!({"username": "ana", "password": "1", "email": {}}), email),
    ] {
        let answer = campus.post("/api/users/register", "", body.clone()).await;
        assert_eq!(answer, refused(missing), "{body}");
    }
    assert!(campus.town.chat.find_person("ana").await.unwrap().is_none());
    // A password has no rule but that it is there.
    let blank = json!({"username": "ana", "email": EMAIL, "password": " "});
    let made = campus.post("/api/users/register", "", blank).await;
    assert_eq!(made, json!({"code": 0, "data": {}, "msg": "用户创建成功 ana "}));
    login(&campus, EMAIL, " ", None).await;
    campus.codes(EMAIL, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_what_is_missing_is_answered_in_its_step() {
    let campus = Campus::new().await;
    campus.post("/api/users/register", "", person("ana", EMAIL)).await;
    let code = "123456";
    for (body, words) in [
        (json!({}), "非法邮箱"),
        (json!({"password": "1"}), "非法邮箱"),
        (json!({"email": "", "password": "1"}), "非法邮箱"),
        (json!({"email": 7, "password": "1"}), "非法邮箱"),
        (json!({"code": code}), "非法邮箱"),
        (json!({"password": "1", "code": code}), "非法邮箱"),
        (json!({"email": EMAIL, "code": code}), "邮箱或密码错误"),
        (json!({"email": EMAIL, "password": "", "code": code}), "邮箱或密码错误"),
        (json!({"email": EMAIL, "password": null, "code": code}), "邮箱或密码错误"),
        (json!({"email": "nobody@example.org", "password": "1", "code": code}), "邮箱或密码错误"),
    ] {
        assert_eq!(campus.post("/api/users/login", "", body.clone()).await, refused(words), "{body}");
    }
    // Without a code it is the first step, which tells nobody whether the password is right.
    let sent = json!({"code": 0, "data": {}, "msg": "验证码已发送"});
    for body in [json!({"email": EMAIL}), json!({"email": EMAIL, "password": ""}), json!({"email": EMAIL, "code": ""})]
    {
        assert_eq!(campus.post("/api/users/login", "", body.clone()).await, sent, "{body}");
    }
    let empty = json!({"email": EMAIL, "password": "1", "code": ""});
    assert_eq!(campus.post("/api/users/login", "", empty).await, sent);
    assert_eq!(campus.codes(EMAIL, 1).await.len(), 1, "one mail for the right password");
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_a_code_that_is_written_as_a_number_is_its_digits() {
    let campus = Campus::new().await;
    campus.post("/api/users/register", "", person("ana", EMAIL)).await;
    // One that begins with 0 cannot be written so.
    let mut count = 0;
    let code = loop {
        count += 1;
        login(&campus, EMAIL, "1", None).await;
        let code = campus.codes(EMAIL, count).await.pop().unwrap();
        if !code.starts_with('0') {
            break code;
        }
    };
    let enters = async |code: Value| {
        campus.post("/api/users/login", "", json!({"email": EMAIL, "password": "1", "code": code})).await
    };
    let number: u32 = code.parse().unwrap();
    for odd in [json!(661), json!(-1), json!(1.5), json!(number ^ 1)] {
        assert_eq!(enters(odd.clone()).await, refused("验证码错误"), "{odd}");
    }
    assert_eq!(enters(json!(number)).await["msg"], "成功");
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_a_code_is_good_for_ten_minutes_and_a_token_for_thirty_days() {
    let clock = Clock::fake(1_700_000_000_000);
    let campus = Campus::on(Terms { clock: clock.clone(), ..Terms::old() }).await;
    campus.post("/api/users/register", "", person("ana", EMAIL)).await;
    login(&campus, EMAIL, "1", None).await;
    let first = campus.codes(EMAIL, 1).await.pop().unwrap();
    clock.advance(10 * 60_000);
    assert_eq!(login(&campus, EMAIL, "1", Some(&first)).await, refused("验证码错误"));
    login(&campus, EMAIL, "1", None).await;
    let second = campus.codes(EMAIL, 2).await.pop().unwrap();
    clock.advance(10 * 60_000 - 1);
    let entered = login(&campus, EMAIL, "1", Some(&second)).await;
    assert_eq!((&entered["code"], &entered["msg"]), (&json!(0), &json!("成功")));
    let token = entered["data"].as_str().unwrap();
    clock.advance(30 * 86_400_000 - 1);
    assert_eq!(campus.list("/api/users", token).await.0, 1);
    clock.advance(1);
    assert_eq!(campus.get("/api/users", token).await, refused("token错误"));
    let path = format!("/api/chat_groups?Authorization=bearer%20{token}");
    assert_eq!(campus.get(&path, "").await, refused("token错误"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_whoever_asks_too_often_has_no_session() {
    let campus = Campus::on(Terms { limits: Limits::default(), ..Terms::old() }).await;
    campus.post("/api/users/register", "", person("ana", EMAIL)).await;
    let sent = json!({"code": 0, "data": {}, "msg": "验证码已发送"});
    for _ in 0..3 {
        assert_eq!(login(&campus, EMAIL, "1", None).await, sent);
    }
    let code = campus.codes(EMAIL, 3).await.pop().unwrap();
    assert_eq!(login(&campus, EMAIL, "1", None).await, refused("session错误"), "no more mails to this address");
    assert_eq!(login(&campus, "bo@example.org", "1", None).await, sent, "but to others");
    // Nor may codes be guessed as fast as one likes: then the right one does not count either.
    for _ in 0..2 {
        assert_eq!(login(&campus, EMAIL, "1", Some(&wrong(&code))).await, refused("验证码错误"));
    }
    for code in [&wrong(&code), &code] {
        assert_eq!(login(&campus, EMAIL, "1", Some(code)).await, refused("session错误"));
    }
    assert_eq!(campus.codes(EMAIL, 3).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_whether_an_address_is_known_nobody_learns() {
    let campus = Campus::new().await;
    campus.post("/api/users/register", "", person("ana", EMAIL)).await;
    let sent = json!({"code": 0, "data": {}, "msg": "验证码已发送"});
    assert_eq!(login(&campus, EMAIL, "wrong", None).await, sent);
    assert_eq!(login(&campus, "nobody@example.org", "1", None).await, sent);
    assert_eq!(login(&campus, " ANA@example.org", "1", None).await, sent);
    assert_eq!(campus.codes(EMAIL, 1).await.len(), 1, "one mail for the right password");
    assert!(super::codes_in(&campus.town.data().join("mail"), "nobody@example.org").is_empty());
    for odd in ["", "nobody", "a@b@c"] {
        assert_eq!(login(&campus, odd, "1", None).await, refused("非法邮箱"), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_a_mail_that_cannot_be_sent_changes_no_answer() {
    let campus = Campus::new().await;
    campus.post("/api/users/register", "", person("ana", EMAIL)).await;
    let admin = campus.town.chat.admin(campus.town.admin().await.who.as_ref()).unwrap();
    // Mails cannot go into a folder that is none.
    std::fs::write(campus.town.data().join("mail"), "").unwrap();
    let sent = json!({"code": 0, "data": {}, "msg": "验证码已发送"});
    assert_eq!(login(&campus, EMAIL, "1", None).await, sent);
    for _ in 0..1_000 {
        if campus.town.chat.mail(&admin).fault.is_some() {
            assert_eq!(login(&campus, EMAIL, "1", None).await, sent, "nor afterwards");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the mail was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_a_password_has_at_most_1024_bytes() {
    let campus = Campus::new().await;
    let register = async |name: &str, password: String| {
        let email = format!("{name}@example.org");
        let body = json!({"username": name, "email": email, "password": password});
        campus.post("/api/users/register", "", body).await
    };
    let longest = format!("{}x", "密".repeat(341));
    let odd = json!({"code": 1002, "data": {}, "msg": "参数错误"});
    assert_eq!(register("bo", format!("{longest}x")).await, odd);
    assert!(campus.town.chat.find_person("bo").await.unwrap().is_none());
    let made = json!({"code": 0, "data": {}, "msg": "用户创建成功 ana "});
    assert_eq!(register("ana", longest.clone()).await, made);
    login(&campus, EMAIL, &longest, None).await;
    let code = campus.codes(EMAIL, 1).await.pop().unwrap();
    assert_eq!(login(&campus, EMAIL, &longest, Some(&code)).await["msg"], "成功");
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_a_code_is_tried_five_times_and_used_once() {
    let campus = Campus::new().await;
    campus.post("/api/users/register", "", person("ana", EMAIL)).await;
    assert_eq!(login(&campus, EMAIL, "1", Some("123456")).await, refused("验证码错误"), "none was sent");
    login(&campus, EMAIL, "1", None).await;
    let first = campus.codes(EMAIL, 1).await.pop().unwrap();
    assert_eq!((first.len(), first.bytes().all(|b| b.is_ascii_digit())), (6, true));
    // Whoever has no password uses no try up.
    for _ in 0..10 {
        assert_eq!(login(&campus, EMAIL, "wrong", Some(&first)).await, refused("邮箱或密码错误"));
    }
    for odd in ["0661", "x", "1234567"] {
        assert_eq!(login(&campus, EMAIL, "1", Some(odd)).await, refused("验证码错误"));
    }
    for _ in 0..5 {
        assert_eq!(login(&campus, EMAIL, "1", Some(&wrong(&first))).await, refused("验证码错误"));
    }
    assert_eq!(login(&campus, EMAIL, "1", Some(&first)).await, refused("验证码错误"), "too late");
    login(&campus, EMAIL, "1", None).await;
    let second = campus.codes(EMAIL, 2).await.pop().unwrap();
    let entered = login(&campus, EMAIL, "1", Some(&second)).await;
    assert_eq!((&entered["code"], &entered["msg"]), (&json!(0), &json!("成功")));
    let token = entered["data"].as_str().unwrap();
    assert_eq!(campus.get("/api/users", token).await["data"]["list"][0]["email"], EMAIL);
    assert_eq!(login(&campus, EMAIL, "1", Some(&second)).await, refused("验证码错误"), "it was used");
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_signing_out_ends_the_bearer_and_another_token() {
    let campus = Campus::new().await;
    let ana = campus.student("ana").await;
    let visit = chat::Visit { address: [127, 0, 0, 1].into(), user_agent: "test".into() };
    let sign_in = campus.town.chat.sign_in_at("tyut", "ana", crate::town::PASSWORD, &visit, None);
    let second = sign_in.await.unwrap().token;
    let mut socket = campus.group(&ana).await;
    let url = format!("{}/api/users/logout", campus.base);
    let request = client().post(url).header("authorization", format!("Bearer {}", ana.token)).header("token", &second);
    assert!(request.send().await.unwrap().text().await.unwrap().contains("注销成功"));
    for token in [&ana.token, &second] {
        assert_eq!(campus.get("/api/users", token).await, refused("token已失效"));
    }
    assert!(socket.next().await.is_close(), "and its sockets are closed");
}

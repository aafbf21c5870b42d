//! People and histories (F4, F7, F8).

use super::{Campus, heard, refused, text};
use crate::town::{PASSWORD, Terms};
use chat::{Clock, Visit};
use domain::contact::Privacy;
use serde_json::{Value, json};

fn field(list: &[Value], name: &str) -> Vec<String> {
    list.iter().map(|line| line[name].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_people_by_page_and_order() {
    let campus = Campus::new().await;
    let (cy, ana) = (campus.student("cy").await, campus.student("ana").await);
    let bo = campus.student("bo").await;
    // Who does not want to be found is not; nor is anybody of another system.
    let hidden = Privacy { listed: false, ..Privacy::default() };
    campus.town.chat.change_privacy(bo.browser.who.as_ref().unwrap(), hidden).await.unwrap();
    campus.town.chat.vouch("simple:shop", "dora", "").await.unwrap();
    let list = async |query: &str| campus.list(&format!("/api/users?{query}"), &ana.token).await;
    let (count, people) = list("").await;
    assert_eq!((count, field(&people, "user_name")), (2, vec!["cy".to_owned(), "ana".into()]), "as they came");
    assert_eq!(people[0]["user_id"], cy.id);
    assert_eq!(field(&list("sort=username%20asc").await.1, "user_name"), ["ana", "cy"]);
    assert_eq!(field(&list("sort=username+desc").await.1, "user_name"), ["cy", "ana"]);
    assert_eq!(field(&list("sort=created_at+desc").await.1, "user_name"), ["ana", "cy"]);
    assert_eq!(field(&list("sort=password+asc").await.1, "user_name"), ["cy", "ana"], "not an order");
    let (count, second) = list("limit=1&page=2").await;
    assert_eq!((count, field(&second, "user_name")), (2, vec!["ana".to_owned()]));
    assert_eq!(list("limit=0&page=-1").await.1.len(), 2);
    assert!(list("page=999999999999").await.1.is_empty());
    let odd = json!({"code": 1002, "data": {}, "msg": "参数错误"});
    for path in ["/api/users?", "/api/chat_groupList?", "/api/chat_privateList?username=cy&", "/api/files?"] {
        for query in ["limit=x", "page=1.5", "limit=1&page=x"] {
            assert_eq!(campus.get(&format!("{path}{query}"), &ana.token).await, odd, "{path}{query}");
        }
    }
    // They see themselves.
    assert_eq!(campus.list("/api/users", &bo.token).await.0, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_what_was_said_in_the_lobby() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.group(&ana).await, campus.group(&bo).await);
    for (is_first, words) in [(true, "one"), (false, " **two** "), (true, "three")] {
        let socket = if is_first { &mut first } else { &mut second };
        text(socket, words).await;
        while heard(socket).await["content"] != words {}
    }
    super::say(&mut first, &json!({"content": "a.png", "msg_type": 8}).to_string()).await;
    while heard(&mut first).await["msg_type"] != 7 {}
    let list = async |query: &str| campus.list(&format!("/api/chat_groupList?{query}"), &bo.token).await;
    let (count, all) = list("").await;
    assert_eq!((count, field(&all, "content")), (3, vec!["one".to_owned(), " **two** ".into(), "three".into()]));
    assert_eq!((&all[0]["user_id"], &all[0]["addr"]), (&json!(ana.id), &json!("内网地址")));
    assert_eq!(field(&list("username=bo").await.1, "content"), [" **two** "]);
    for everybody in ["username=", "username=nobody", "sort=nonsense"] {
        assert_eq!(list(everybody).await.0, 3, "{everybody}");
    }
    assert_eq!(field(&list("sort=username+desc").await.1, "content"), [" **two** ", "one", "three"]);
    let (count, second) = list("limit=2&page=2").await;
    assert_eq!((count, field(&second, "content")), (3, vec!["three".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_the_lobbys_history_by_name_order_and_page() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    campus.student("cy").await;
    let (mut first, mut second) = (campus.group(&ana).await, campus.group(&bo).await);
    super::say(&mut first, r#"{"content":"x","msg_type":2}"#).await;
    for (is_ana, words) in [(true, "1"), (false, "2"), (true, "3"), (false, "4"), (true, "5")] {
        let socket = if is_ana { &mut first } else { &mut second };
        text(socket, words).await;
        while heard(socket).await["content"] != words {}
    }
    for (query, count, words) in [
        ("", 5, "12345"),
        ("username=ana", 3, "135"),
        ("username=ana&limit=2", 3, "13"),
        ("username=ana&limit=2&page=2", 3, "5"),
        ("username=ana&limit=2&page=3", 3, ""),
        ("username=ana&sort=created_at+desc", 3, "531"),
        ("username=%20&limit=1", 5, "1"),
        ("username=nobody&limit=2&page=2", 5, "34"),
        ("username=cy", 0, ""),
        ("sort=username+asc", 5, "13524"),
        ("sort=username%20desc", 5, "24135"),
        ("sort=username+asc&limit=2&page=2", 5, "52"),
        ("sort=user_id+asc", 5, "13524"),
        ("sort=email+desc", 5, "24135"),
        ("sort=created_at+asc", 5, "12345"),
        ("sort=created_at+desc&limit=2&page=2", 5, "32"),
        ("sort=username", 5, "12345"),
        ("sort=content+desc", 5, "12345"),
        ("sort=username+asc;drop+table+message", 5, "12345"),
        ("limit=2&page=3", 5, "5"),
        ("limit=2&page=4", 5, ""),
        ("page=2", 5, ""),
        ("page=9223372036854775807", 5, ""),
        ("limit=0&page=0", 5, "12345"),
        ("limit=-2&page=-3", 5, "12345"),
        ("limit=&page=", 5, "12345"),
    ] {
        let (all, lines) = campus.list(&format!("/api/chat_groupList?{query}"), &bo.token).await;
        assert_eq!((all, field(&lines, "content").concat().as_str()), (count, words), "{query}");
    }
    for query in ["limit=x", "page=x", "page=1.5", "limit=2&page=9223372036854775808"] {
        let answer = campus.get(&format!("/api/chat_groupList?{query}"), &bo.token).await;
        assert_eq!(answer, json!({"code": 1002, "data": {}, "msg": "参数错误"}), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f8_a_private_history_by_order_and_page() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    for (is_ana, words) in [(true, "1"), (false, "2"), (true, "3"), (false, "4"), (true, "5")] {
        let socket = if is_ana { &mut first } else { &mut second };
        text(socket, words).await;
        while heard(socket).await["content"] != words {}
    }
    for (query, words) in [
        ("", "12345"),
        ("limit=2", "12"),
        ("limit=2&page=3", "5"),
        ("limit=2&page=4", ""),
        ("page=2", ""),
        ("limit=0&page=-1", "12345"),
        ("limit=&page=", "12345"),
        ("sort=username+asc", "13524"),
        ("sort=username%20desc", "24135"),
        ("sort=username+desc&limit=2&page=2", "13"),
        ("sort=created_at+desc", "54321"),
        ("sort=created_at+desc&limit=2&page=3", "1"),
        ("sort=nonsense+desc", "12345"),
    ] {
        // The same for both, whoever of them asks.
        for (who, name) in [(&ana, "bo"), (&bo, "ana")] {
            let path = format!("/api/chat_privateList?username={name}&{query}");
            let (count, lines) = campus.list(&path, &who.token).await;
            assert_eq!((count, field(&lines, "content").concat().as_str()), (5, words), "{path}");
        }
    }
    for query in ["limit=x", "page=x", "limit=1.5"] {
        let answer = campus.get(&format!("/api/chat_privateList?username=bo&{query}"), &ana.token).await;
        assert_eq!(answer, json!({"code": 1002, "data": {}, "msg": "参数错误"}), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f8_what_two_said_to_each_other() {
    let campus = Campus::new().await;
    let (ana, bo, cy) = (campus.student("ana").await, campus.student("bo").await, campus.student("cy").await);
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    for (socket, words) in [(&mut first, "one"), (&mut second, "two")] {
        text(socket, words).await;
        while heard(socket).await["content"] != words {}
    }
    let (count, lines) = campus.list("/api/chat_privateList?username=bo", &ana.token).await;
    assert_eq!((count, field(&lines, "content")), (2, vec!["one".to_owned(), "two".into()]));
    assert_eq!(
        (field(&lines, "user_id"), field(&lines, "target_id")),
        (vec![ana.id.clone(), bo.id.clone()], vec![bo.id.clone(), ana.id.clone()])
    );
    let (count, second) = campus.list("/api/chat_privateList?username=bo&limit=1&page=2", &ana.token).await;
    assert_eq!((count, field(&second, "content")), (2, vec!["two".to_owned()]));
    let (count, none) = campus.list("/api/chat_privateList?username=bo&limit=1&page=3", &ana.token).await;
    assert_eq!((count, none.len()), (2, 0), "beyond the end, not without a conversation");
    for (who, name) in [(&cy, "bo"), (&ana, "cy"), (&ana, "nobody"), (&ana, "ana"), (&ana, "")] {
        let answer = campus.get(&format!("/api/chat_privateList?username={name}"), &who.token).await;
        assert_eq!(answer, refused(&format!("与 {name} 没有通话记录")), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_addresses_of_others_are_neither_shown_nor_told_by_an_order() {
    let campus = Campus::new().await;
    // By address they would come in the other order than by name, and in none of both they came.
    let people = [("bo", "m@example.org"), ("cy", "a@example.org"), ("ana", "z@example.org")];
    for (name, email) in people {
        let body = json!({"username": name, "email": email, "password": PASSWORD});
        assert_eq!(campus.post("/api/users/register", "", body).await["code"], 0, "{name}");
    }
    let visit = Visit { address: [127, 0, 0, 1].into(), user_agent: String::new() };
    for (name, email) in people {
        let token = campus.town.chat.sign_in_at("tyut", name, PASSWORD, &visit, None).await.unwrap().token;
        for (order, names) in [
            ("", ["bo", "cy", "ana"]),
            ("username+asc", ["ana", "bo", "cy"]),
            ("email+asc", ["ana", "bo", "cy"]),
            ("email+desc", ["cy", "bo", "ana"]),
            ("user_id+asc", ["bo", "cy", "ana"]),
            ("user_id+desc", ["ana", "cy", "bo"]),
        ] {
            let (_, listed) = campus.list(&format!("/api/users?sort={order}"), &token).await;
            assert_eq!(field(&listed, "user_name"), names, "{name} {order}");
            for row in listed {
                let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
                assert_eq!(keys, ["avatar", "created_at", "email", "updated_at", "user_id", "user_name"]);
                assert_eq!(row["email"], if row["user_name"] == name { email } else { "" }, "{name} {order} {row}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_and_frames_have_the_real_time() {
    let clock = Clock::fake(1_739_953_792_680);
    let campus = Campus::on(Terms { clock: clock.clone(), ..Terms::old() }).await;
    let began = "2025-02-19T08:29:52.680+00:00";
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let mut group = campus.group(&ana).await;
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    clock.advance(1_001);
    let said = "2025-02-19T08:29:53.681+00:00";
    text(&mut group, "hello all").await;
    assert_eq!(heard(&mut group).await["date"], said);
    text(&mut first, "hello bo").await;
    for socket in [&mut first, &mut second] {
        assert_eq!(heard(socket).await["date"], said);
    }
    clock.advance(60_000);
    let later = "2025-02-19T08:30:53.681+00:00";
    super::say(&mut group, "?").await;
    super::say(&mut first, "?").await;
    super::say(&mut group, r#"{"content":"x","msg_type":2}"#).await;
    for is_group in [true, false, true] {
        let socket = if is_group { &mut group } else { &mut first };
        assert_eq!(heard(socket).await["date"], later, "what is not kept has the time at which it is told");
    }
    for row in campus.list("/api/users", &ana.token).await.1 {
        assert_eq!((&row["created_at"], &row["updated_at"]), (&json!(began), &json!(began)), "{row}");
    }
    for path in ["/api/chat_groupList", "/api/chat_privateList?username=bo"] {
        assert_eq!(field(&campus.list(path, &ana.token).await.1, "created_at"), [said], "{path}");
    }
    campus.upload(&ana, &bo.id, "a.txt", "x").await;
    let file = campus.list("/api/files", &ana.token).await.1.remove(0);
    assert_eq!((&file["created_at"], &file["updated_at"]), (&json!(later), &json!(later)));
}

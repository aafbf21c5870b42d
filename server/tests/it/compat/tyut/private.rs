//! Two people (F6).

use super::{Campus, heard, refused, say, silent, text};
use domain::ClientId;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn f6_both_have_to_be_there_for_each_other() {
    let campus = Campus::new().await;
    let (ana, bo, cy) = (campus.student("ana").await, campus.student("bo").await, campus.student("cy").await);
    let mut first = campus.with(&ana, &bo).await;
    let mut elsewhere = campus.with(&bo, &cy).await;
    text(&mut first, "anybody?").await;
    let frame = heard(&mut first).await;
    assert_eq!((&frame["content"], &frame["user_id"]), (&json!("目标用户不在线"), &json!("")));
    assert!(silent(&mut elsewhere).await);
    // Nothing of it was kept.
    assert_eq!(campus.get("/api/chat_privateList?username=ana", &bo.token).await, refused("与 ana 没有通话记录"));
    let mut second = campus.with(&bo, &ana).await;
    // Who is here for each other is no stranger.
    for n in 0..8 {
        text(&mut first, &n.to_string()).await;
        for socket in [&mut first, &mut second] {
            let frame = heard(socket).await;
            assert_eq!((&frame["content"], &frame["msg_type"]), (&json!(n.to_string()), &json!(4)));
            assert_eq!((&frame["target_id"], &frame["online_count"]), (&json!(bo.id), &json!(2)));
        }
    }
    assert!(silent(&mut elsewhere).await);
    drop(second);
    for _ in 0..100 {
        text(&mut first, "still there?").await;
        if heard(&mut first).await["content"] == "目标用户不在线" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("who is gone is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_what_cannot_be_read_is_told_to_its_sender() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    for (odd, words) in [
        ("[]", "消息解析失败"),
        ("7", "消息解析失败"),
        ("null", "消息解析失败"),
        (r#"{"content":7,"msg_type":4}"#, "消息解析失败"),
        (r#"{"content":"x","msg_type":"4"}"#, "消息解析失败"),
        (r#"{"msg_type":5,"file":[]}"#, "消息解析失败"),
        (r#"{"msg_type":5,"file":["C:/a.txt","a.txt"]}"#, "消息解析失败"),
        ("{}", "不支持的消息类型"),
        (r#"{"msg_type":4}"#, "消息内容不能为空"),
        (r#"{"content":" ","msg_type":7}"#, "消息内容不能为空"),
    ] {
        say(&mut first, odd).await;
        let frame = heard(&mut first).await;
        assert_eq!((&frame["msg_type"], &frame["content"]), (&json!(1), &json!(words)), "{odd}");
        assert_eq!((&frame["user_id"], &frame["target_id"]), (&json!(""), &json!("")), "{odd}");
    }
    assert!(silent(&mut second).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_our_page_and_its_clients_hear_each_other() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    let chat = &campus.town.chat;
    let who = bo.browser.who.as_ref();
    let room = chat.start_private(who.unwrap(), "ana").await.unwrap().id;
    let mut page = bo.browser.socket().await;
    page.send("enter", json!({"room": room, "place": null})).await;
    page.hears("entered").await;
    text(&mut first, "from outside").await;
    let event = page.hears("event").await;
    assert_eq!(event["what"]["said"]["message"]["spans"][0]["text"], "from outside");
    heard(&mut first).await;
    heard(&mut second).await;
    let writer = chat.writer(who, room).await.unwrap();
    chat.post(&writer, &ClientId::parse("native").unwrap(), "from inside").await.unwrap();
    for socket in [&mut first, &mut second] {
        let frame = heard(socket).await;
        assert_eq!(
            (&frame["content"], &frame["user_id"], &frame["target_id"]),
            (&json!("from inside"), &json!(bo.id), &json!(ana.id))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_who_is_blocked_reaches_nobody() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    let people = [&bo, &ana].map(|student| student.browser.who.clone().unwrap());
    campus.town.chat.block(&people[0], people[1].person.id).await.unwrap();
    text(&mut first, "hello").await;
    assert_eq!(heard(&mut first).await["content"], "目标用户不在线");
    assert!(silent(&mut second).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_a_target_is_somebody_else_of_this_site() {
    let campus = Campus::new().await;
    let ana = campus.student("ana").await;
    for odd in ["", "0000000000", "97ab096e2a", "bo", ana.id.as_str(), "%00"] {
        let path = format!("/api/chat_private?target_id={odd}&Authorization=bearer%20{}", ana.token);
        assert_eq!(campus.get(&path, "").await, refused("对方id不正确"), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_another_system_are_nobody_here() {
    let campus = Campus::new().await;
    let ana = campus.student("ana").await;
    let mut socket = campus.group(&ana).await;
    // What she would be called here is known once she has said something in the lobby.
    let dora = campus.town.chat.vouch("simple:shop", "dora", "").await.unwrap();
    let visit = chat::Visit { address: [10, 9, 9, 9].into(), user_agent: String::new() };
    let who = campus.town.chat.let_in(&dora, "", &visit, None).await.unwrap().who;
    let writer = campus.town.chat.writer(Some(&who), campus.lobby().await).await.unwrap();
    campus.town.chat.post(&writer, &ClientId::parse("native").unwrap(), "hello").await.unwrap();
    let frame = heard(&mut socket).await;
    assert_eq!(frame["content"], "hello");
    let id = frame["user_id"].as_str().unwrap();
    let path = format!("/api/chat_private?target_id={id}&Authorization=bearer%20{}", ana.token);
    assert_eq!(campus.get(&path, "").await, refused("对方id不正确"));
    assert_eq!(campus.upload(&ana, id, "a.txt", "x").await, refused("目标用户不存在"));
}

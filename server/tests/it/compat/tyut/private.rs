//! Two people (F6).

use super::{Campus, heard, refused, say, silent, text};
use crate::town::Socket;
use domain::ClientId;
use domain::moderation::WordList;
use futures::StreamExt;
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
async fn f11_files_and_pictures_too_need_the_other_one() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let kept = campus.upload(&ana, &bo.id, "a.txt", "for you alone").await;
    let stored = kept["data"]["file_name"].as_str().unwrap();
    let mut first = campus.with(&ana, &bo).await;
    for name in ["a.txt", stored] {
        let file = json!({"path": "C:/a.txt", "name": name, "type": "txt", "size": 13});
        for kind in [5, 6, 7, 8] {
            say(&mut first, &json!({"content": "x", "msg_type": kind, "file": file}).to_string()).await;
            let mut frame = heard(&mut first).await;
            assert!(frame["date"].take().is_string());
            let expected = json!({
                "user_id": "", "username": "", "avatar": "", "target_id": "", "target_name": "", "target_avatar": "",
                "msg_type": 1, "content": "目标用户不在线", "date": null, "online_count": 0,
            });
            assert_eq!(frame, expected, "{kind}");
        }
    }
    assert!(silent(&mut first).await, "no bytes either");
    let reader = campus.town.chat.reader_by_slug(bo.browser.who.as_ref(), "@ana").await.unwrap();
    assert_eq!(campus.town.chat.history(&reader, None).await.unwrap().messages.len(), 1, "the upload alone");
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
async fn f6_what_is_not_delivered_its_sender_alone_is_told() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.with(&ana, &bo).await, campus.with(&bo, &ana).await);
    let long = "长".repeat(4_001);
    let file = json!({"path": long, "name": "a.txt", "type": "txt", "size": 0});
    let told = async |socket: &mut Socket, frame: serde_json::Value, words: &str| {
        say(socket, &frame.to_string()).await;
        let mut frame = heard(socket).await;
        assert!(frame["date"].take().is_string());
        let expected = json!({
            "user_id": "", "username": "", "avatar": "", "target_id": "", "target_name": "", "target_avatar": "",
            "msg_type": 1, "content": words, "date": null, "online_count": 0,
        });
        assert_eq!(frame, expected);
    };
    told(&mut first, json!({"content": long, "msg_type": 4}), "发送消息失败").await;
    told(&mut first, json!({"content": long, "msg_type": 7}), "发送消息失败").await;
    told(&mut first, json!({"content": "x", "msg_type": 5, "file": file}), "发送文件消息失败").await;
    // A word that is let through nowhere on this site.
    let admin = campus.town.chat.admin(campus.town.admin().await.who.as_ref()).unwrap();
    let words = WordList::parse("广告", false).unwrap();
    campus.town.chat.change_site_words(&admin, words).await.unwrap();
    told(&mut first, json!({"content": "一则广告", "msg_type": 4}), "发送消息失败").await;
    // She does not want to hear from him, so he does not hear from her.
    let people = [&ana, &bo].map(|student| student.browser.who.clone().unwrap());
    campus.town.chat.block(&people[0], people[1].person.id).await.unwrap();
    told(&mut first, json!({"content": "hello", "msg_type": 4}), "发送消息失败").await;
    let file = json!({"path": "C:/a.txt", "name": "a.txt"});
    told(&mut first, json!({"content": "x", "msg_type": 5, "file": file}), "发送文件消息失败").await;
    campus.town.chat.unblock(&people[0], people[1].person.id).await.unwrap();
    assert!(silent(&mut second).await);
    let nothing = campus.get("/api/chat_privateList?username=bo", &ana.token).await;
    assert_eq!(nothing, refused("与 bo 没有通话记录"), "nor was any of it kept");
    text(&mut first, "hello").await;
    assert_eq!(heard(&mut second).await["content"], "hello");
}

/// Says goodbye and waits until the other end has, too.
async fn leaves(mut socket: Socket) {
    let _ = socket.0.close(None).await;
    while let Some(Ok(_)) = socket.0.next().await {}
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_all_sockets_of_both_hear_and_one_that_closes_leaves_the_others() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut other) = (campus.with(&ana, &bo).await, campus.with(&ana, &bo).await);
    let mut second = campus.with(&bo, &ana).await;
    let hears = async |socket: &mut Socket, words: &str| {
        let frame = heard(socket).await;
        assert_eq!((&frame["content"], &frame["msg_type"]), (&json!(words), &json!(4)));
        assert_eq!(frame["online_count"], 2, "people, not sockets");
    };
    for (is_ana, words) in [(true, "from one of hers"), (false, "from his")] {
        text(if is_ana { &mut first } else { &mut second }, words).await;
        for socket in [&mut first, &mut other, &mut second] {
            hears(socket, words).await;
        }
    }
    leaves(first).await;
    for (is_ana, words) in [(false, "still there?"), (true, "with the other one")] {
        text(if is_ana { &mut other } else { &mut second }, words).await;
        for socket in [&mut other, &mut second] {
            hears(socket, words).await;
        }
    }
    leaves(other).await;
    text(&mut second, "and now?").await;
    assert_eq!(heard(&mut second).await["content"], "目标用户不在线");
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

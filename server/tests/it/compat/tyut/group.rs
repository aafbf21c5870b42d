//! The lobby (F5, F12).

use super::{Campus, heard, say, silent, text};
use crate::town::Socket;
use domain::ClientId;
use domain::moderation::{MuteFor, Policy, Posting, WordList};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn f5_everybody_hears_it_as_it_was_written() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut other) = (campus.group(&ana).await, campus.group(&ana).await);
    let mut second = campus.group(&bo).await;
    text(&mut first, " **hello**\n2号 ").await;
    for socket in [&mut first, &mut other, &mut second] {
        let frame = heard(socket).await;
        assert_eq!((&frame["content"], &frame["msg_type"]), (&json!(" **hello**\n2号 "), &json!(4)));
        assert_eq!(frame["online_count"], 2, "people, not sockets");
        assert_eq!(frame["user_id"], ana.id);
    }
    drop(other);
    let left = heard(&mut second).await;
    assert_eq!((&left["msg_type"], &left["content"]), (&json!(3), &json!("[ana]离开聊天室")));
    assert_eq!(left["online_count"], 2, "ana is still there");
    heard(&mut first).await;
    drop(first);
    assert_eq!(heard(&mut second).await["online_count"], 1, "already reduced");
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_our_page_and_its_clients_hear_each_other() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let room = campus.lobby().await;
    let mut page = bo.browser.socket().await;
    page.send("enter", json!({"room": room, "place": null})).await;
    page.hears("entered").await;
    let mut socket = campus.group(&ana).await;
    text(&mut socket, "from outside").await;
    assert_eq!(heard(&mut socket).await["content"], "from outside");
    loop {
        let event = page.hears("event").await;
        if event["what"]["said"].is_object() {
            assert_eq!(event["what"]["said"]["message"]["spans"][0]["text"], "from outside");
            break;
        }
    }
    let writer = campus.town.chat.writer(bo.browser.who.as_ref(), room).await.unwrap();
    campus.town.chat.post(&writer, &ClientId::parse("native").unwrap(), "from **inside**").await.unwrap();
    let frame = heard(&mut socket).await;
    assert_eq!((&frame["content"], &frame["username"]), (&json!("from inside"), &json!("bo")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f12_the_numbers_are_those_of_the_document() {
    let campus = Campus::new().await;
    let ana = campus.student("ana").await;
    let mut socket = campus.group(&ana).await;
    for (sent, got) in [(2, 2), (4, 4), (7, 7), (8, 7)] {
        say(&mut socket, &json!({"content": "x", "msg_type": sent}).to_string()).await;
        assert_eq!(heard(&mut socket).await["msg_type"], got, "{sent}");
    }
    // As the document's page sends it.
    say(&mut socket, r#"{"content":"hello google","msg_type":4}"#).await;
    let frame = heard(&mut socket).await;
    assert_eq!((&frame["content"], &frame["msg_type"]), (&json!("hello google"), &json!(4)));
    for odd in [0, 1, 3, 5, 6, 9, -1] {
        say(&mut socket, &json!({"content": "x", "msg_type": odd}).to_string()).await;
        let frame = heard(&mut socket).await;
        assert_eq!((&frame["msg_type"], &frame["content"]), (&json!(1), &json!("参数类型错误")), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_lobbys_rules_refuse_or_hold_its_sender_alone_is_told() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.group(&ana).await, campus.group(&bo).await);
    let (chat, admin) = (&campus.town.chat, campus.town.admin().await);
    let person = ana.browser.who.as_ref().unwrap().person.id;
    let lobby = campus.lobby().await;
    let host = async || chat.host(admin.who.as_ref(), lobby).await.unwrap();
    let told = async |socket: &mut Socket, words: &str, why: &str| {
        text(socket, words).await;
        let mut frame = heard(socket).await;
        assert!(frame["date"].take().is_string());
        let expected = json!({
            "user_id": ana.id, "username": "ana", "avatar": "uploads/avatar/ana.png", "msg_type": 1,
            "content": why, "date": null, "online_count": 2,
        });
        assert_eq!(frame, expected, "{words}");
    };
    chat.mute(&host().await, person, MuteFor::Hour, "loud").await.unwrap();
    told(&mut first, "she is muted", "发送消息失败").await;
    chat.unmute(&host().await, person).await.unwrap();
    let words = WordList::parse("广告", false).unwrap();
    chat.change_room_words(&host().await, words).await.unwrap();
    told(&mut first, "一则广告", "发送消息失败").await;
    let hosts_alone = Policy { posting: Posting::Hosts, ..Policy::default() };
    chat.change_policy(&host().await, hosts_alone).await.unwrap();
    told(&mut first, "only hosts write", "发送消息失败").await;
    chat.change_policy(&host().await, Policy { holds: true, ..Policy::default() }).await.unwrap();
    told(&mut first, " it *waits* ", "消息待审核").await;
    assert!(silent(&mut second).await);
    let held = chat.held(&host().await).await.unwrap().pop().unwrap();
    chat.approve(&host().await, held.id).await.unwrap();
    for socket in [&mut first, &mut second] {
        let frame = heard(socket).await;
        let (content, kind) = (&frame["content"], &frame["msg_type"]);
        assert_eq!((content, kind), (&json!(" it *waits* "), &json!(4)), "as it was written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_banned_is_in_the_lobby_no_more() {
    let campus = Campus::new().await;
    let (ana, bo) = (campus.student("ana").await, campus.student("bo").await);
    let (mut first, mut second) = (campus.group(&ana).await, campus.group(&bo).await);
    text(&mut first, "hello").await;
    heard(&mut first).await;
    heard(&mut second).await;
    let admin = campus.town.admin().await;
    let host = campus.town.chat.host(admin.who.as_ref(), campus.lobby().await).await.unwrap();
    let person = ana.browser.who.as_ref().unwrap().person.id;
    campus.town.chat.ban(&host, person, "rude").await.unwrap();
    assert!(first.next().await.is_close(), "the lobby is not theirs any more");
    let left = heard(&mut second).await;
    assert_eq!(left["msg_type"], 3);
    assert!(silent(&mut second).await);
    let answer = campus.get(&format!("/api/chat_groups?Authorization=bearer%20{}", ana.token), "").await;
    assert_eq!(answer, json!({"code": 1001, "data": {}, "msg": "系统错误"}));
}

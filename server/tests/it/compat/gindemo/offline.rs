//! 未读 (F7) while one or the other is away, and what is there when they come back.

use super::{Demo, Socket};
use crate::compat::webim::soon;
use serde_json::{Value, json};

async fn leaves(demo: &Demo, name: &str, mut socket: Socket) {
    let person = demo.town.chat.find_person(name).await.unwrap().unwrap().id;
    socket.0.close(None).await.unwrap();
    soon(async || (!demo.town.chat.is_connected(person)).then_some(())).await;
}

/// Says something to somebody who is away.
async fn writes(socket: &mut Socket, to: &str, content: &str) {
    socket.say(json!({"to": to, "op_type": 1, "content": content})).await;
    let frame = socket.frame().await;
    assert_eq!((&frame["op_type"], &frame["content"]), (&json!(40019), &json!("接收方不在线")), "{content}");
}

/// What is unread between the two. There is no end marker: whatever comes before the refusal of a
/// message that is not there is part of it.
async fn unread(socket: &mut Socket, with: &str) -> Vec<Value> {
    socket.say(json!({"to": with, "op_type": 3, "content": ""})).await;
    socket.say(json!({"op_type": 5, "content": "no such message"})).await;
    let mut frames = Vec::new();
    loop {
        let frame = socket.frame().await;
        if frame["op_type"] == 40012 {
            return frames;
        }
        frames.push(frame);
    }
}

/// From whom to whom, and the words as their client wrote them.
fn said(frames: &[Value]) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |frame: &Value| {
        assert_eq!((&frame["op_type"], &frame["type"]), (&json!(40005), &json!(2)), "{frame}");
        assert_eq!(frame["msg"], "websocket 请求历史消息成功");
        let content = text(&frame["content"]);
        let (id, words) = content.split_once('\n').unwrap();
        assert_eq!(id.len(), 24, "{id}");
        (text(&frame["from"]), text(&frame["to"]), words.to_owned())
    };
    frames.iter().map(line).collect()
}

fn line(from: &str, to: &str, content: &str) -> (String, String, String) {
    (from.to_owned(), to.to_owned(), content.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_what_either_left_for_the_other_is_unread_for_both_until_it_is_marked() {
    let demo = Demo::new().await;
    let (first, second) = (demo.person("1").await, demo.person("2").await);
    let mut one = demo.socket("1", "2", Some(&first)).await.unwrap();
    writes(&mut one, "2", "a\nare you there?").await;
    writes(&mut one, "2", "b\nhello?").await;
    leaves(&demo, "1", one).await;
    let mut two = demo.socket("2", "1", Some(&second)).await.unwrap();
    // Nothing is pushed to whoever comes back: they ask.
    assert!(two.is_silent().await);
    let left = vec![line("1", "2", "a\nare you there?"), line("1", "2", "b\nhello?")];
    assert_eq!(said(&unread(&mut two, "1").await), left);
    // An answer to somebody who is away waits as well, and reads nothing.
    writes(&mut two, "1", "c\nyes").await;
    let all = [left, vec![line("2", "1", "c\nyes")]].concat();
    assert_eq!(said(&unread(&mut two, "1").await), all, "both directions, oldest first");
    leaves(&demo, "2", two).await;
    let mut one = demo.socket("1", "2", Some(&first)).await.unwrap();
    assert!(one.is_silent().await);
    for _ in 0..2 {
        assert_eq!(said(&unread(&mut one, "2").await), all, "to ask for it is not to read it");
    }
    one.say(json!({"op_type": 4, "content": "c"})).await;
    assert_eq!(one.frame().await["content"], "修改成功");
    assert_eq!(said(&unread(&mut one, "2").await), all[..2]);
    // The other one comes back to what they have not read, and marks it by our ids.
    let mut two = demo.socket("2", "1", Some(&second)).await.unwrap();
    let waiting = unread(&mut two, "1").await;
    assert_eq!(said(&waiting), all[..2]);
    for frame in waiting.iter().rev() {
        let id = frame["content"].as_str().unwrap().split('\n').next().unwrap();
        two.say(json!({"op_type": 4, "content": id})).await;
        assert_eq!(two.frame().await["op_type"], 40007);
    }
    for (socket, with) in [(&mut one, "2"), (&mut two, "1")] {
        assert_eq!(unread(socket, with).await, Vec::<Value>::new());
    }
    // Read or not, the history has it.
    one.say(json!({"to": "2", "op_type": 2, "content": "0-9"})).await;
    for (_, _, words) in &all {
        let frame = one.frame().await;
        assert!(frame["content"].as_str().unwrap().ends_with(words.as_str()), "{frame}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_whom_another_system_vouches_for_is_nobody_here() {
    let demo = Demo::new().await;
    let (one, _) = (demo.person("1").await, demo.person("2").await);
    let there = demo.town.chat.vouch("simple:shop", "bo", "").await.unwrap().person;
    let mut socket = demo.socket("1", "2", Some(&one)).await.unwrap();
    writes(&mut socket, &there.name, "a\nhello").await;
    assert_eq!(unread(&mut socket, &there.name).await, Vec::<Value>::new());
    let who = demo.native("1").await;
    assert!(demo.town.chat.find_private(&who, there.id).await.unwrap().is_none(), "nothing was begun");
}
